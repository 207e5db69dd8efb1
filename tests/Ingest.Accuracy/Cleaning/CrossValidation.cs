using Ingest.Core.Articles;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Scoring;

namespace Ingest.Accuracy.Cleaning;

/// <summary>
/// Trains on four fifths of the sites, cleans the last with the whole normaliser, for each fifth: what a text from an unknown site gets.
/// </summary>
static class CrossValidation
{
    public const int Folds = 5;

    public sealed record Result(string Name, IReadOnlyDictionary<string, WordScore> Scores);

    public static IEnumerable<Result> Run(CleaningSet set)
    {
        yield return Measure(set, "keep everything", _ => null);
        var rules = new Normaliser(scorer: null);
        yield return Measure(set, "rules only", _ => rules);
        var models = Models(set);
        yield return Measure(set, "rules + scorer", fold => models[fold]);
    }

    static Normaliser[] Models(CleaningSet set)
    {
        var models = new Normaliser[Folds];
        for (var fold = 0; fold < Folds; fold++)
        {
            models[fold] = new Normaliser(new ScorerStep(ScorerTraining.Fit(set.Lexicon, [.. set.Documents.Where(d => d.Fold != fold)])));
            Console.Error.WriteLine($"fold {fold + 1} of {Folds} trained");
        }

        return models;
    }

    static Result Measure(CleaningSet set, string name, Func<int, Normaliser?> normaliserOf)
    {
        var scores = new Dictionary<string, WordScore>();
        foreach (var dump in CleaningData.DumpNames.Append(LabelledDocument.Gold))
            scores[dump] = WordScore.Mean([.. set.Articles.Select((a, i) => Score(set, i, dump, normaliserOf(set.Folds[i])))]);
        return new Result(name, scores);
    }

    static WordScore Score(CleaningSet set, int article, string dump, Normaliser? normaliser)
    {
        var text = set.TextOf(article, dump);
        var found = normaliser is null ? [text] : normaliser.Normalise(new ArticleText(text)).Article?.Body ?? [];
        return WordScore.Of(found.SelectMany(p => Words.Of(p)), set.GoldWords[article]);
    }
}
