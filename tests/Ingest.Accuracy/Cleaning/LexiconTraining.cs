using Ingest.Core.Normalisation.Scoring;
using Ingest.Core.Normalisation.Text;

namespace Ingest.Accuracy.Cleaning;

/// <summary>
/// Learns the lexicon from pages: two logistic regressions on the items of a line, one for the line itself, one for what stands under a short
/// line. Each is fitted on all frequent items, then again on the best of them.
/// </summary>
static class LexiconTraining
{
    const int LineItems = 2500;
    const int HeadingItems = 900;
    const int MinLines = 6;
    const int Under = 15;

    sealed record Row(uint[] Items, bool Body, float Weight);

    public static Lexicon Fit(IEnumerable<LabelledDocument> pages, int seed)
    {
        var lines = new List<Row>();
        var headings = new List<Row>();
        foreach (var page in pages)
            Collect(page, lines, headings);
        var (line, lineBias) = Fit(lines, LineItems, 2e-6, seed);
        var (heading, headingBias) = Fit(headings, HeadingItems, 1e-5, seed);
        var items = line.Keys.Union(heading.Keys).Order();
        return new Lexicon([.. items.Select(i => new LexiconEntry(i, line.GetValueOrDefault(i), heading.GetValueOrDefault(i)))], lineBias, headingBias);
    }

    static void Collect(LabelledDocument page, List<Row> lines, List<Row> headings)
    {
        Span<uint> items = stackalloc uint[Lexicon.MaxItems];
        var headingWeight = 1 / MathF.Sqrt(page.Lines.Length);
        for (var i = 0; i < page.Lines.Length; i++)
        {
            var segment = page.Lines[i];
            var own = items[..Lexicon.Items(page.Document.Words.Of(segment), items)].ToArray();
            if (own.Length == 0)
                continue;
            lines.Add(new Row(own, page.IsBody(i), (Math.Min(segment.Traits.Words, 30) + 4f) / Math.Max(100, page.GoldWords)));
            if (!LineFeatures.IsHeading(segment, LineFeatures.IsProse(segment)))
                continue;
            float kept = 0, all = 0;
            for (var j = i + 1; j <= i + Under && j < page.Lines.Length; j++)
            {
                kept += page.Share[j] * page.Lines[j].Traits.Words;
                all += page.Lines[j].Traits.Words;
            }

            headings.Add(new Row(own, all > 0 && kept * 2 >= all, headingWeight));
        }
    }

    static (Dictionary<uint, float> Weights, float Bias) Fit(List<Row> rows, int best, double decay, int seed)
    {
        var frequency = new Dictionary<uint, int>();
        foreach (var row in rows)
            foreach (var item in row.Items)
                frequency[item] = frequency.GetValueOrDefault(item) + 1;
        var all = Regression(rows, [.. frequency.Where(f => f.Value >= MinLines).Select(f => f.Key).Order()], decay, seed);
        var chosen = all.Weights.OrderByDescending(w => Math.Abs(w.Value) * Math.Sqrt(frequency[w.Key])).ThenBy(w => w.Key).Take(best);
        var (weights, bias) = Regression(rows, [.. chosen.Select(w => w.Key).Order()], decay, seed);
        return (weights.ToDictionary(w => w.Key, w => MathF.Round(w.Value, 3)), MathF.Round(bias, 3));
    }

    /// <summary>Stochastic gradient descent whose weights are averaged over the steps; the items of a line share a weight of one.</summary>
    static (Dictionary<uint, float> Weights, float Bias) Regression(List<Row> rows, uint[] items, double decay, int seed)
    {
        const int Epochs = 6;
        var indexOf = new Dictionary<uint, int>(items.Select((item, index) => KeyValuePair.Create(item, index)));
        var listed = rows.Select(r => r.Items.Where(indexOf.ContainsKey).Select(i => indexOf[i]).ToArray()).ToArray();
        var meanWeight = rows.Average(r => (double)r.Weight);
        // Averages by the trick of two vectors: the second sums what each step added, times the step's number.
        var weights = new double[items.Length];
        var late = new double[items.Length];
        double bias = 0, lateBias = 0, scale = 1;
        var order = Enumerable.Range(0, rows.Count).ToArray();
        var random = new Random(seed);
        var start = 1 / (Math.Sqrt(1 / Math.Sqrt(decay)) * decay);
        long step = 0;
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            random.Shuffle(order);
            foreach (var index in order)
            {
                var own = listed[index];
                var input = 1 / Math.Sqrt(1 + own.Length);
                double sum = 0;
                foreach (var item in own)
                    sum += weights[item];
                var rate = 1 / (decay * (start + step));
                var score = bias + sum * input;
                var error = (rows[index].Body ? 1 : 0) - 1 / (1 + Math.Exp(-score));
                var move = rate * error * rows[index].Weight / meanWeight;
                foreach (var item in own)
                {
                    var change = move * input - rate * decay * weights[item];
                    weights[item] += change;
                    late[item] += change * step;
                }

                bias += move * 0.01;
                lateBias += move * 0.01 * step;
                step++;
            }
        }

        scale = 1.0 / step;
        var found = new Dictionary<uint, float>();
        for (var i = 0; i < items.Length; i++)
            found[items[i]] = (float)(weights[i] - late[i] * scale);
        return (found, (float)(bias - lateBias * scale));
    }
}
