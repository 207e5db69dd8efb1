using System.Runtime.Intrinsics;

namespace Ingest.Core.Normalisation.Scoring;

/// <summary>
/// Boosted trees in which a level asks one question of all its nodes: the answers are the bits of a leaf's number. So lines are scored
/// eight at a time without branches.
/// </summary>
internal sealed class Trees
{
    readonly int[] columns;
    readonly float[] thresholds;
    readonly float[] leaves;

    /// <summary>Mean of the leaves under each node, the root first, then level by level; a level's node is the leaf number's low bits.</summary>
    readonly float[] means;

    /// <param name="depth">Questions a tree.</param>
    /// <param name="bias">The score before any tree, as all scores a logit.</param>
    /// <param name="columns">The column asked, <paramref name="depth"/> a tree.</param>
    /// <param name="thresholds">The answer is yes above this.</param>
    /// <param name="leaves">2^depth a tree; bit d of a leaf's number is the answer to question d.</param>
    public Trees(int depth, float bias, int[] columns, float[] thresholds, float[] leaves)
    {
        Depth = depth;
        Bias = bias;
        Count = columns.Length / depth;
        this.columns = columns;
        this.thresholds = thresholds;
        this.leaves = leaves;
        means = Means();
    }

    public int Depth { get; }
    public int Count { get; }
    public float Bias { get; }
    public ReadOnlySpan<int> Columns => columns;
    public ReadOnlySpan<float> Thresholds => thresholds;
    public ReadOnlySpan<float> Leaves => leaves;

    /// <summary>The logits of all lines.</summary>
    public void Score(Columns table, Span<float> scores)
    {
        scores.Fill(Bias);
        var size = 1 << Depth;
        for (var tree = 0; tree < Count; tree++)
        {
            var own = leaves.AsSpan(tree * size, size);
            var questions = tree * Depth;
            for (var row = 0; row < scores.Length; row += Scoring.Columns.Lanes)
            {
                var leaf = Vector256<int>.Zero;
                for (var d = 0; d < Depth; d++)
                {
                    var values = Vector256.Create(table.Padded(columns[questions + d]).Slice(row, Scoring.Columns.Lanes));
                    var yes = Vector256.GreaterThan(values, Vector256.Create(thresholds[questions + d])).AsInt32();
                    leaf |= yes & Vector256.Create(1 << d);
                }

                var count = Math.Min(Scoring.Columns.Lanes, scores.Length - row);
                for (var lane = 0; lane < count; lane++)
                    scores[row + lane] += own[leaf.GetElement(lane)];
            }
        }
    }

    /// <summary>How much each column moved the score of one line in the first trees: along each path, the difference that a question made.</summary>
    public void Contributions(Columns table, int row, int trees, Span<float> moved)
    {
        var nodes = (2 << Depth) - 1;
        for (var tree = 0; tree < Math.Min(trees, Count); tree++)
        {
            var own = means.AsSpan(tree * nodes, nodes);
            var node = 0;
            var before = own[0];
            for (var d = 0; d < Depth; d++)
            {
                var column = columns[tree * Depth + d];
                if (table[column][row] > thresholds[tree * Depth + d])
                    node |= 1 << d;
                var mean = own[(2 << d) - 1 + node];
                moved[column] += mean - before;
                before = mean;
            }
        }
    }

    float[] Means()
    {
        int size = 1 << Depth, nodes = 2 * size - 1;
        var found = new float[Count * nodes];
        for (var tree = 0; tree < Count; tree++)
        {
            var own = found.AsSpan(tree * nodes, nodes);
            leaves.AsSpan(tree * size, size).CopyTo(own[(size - 1)..]);
            for (var level = Depth - 1; level >= 0; level--)
                for (var node = 0; node < 1 << level; node++)
                {
                    var below = own[((2 << level) - 1)..];
                    own[(1 << level) - 1 + node] = (below[node] + below[node | 1 << level]) / 2;
                }
        }

        return found;
    }
}
