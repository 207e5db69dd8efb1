namespace Ingest.Core.Normalisation.Scoring;

/// <summary>Means and extremes over the lines before and behind each line. Every one is a single pass, whatever its reach.</summary>
internal static class Windows
{
    /// <summary>Mean of the <paramref name="reach"/> values before; 0 where there is none.</summary>
    public static void MeanBefore(ReadOnlySpan<float> values, int reach, Span<float> means)
    {
        double sum = 0, share = 1.0 / reach;
        for (var i = 0; i < values.Length; i++)
        {
            means[i] = (float)(i >= reach ? sum * share : sum / Math.Max(1, i));
            sum += values[i];
            if (i >= reach)
                sum -= values[i - reach];
        }
    }

    public static void MeanBehind(ReadOnlySpan<float> values, int reach, Span<float> means)
    {
        double sum = 0, share = 1.0 / reach;
        var last = values.Length - 1;
        for (var i = last; i >= 0; i--)
        {
            means[i] = (float)(last - i >= reach ? sum * share : sum / Math.Max(1, last - i));
            sum += values[i];
            if (i + reach <= last)
                sum -= values[i + reach];
        }
    }

    /// <summary>Mean of the values before, each with its weight; weights are above zero.</summary>
    public static void MeanBefore(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int reach, Span<float> means)
    {
        double sum = 0, weight = 0;
        for (var i = 0; i < values.Length; i++)
        {
            means[i] = i == 0 ? 0 : (float)(sum / weight);
            sum += values[i] * weights[i];
            weight += weights[i];
            if (i >= reach)
            {
                sum -= values[i - reach] * weights[i - reach];
                weight -= weights[i - reach];
            }
        }
    }

    public static void MeanBehind(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int reach, Span<float> means)
    {
        double sum = 0, weight = 0;
        var last = values.Length - 1;
        for (var i = last; i >= 0; i--)
        {
            means[i] = i == last ? 0 : (float)(sum / weight);
            sum += values[i] * weights[i];
            weight += weights[i];
            if (i + reach <= last)
            {
                sum -= values[i + reach] * weights[i + reach];
                weight -= weights[i + reach];
            }
        }
    }

    /// <summary>
    /// The least of the values before, <paramref name="none"/> where there is none. <paramref name="queue"/> has room for all lines.
    /// </summary>
    public static void LeastBefore(ReadOnlySpan<float> values, int reach, float none, Span<int> queue, Span<float> least)
    {
        int head = 0, tail = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (head < tail && queue[head] < i - reach)
                head++;
            least[i] = head < tail ? Math.Min(none, values[queue[head]]) : none;
            while (head < tail && values[queue[tail - 1]] >= values[i])
                tail--;
            queue[tail++] = i;
        }
    }

    /// <summary>The value <paramref name="by"/> lines away, <paramref name="none"/> outside the document.</summary>
    public static void Shift(ReadOnlySpan<float> values, int by, float none, Span<float> shifted)
    {
        for (var i = 0; i < values.Length; i++)
            shifted[i] = (uint)(i + by) < (uint)values.Length ? values[i + by] : none;
    }

    /// <summary>The greatest of a few values before or behind: <paramref name="step"/> is -1 or 1.</summary>
    public static void Greatest(ReadOnlySpan<float> values, int reach, int step, float none, Span<float> greatest)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var most = none;
            for (int k = 1, j = i + step; k <= reach && (uint)j < (uint)values.Length; k++, j += step)
                most = Math.Max(most, values[j]);
            greatest[i] = most;
        }
    }
}
