using Ingest.Core.Normalisation.Scoring;
using Ingest.Core.Normalisation.Words;

namespace Ingest.Accuracy.Cleaning;

/// <summary>
/// A document to learn from: as it is, or as a copy without its words, as a text in another language looks, and of those every other
/// without letter case, as many scripts are.
/// </summary>
sealed class Example(LabelledDocument document, float weight, bool wordless, bool caseless)
{
    const double WordlessShare = 0.25;
    const double WordlessGoldShare = 0.5;

    public LabelledDocument Document { get; } = document;
    public int Fold => Document.Fold;
    public Columns Table { get; } = new(LineScores.OwnColumns(document.Document), StackedFeatures.Count, document.Lines.Length);

    public static IReadOnlyList<Example> Of(IReadOnlyList<LabelledDocument> documents, int seed)
    {
        var random = new Random(seed);
        var examples = new List<Example>();
        foreach (var document in documents)
        {
            var gold = document.Dump == LabelledDocument.Gold;
            examples.Add(new Example(document, WeightOf(document), false, false));
            if (!document.IsOfSource && random.NextDouble() < (gold ? WordlessGoldShare : WordlessShare))
                examples.Add(new Example(document, gold ? 1.2f : 0.6f, true, random.NextDouble() < 0.5));
        }

        return examples;
    }

    /// <summary>
    /// A dump that is there with several profiles of its source weighs little more than one that is there once. Pages without a source at 1.6
    /// gain .0005 and .0021 of F1, and cost the sites as much.
    /// </summary>
    static float WeightOf(LabelledDocument document) => document switch
    {
        { Dump: LabelledDocument.Gold } => 1.2f,
        { IsOfSource: false } => 1,
        { Knowledge: Knowledge.Stream } => 0.3f,
        _ => 0.5f,
    };

    public void Fill(Lexicon lexicon)
    {
        LineFeatures.Fill(Document.Document, Document.Lines, wordless || !LineScores.IsEnglish(Document.Document) ? null : lexicon, Table);
        if (!caseless)
            return;
        foreach (ref var capitals in Table[Feature.Capitals])
            capitals = Math.Min(0, capitals);
        foreach (ref var capitals in Table[Feature.CapitalsNext])
            capitals = Math.Min(0, capitals);
        foreach (ref var start in Table[Feature.Start])
            start = start == 2 ? 0 : start;
    }

    /// <summary>Scores the lines with a first stage that has not seen them.</summary>
    public void Stack(Trees first)
    {
        var logits = new float[Table.Padded(0).Length];
        first.Score(Table, logits);
        StackedFeatures.Fill(Document.Lines, logits.AsSpan(0, Document.Lines.Length), Table);
    }

    /// <summary>
    /// Lines weigh by their words, documents alike: by the mean of body and whole, as weights by the body alone let the few articles that
    /// are nearly all furniture outweigh the rest. What a rule has decided is not learned.
    /// </summary>
    public IEnumerable<float> Weights()
    {
        var all = Document.Lines.Sum(l => l.Traits.Words + 2f);
        var unit = weight / ((Math.Max(50, Document.GoldWords) + all) / 2);
        return Document.Lines.Select((l, i) => l.Undecided && Document.Labelled[i] ? (l.Traits.Words + 2) * unit : 0);
    }
}
