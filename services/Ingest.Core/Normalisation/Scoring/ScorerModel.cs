using System.Globalization;
using Ingest.Core.Normalisation.Words;

namespace Ingest.Core.Normalisation.Scoring;

/// <summary>
/// The trained line scorer: a lexicon and two stages of trees. As text, a word a field: "lexicon BIAS BIAS" with an entry a line behind it,
/// "trees BIAS" with a tree a line (five pairs of column and threshold, then 32 leaves in thousandths).
/// </summary>
internal sealed class ScorerModel(Lexicon lexicon, Trees first, Trees second)
{
    const float LeafUnit = 1000;

    static readonly Lazy<ScorerModel> OfTexts = new(() => Read(Resource.Lines("line-scorer.txt"))), OfPages = new(() => Read(Resource.Lines("page-scorer.txt")));

    public Lexicon Lexicon { get; } = lexicon;
    public Trees First { get; } = first;
    public Trees Second { get; } = second;

    /// <summary>The shipped model for texts.</summary>
    public static ScorerModel Default => OfTexts.Value;

    /// <summary>The shipped model for pages of HTML.</summary>
    public static ScorerModel Pages => OfPages.Value;

    public static ScorerModel Read(IEnumerable<string> lines)
    {
        var entries = new List<LexiconEntry>();
        float lineBias = 0, headingBias = 0;
        var stages = new List<TreeText>();
        foreach (var line in lines)
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields[0] == "lexicon")
                (lineBias, headingBias) = (Number(fields[1]), Number(fields[2]));
            else if (fields[0] == "trees")
                stages.Add(new TreeText(Number(fields[1])));
            else if (stages.Count == 0)
                entries.Add(new LexiconEntry(uint.Parse(fields[0], NumberStyles.HexNumber), Number(fields[1]), Number(fields[2])));
            else
                stages[^1].Add(fields);
        }

        return new ScorerModel(new Lexicon(entries, lineBias, headingBias), stages[0].Trees(), stages[1].Trees());
    }

    public IEnumerable<string> Write()
    {
        yield return $"lexicon {Lexicon.LineBias} {Lexicon.HeadingBias}";
        foreach (var entry in Lexicon.Entries)
            yield return $"{entry.Item:x} {entry.Line} {entry.Heading}";
        foreach (var line in Write(First).Concat(Write(Second)))
            yield return line;
    }

    /// <summary>The same model with numbers as short as the text has them: what is measured is what is shipped.</summary>
    public ScorerModel Rounded() => Read(Write());

    static IEnumerable<string> Write(Trees trees)
    {
        yield return $"trees {trees.Bias}";
        for (var tree = 0; tree < trees.Count; tree++)
        {
            var fields = new List<string>();
            for (var d = tree * Trees.Depth; d < (tree + 1) * Trees.Depth; d++)
            {
                fields.Add(trees.Columns[d].ToString());
                fields.Add(trees.Thresholds[d].ToString());
            }

            for (var leaf = tree * Trees.LeavesOfTree; leaf < (tree + 1) * Trees.LeavesOfTree; leaf++)
                fields.Add(MathF.Round(trees.Leaves[leaf] * LeafUnit).ToString());
            yield return string.Join(' ', fields);
        }
    }

    static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Trees while they are read.</summary>
    sealed class TreeText(float bias)
    {
        readonly List<int> columns = [];
        readonly List<float> thresholds = [];
        readonly List<float> leaves = [];

        public void Add(string[] fields)
        {
            const int Length = 2 * Scoring.Trees.Depth + Scoring.Trees.LeavesOfTree;
            if (fields.Length != Length)
                throw new FormatException($"A tree has {Length} numbers, not {fields.Length}.");
            for (var d = 0; d < Scoring.Trees.Depth; d++)
            {
                columns.Add(int.Parse(fields[2 * d]));
                thresholds.Add(Number(fields[2 * d + 1]));
            }

            foreach (var leaf in fields.AsSpan(2 * Scoring.Trees.Depth))
                leaves.Add(Number(leaf) / LeafUnit);
        }

        public Trees Trees() => new(bias, [.. columns], [.. thresholds], [.. leaves]);
    }
}
