using Ingest.Core.Articles;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Scoring;

namespace Ingest.Accuracy.Cleaning;

/// <summary>
/// Trains on four fifths of the sites, cleans the last with the whole normaliser, for each fifth: what a text from an unknown site gets.
/// </summary>
/// <param name="learned">The dump that trees learn from; null for all.</param>
sealed class CrossValidation(CleaningSet set, string? learned = null)
{
    public const int Folds = 5;

    readonly Normaliser rules = new(scorer: null);
    readonly Normaliser?[] models = new Normaliser?[Folds];

    /// <summary>A way to clean, and what it knows of sources.</summary>
    public sealed record Way(string Name, bool Scorer, Knowledge Knowledge);

    public static IReadOnlyList<Way> Ways { get; } =
    [
        new("rules", false, Knowledge.None),
        new("rules + scorer", true, Knowledge.None),
        new("rules + learner", false, Knowledge.All),
        new("rules + learner + scorer", true, Knowledge.All),
        new("the same, in a stream", true, Knowledge.Stream),
    ];

    /// <summary>A folder that keeps the trained models, for measuring again with other limits; null for none.</summary>
    static string? Kept => Environment.GetEnvironmentVariable("INGEST_MODELS");

    public void Train()
    {
        // One behind the other: the folds share documents, which keep what a lexicon said of them.
        for (var fold = 0; fold < Folds; fold++)
        {
            var kept = Kept is null ? null : Path.Combine(Kept, $"scorer-{fold}.txt");
            var model = kept is not null && File.Exists(kept) ? ScorerModel.Read(File.ReadLines(kept))
                : ScorerTraining.Fit(set.Lexicon, [.. set.Documents.Where(d => d.Fold != fold)], learned);
            if (kept is not null)
                File.WriteAllLines(kept, model.Write());
            models[fold] = new Normaliser(new ScorerStep(model, pages: model));
            Console.Error.WriteLine($"fold {fold + 1} of {Folds} trained");
        }
    }

    /// <summary>What a way makes of each article that has the dump: the result, or null.</summary>
    public NormalisationResult?[] Clean(string dump, Way way)
    {
        var results = new NormalisationResult?[set.Articles.Count];
        Parallel.For(0, results.Length, i =>
        {
            var (labelled, gold) = (set.Articles[i], dump == LabelledDocument.Gold);
            if (gold ? labelled.Gold is null : dump == CleaningData.Html ? labelled.Html is null : !labelled.Dumps.ContainsKey(dump))
                return;
            var normaliser = way.Scorer ? models[set.Folds[i]]! : rules;
            results[i] = normaliser.Normalise(CleaningSet.Read(set.TextOf(i, dump), dump), set.ProfileOf(i, dump, way.Knowledge));
        });
        return results;
    }

    /// <summary>The score of some articles; of those whose true text has the headline, with it.</summary>
    public WordScore Score(IEnumerable<int> articles, NormalisationResult?[] results)
    {
        var bodies = new List<WordScore>();
        var segments = new SegmentScore();
        foreach (var i in articles)
        {
            var (labelled, article) = (set.Articles[i], results[i]!.Article);
            IEnumerable<string> body = article?.Body ?? [];
            if (labelled.Gold is null)
                segments.Add(labelled, body);
            else if (labelled.Set == CleaningData.Sites && article?.Headline is { } headline)
                bodies.Add(WordScore.Of(body.Prepend(headline).SelectMany(p => Words.Of(p)), set.GoldWords[i]));
            else
                bodies.Add(WordScore.Of(body.SelectMany(p => Words.Of(p)), set.GoldWords[i]));
        }

        return bodies.Count > 0 ? WordScore.Mean(bodies) : segments.Score;
    }
}
