namespace Ingest.Core.Normalisation.Scoring;

/// <summary>Under which score a line goes, for one document: where the expected F1 of what is kept is greatest, but never above a cap.</summary>
internal static class Threshold
{
    const int Bins = 512;

    /// <param name="chances">Of the lines under decision, the chance that each is body.</param>
    /// <param name="weights">Their words.</param>
    public static float Of(ReadOnlySpan<float> chances, ReadOnlySpan<float> weights, float cap)
    {
        // Lines in the order of their chance, which bins give in linear time.
        Span<float> words = stackalloc float[Bins];
        Span<float> body = stackalloc float[Bins];
        words.Clear();
        body.Clear();
        float expected = 0;
        for (var i = 0; i < chances.Length; i++)
        {
            var bin = Math.Clamp((int)(chances[i] * Bins), 0, Bins - 1);
            words[bin] += weights[i];
            body[bin] += weights[i] * chances[i];
            expected += weights[i] * chances[i];
        }

        float kept = 0, right = 0, best = 0;
        for (var bin = Bins - 1; bin >= 0; bin--)
        {
            kept += words[bin];
            right += body[bin];
            best = Math.Max(best, 2 * right / (kept + expected + 1e-6f));
        }

        return Math.Min(cap, best / 2);
    }
}
