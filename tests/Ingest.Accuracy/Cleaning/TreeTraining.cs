using Ingest.Core.Normalisation.Scoring;

namespace Ingest.Accuracy.Cleaning;

/// <summary>How trees are grown.</summary>
/// <param name="Rows">Share of the rows that a tree sees.</param>
/// <param name="Columns">Share of the columns that a tree may ask.</param>
/// <param name="Ridge">Pulls leaves with little weight to zero.</param>
sealed record TreeOptions(int Trees, float Rate, float Rows, float Columns, float Ridge, int Seed);

/// <summary>Rows to learn from: their columns as bins, whether each is body, and its weight.</summary>
sealed class TreeRows(Bins bins, bool[] body, float[] weights)
{
    public Bins Bins { get; } = bins;
    public bool[] Body { get; } = body;
    public float[] Weights { get; } = weights;
}

/// <summary>
/// Gradient boosting with the logistic loss over histograms; every level of a tree asks the one question that helps all its nodes most.
/// </summary>
static class TreeTraining
{
    public static Trees Fit(TreeRows rows, int[] chosen, TreeOptions options)
    {
        var random = new Random(options.Seed);
        double body = 0, all = 0;
        foreach (var row in chosen)
        {
            body += rows.Body[row] ? rows.Weights[row] : 0;
            all += rows.Weights[row];
        }

        var bias = (float)Math.Log(body / (all - body));
        var unit = (float)(chosen.Length / all);
        var scores = new float[rows.Body.Length];
        Array.Fill(scores, bias);
        var columns = new int[options.Trees * Trees.Depth];
        var thresholds = new float[columns.Length];
        var leaves = new float[options.Trees << Trees.Depth];
        var order = Enumerable.Range(0, rows.Bins.Columns).ToArray();
        for (var tree = 0; tree < options.Trees; tree++)
        {
            random.Shuffle(order);
            var sample = chosen.Where(_ => random.NextSingle() < options.Rows).ToArray();
            var grown = new Growth(rows, sample, scores, unit, options);
            var asked = order.AsSpan(0, Math.Max(1, (int)(order.Length * options.Columns))).ToArray();
            for (var level = 0; level < Trees.Depth; level++)
            {
                var (column, bin) = grown.Split(level, asked);
                columns[tree * Trees.Depth + level] = column;
                thresholds[tree * Trees.Depth + level] = rows.Bins.Border(column, bin);
            }

            grown.Finish(chosen, scores, leaves.AsSpan(tree << Trees.Depth, 1 << Trees.Depth));
        }

        return new Trees(bias, columns, thresholds, leaves);
    }

    /// <summary>One tree while it grows.</summary>
    sealed class Growth
    {
        readonly TreeRows rows;
        readonly TreeOptions options;
        readonly int[] sample;
        readonly float[] gradients;
        readonly float[] curvatures;
        readonly byte[] leafOf;
        readonly List<(int Column, int Bin)> questions = [];

        public Growth(TreeRows rows, int[] sample, float[] scores, float unit, TreeOptions options)
        {
            this.rows = rows;
            this.sample = sample;
            this.options = options;
            gradients = new float[sample.Length];
            curvatures = new float[sample.Length];
            leafOf = new byte[sample.Length];
            for (var i = 0; i < sample.Length; i++)
            {
                var chance = 1 / (1 + MathF.Exp(-scores[sample[i]]));
                var weight = rows.Weights[sample[i]] * unit;
                gradients[i] = weight * ((rows.Body[sample[i]] ? 1 : 0) - chance);
                curvatures[i] = weight * Math.Max(1e-4f, chance * (1 - chance));
            }
        }

        public (int Column, int Bin) Split(int level, int[] asked)
        {
            var best = new (double Gain, int Bin)[asked.Length];
            Parallel.For(0, asked.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, k => best[k] = BestBin(asked[k], 1 << level));
            var chosen = 0;
            for (var k = 1; k < best.Length; k++)
                if (best[k].Gain > best[chosen].Gain)
                    chosen = k;
            var (column, bin) = (asked[chosen], best[chosen].Bin);
            questions.Add((column, bin));
            var bins = rows.Bins[column];
            for (var i = 0; i < sample.Length; i++)
                if (bins[sample[i]] > bin)
                    leafOf[i] |= (byte)(1 << level);
            return (column, bin);
        }

        (double Gain, int Bin) BestBin(int column, int leaves)
        {
            var histogram = new float[leaves * 512];
            var bins = rows.Bins[column];
            for (var i = 0; i < sample.Length; i++)
            {
                var at = leafOf[i] * 512 + bins[sample[i]] * 2;
                histogram[at] += gradients[i];
                histogram[at + 1] += curvatures[i];
            }

            var count = rows.Bins.Count(column);
            var gains = new double[count];
            for (var leaf = 0; leaf < leaves; leaf++)
            {
                var own = histogram.AsSpan(leaf * 512, count * 2);
                double gradient = 0, curvature = 0, left = 0, leftCurvature = 0;
                for (var bin = 0; bin < count; bin++)
                {
                    gradient += own[bin * 2];
                    curvature += own[bin * 2 + 1];
                }

                for (var bin = 0; bin < count - 1; bin++)
                {
                    left += own[bin * 2];
                    leftCurvature += own[bin * 2 + 1];
                    var right = gradient - left;
                    gains[bin] += left * left / (leftCurvature + options.Ridge)
                        + right * right / (curvature - leftCurvature + options.Ridge);
                }
            }

            var best = 0;
            for (var bin = 1; bin < count - 1; bin++)
                if (gains[bin] > gains[best])
                    best = bin;
            return (gains[best], best);
        }

        /// <summary>Sets the leaves and adds them to the scores of all rows.</summary>
        public void Finish(int[] chosen, float[] scores, Span<float> leaves)
        {
            var gradient = new double[leaves.Length];
            var curvature = new double[leaves.Length];
            for (var i = 0; i < sample.Length; i++)
            {
                gradient[leafOf[i]] += gradients[i];
                curvature[leafOf[i]] += curvatures[i];
            }

            for (var leaf = 0; leaf < leaves.Length; leaf++)
                leaves[leaf] = (float)(options.Rate * gradient[leaf] / (curvature[leaf] + options.Ridge));
            foreach (var row in chosen)
            {
                var leaf = 0;
                for (var d = 0; d < questions.Count; d++)
                    if (rows.Bins[questions[d].Column][row] > questions[d].Bin)
                        leaf |= 1 << d;
                scores[row] += leaves[leaf];
            }
        }
    }
}
