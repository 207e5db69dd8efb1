using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ingest.Core.Normalisation.Scoring;

/// <summary>
/// Boosted trees in which a level asks one question of all its nodes: the answers are the bits of a leaf's number. So lines are scored
/// eight at a time without branches.
/// </summary>
internal sealed class Trees
{
    /// <summary>Questions a tree: their answers pick one of four eights of leaves.</summary>
    public const int Depth = 5;

    public const int LeavesOfTree = 1 << Depth;
    const int NodesOfTree = 2 * LeavesOfTree - 1;

    readonly int[] columns;
    readonly float[] thresholds;
    readonly float[] leaves;

    /// <summary>
    /// Mean of the leaves under each node, the root first, then level by level; a level's node is the leaf number's low bits.
    /// </summary>
    readonly float[] means;

    /// <param name="bias">The score before any tree, as all scores a logit.</param>
    /// <param name="columns">The column asked, five a tree.</param>
    /// <param name="thresholds">The answer is yes above this.</param>
    /// <param name="leaves">32 a tree; bit d of a leaf's number is the answer to question d.</param>
    public Trees(float bias, int[] columns, float[] thresholds, float[] leaves)
    {
        Bias = bias;
        Count = columns.Length / Depth;
        this.columns = columns;
        this.thresholds = thresholds;
        this.leaves = leaves;
        means = Means();
    }

    public int Count { get; }
    public float Bias { get; }
    public ReadOnlySpan<int> Columns => columns;
    public ReadOnlySpan<float> Thresholds => thresholds;
    public ReadOnlySpan<float> Leaves => leaves;

    /// <summary>The logits of all lines. <paramref name="scores"/> has room for the table's padding.</summary>
    public void Score(Columns table, Span<float> scores)
    {
        scores.Fill(Bias);
        for (var tree = 0; tree < Count; tree++)
            Add(table, tree, scores);
    }

    /// <summary>
    /// Eight lines at a time: five comparisons make the leaf's number, whose low three bits pick from eight leaves and
    /// whose high two which eight.
    /// </summary>
    void Add(Columns table, int tree, Span<float> scores)
    {
        var asked = columns.AsSpan(tree * Depth, Depth);
        var over = thresholds.AsSpan(tree * Depth, Depth);
        ref var first = ref MemoryMarshal.GetReference(table.Padded(asked[0]));
        ref var second = ref MemoryMarshal.GetReference(table.Padded(asked[1]));
        ref var third = ref MemoryMarshal.GetReference(table.Padded(asked[2]));
        ref var fourth = ref MemoryMarshal.GetReference(table.Padded(asked[3]));
        ref var fifth = ref MemoryMarshal.GetReference(table.Padded(asked[4]));
        ref var score = ref MemoryMarshal.GetReference(scores);
        Vector256<float> one = Vector256.Create(over[0]), two = Vector256.Create(over[1]),
            three = Vector256.Create(over[2]), four = Vector256.Create(over[3]), five = Vector256.Create(over[4]);
        ReadOnlySpan<float> own = leaves.AsSpan(tree * LeavesOfTree, LeavesOfTree);
        Vector256<float> low = Vector256.Create(own), middle = Vector256.Create(own[8..]),
            high = Vector256.Create(own[16..]), top = Vector256.Create(own[24..]);
        for (nuint row = 0; row < (nuint)scores.Length; row += Scoring.Columns.Lanes)
        {
            var leaf = Vector256.GreaterThan(Vector256.LoadUnsafe(ref first, row), one).AsInt32() & Vector256.Create(1)
                | Vector256.GreaterThan(Vector256.LoadUnsafe(ref second, row), two).AsInt32() & Vector256.Create(2)
                | Vector256.GreaterThan(Vector256.LoadUnsafe(ref third, row), three).AsInt32() & Vector256.Create(4);
            var inFourth = Vector256.GreaterThan(Vector256.LoadUnsafe(ref fourth, row), four);
            var inFifth = Vector256.GreaterThan(Vector256.LoadUnsafe(ref fifth, row), five);
            var without = Vector256.ConditionalSelect(inFourth, Vector256.ShuffleNative(middle, leaf), Vector256.ShuffleNative(low, leaf));
            var with = Vector256.ConditionalSelect(inFourth, Vector256.ShuffleNative(top, leaf), Vector256.ShuffleNative(high, leaf));
            (Vector256.LoadUnsafe(ref score, row) + Vector256.ConditionalSelect(inFifth, with, without)).StoreUnsafe(ref score, row);
        }
    }

    /// <summary>
    /// How much each group of columns moved the score of one line in the first trees: along each path, the difference that a question made.
    /// </summary>
    public void Contributions(Columns table, int row, int trees, ReadOnlySpan<byte> groupOf, Span<float> moved)
    {
        for (var tree = 0; tree < Math.Min(trees, Count); tree++)
        {
            var own = means.AsSpan(tree * NodesOfTree, NodesOfTree);
            var node = 0;
            var before = own[0];
            for (var d = 0; d < Depth; d++)
            {
                var column = columns[tree * Depth + d];
                if (table.At(column, row) > thresholds[tree * Depth + d])
                    node |= 1 << d;
                var mean = own[(2 << d) - 1 + node];
                moved[groupOf[column]] += mean - before;
                before = mean;
            }
        }
    }

    float[] Means()
    {
        var found = new float[Count * NodesOfTree];
        for (var tree = 0; tree < Count; tree++)
        {
            var own = found.AsSpan(tree * NodesOfTree, NodesOfTree);
            leaves.AsSpan(tree * LeavesOfTree, LeavesOfTree).CopyTo(own[(LeavesOfTree - 1)..]);
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
