using Ingest.Core.Normalisation.Scoring;

namespace Ingest.Accuracy.Cleaning;

/// <summary>
/// Trains the line scorer. What a later part learns from, the earlier part must not have seen: lexicon and first stage are fitted once for
/// each fold that is left out, score that fold, and are fitted on everything only for the model that comes out.
/// </summary>
static class ScorerTraining
{
    public const int Seed = 5;

    public static TreeOptions First { get; } = new(160, 0.11f, 0.25f, 0.6f, 10, 1);

    /// <summary>420 trees at a rate of .04 over .4 of the rows give the same within .0005 on every set: it is not trees that are missing.</summary>
    public static TreeOptions Second { get; } = new(260, 0.06f, 0.25f, 0.6f, 10, 2);

    /// <param name="words">The words of all pages; only those of <paramref name="documents"/> are learned.</param>
    /// <param name="documents">With the fold of each.</param>
    /// <param name="learned">The dump that the trees learn from; null for all.</param>
    public static ScorerModel Fit(LexiconRows words, IReadOnlyList<LabelledDocument> documents, string? learned = null)
    {
        var folds = documents.Select(d => d.Fold).Distinct().Order().ToArray();
        var pages = documents.Where(words.Lines.ContainsKey).ToArray();
        var lexicons = folds.AsParallel().Select(f => (Fold: f, Lexicon: LexiconTraining.Fit(words, [.. pages.Where(p => p.Fold != f)], Seed)))
            .ToDictionary(l => l.Fold, l => l.Lexicon);
        var examples = Example.Of([.. documents.Where(d => learned is null || d.Dump == learned)], Seed);
        foreach (var example in examples)
            example.Fill(lexicons[example.Fold]);
        var rowFolds = examples.SelectMany(e => Enumerable.Repeat(e.Fold, e.Table.Rows)).ToArray();
        var body = examples.SelectMany(e => e.Document.Lines.Select((_, i) => e.Document.IsBody(i))).ToArray();
        var weights = examples.SelectMany(e => e.Weights()).ToArray();
        var usable = Enumerable.Range(0, weights.Length).Where(r => weights[r] > 0).ToArray();

        var tables = examples.Select(e => e.Table).ToArray();
        var rows = new TreeRows(Bins.Of(tables, tables[0].Own), body, weights);
        foreach (var fold in folds)
        {
            var trees = TreeTraining.Fit(rows, [.. usable.Where(r => rowFolds[r] != fold)], First);
            foreach (var example in examples.Where(e => e.Fold == fold))
                example.Stack(trees);
        }

        var first = TreeTraining.Fit(rows, usable, First);
        var stacked = new TreeRows(Bins.Of(tables, tables[0].Count), body, weights);
        var second = TreeTraining.Fit(stacked, usable, Second);
        foreach (var table in tables)
            table.Dispose();
        return new ScorerModel(LexiconTraining.Fit(words, pages, Seed), first, second).Rounded();
    }
}
