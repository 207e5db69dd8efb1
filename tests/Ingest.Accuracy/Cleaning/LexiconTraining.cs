using Ingest.Core.Normalisation.Words;

namespace Ingest.Accuracy.Cleaning;

/// <summary>
/// Learns the lexicon from pages: two logistic regressions on the items of a line, one for the line itself, one for what stands under a
/// short line. Each is fitted on all frequent items, then again on the best of them.
/// </summary>
static class LexiconTraining
{
    const int LineItems = 2500;
    const int HeadingItems = 900;
    const int MinLines = 6;
    const int Epochs = 6;

    public static Lexicon Fit(LexiconRows rows, IReadOnlyList<LabelledDocument> pages, int seed)
    {
        var (line, lineBias) = Fit([.. pages.SelectMany(p => rows.Lines[p])], rows.Items.Length, LineItems, 2e-6, seed);
        var (heading, headingBias) = Fit([.. pages.SelectMany(p => rows.Headings[p])], rows.Items.Length, HeadingItems, 1e-5, seed);
        var entries = new List<LexiconEntry>();
        for (var i = 0; i < rows.Items.Length; i++)
            if (line[i] != 0 || heading[i] != 0)
                entries.Add(new LexiconEntry(rows.Items[i], line[i], heading[i]));
        return new Lexicon(entries, lineBias, headingBias);
    }

    static (float[] Weights, float Bias) Fit(LexiconRow[] rows, int items, int best, double decay, int seed)
    {
        var frequency = new int[items];
        foreach (var row in rows)
            foreach (var item in row.Items)
                frequency[item]++;
        var (all, _) = Regression(rows, [.. frequency.Select(f => f >= MinLines)], decay, seed);
        var listed = new bool[items];
        foreach (var item in Enumerable.Range(0, items).OrderByDescending(i => Math.Abs(all[i]) * Math.Sqrt(frequency[i])).Take(best))
            listed[item] = true;
        var (weights, bias) = Regression(rows, listed, decay, seed);
        return ([.. weights.Select(w => MathF.Round((float)w, 3))], MathF.Round((float)bias, 3));
    }

    /// <summary>
    /// Stochastic gradient descent whose weights are averaged over the steps; a line's input is damped by the number of its items.
    /// </summary>
    static (double[] Weights, double Bias) Regression(LexiconRow[] rows, bool[] listed, double decay, int seed)
    {
        var inputs = rows.Select(r => r.Items.Where(i => listed[i]).ToArray()).ToArray();
        var unit = 1 / rows.Average(r => (double)r.Weight);
        // The mean over the steps is the last weight less what came late: a second vector sums each change times the number of its step.
        var weights = new double[listed.Length];
        var late = new double[listed.Length];
        double bias = 0, lateBias = 0;
        var order = Enumerable.Range(0, rows.Length).ToArray();
        var random = new Random(seed);
        var first = 1 / (Math.Sqrt(1 / Math.Sqrt(decay)) * decay);
        long step = 0;
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            random.Shuffle(order);
            foreach (var row in order)
            {
                var own = inputs[row];
                var damp = 1 / Math.Sqrt(1 + own.Length);
                double sum = 0;
                foreach (var item in own)
                    sum += weights[item];
                var rate = 1 / (decay * (first + step));
                var error = (rows[row].Body ? 1 : 0) - 1 / (1 + Math.Exp(-bias - sum * damp));
                var move = rate * error * rows[row].Weight * unit;
                foreach (var item in own)
                {
                    var change = move * damp - rate * decay * weights[item];
                    weights[item] += change;
                    late[item] += change * step;
                }

                // The bias moves slowly, as every line moves it.
                bias += move * 0.01;
                lateBias += move * 0.01 * step;
                step++;
            }
        }

        for (var i = 0; i < weights.Length; i++)
            weights[i] -= late[i] / step;
        return (weights, bias - lateBias / step);
    }
}
