namespace Ingest.Accuracy.Cleaning;

/// <summary>
/// The labelled articles with everything that training and measuring share: folds, the words of the true bodies, labelled documents.
/// </summary>
sealed class CleaningSet
{
    const int FoldSeed = 0;

    CleaningSet(IReadOnlyList<LabelledArticle> articles)
    {
        Articles = articles;
        Folds = SiteGroups.Folds([.. articles.Select(a => a.Dumps[CleaningData.Page])], CrossValidation.Folds, FoldSeed);
        GoldWords = [.. articles.Select(a => Words.Of(a.Gold))];
        Documents = [.. Label()];
        Lexicon = LexiconRows.Of([.. Documents.Select(d => d.Document).Where(d => d.Dump == CleaningData.Page)]);
    }

    public IReadOnlyList<LabelledArticle> Articles { get; }
    public int[] Folds { get; }
    public int[][] GoldWords { get; }
    public IReadOnlyList<(LabelledDocument Document, int Fold)> Documents { get; }

    public LexiconRows Lexicon { get; }

    public static CleaningSet Read() => new(CleaningData.Read());

    public string TextOf(int article, string dump) =>
        dump == LabelledDocument.Gold ? Articles[article].Gold : Articles[article].Dumps[dump];

    IEnumerable<(LabelledDocument Document, int Fold)> Label()
    {
        for (var article = 0; article < Articles.Count; article++)
            foreach (var dump in CleaningData.DumpNames.Append(LabelledDocument.Gold))
                yield return (LabelledDocument.Of(article, dump, TextOf(article, dump), GoldWords[article]), Folds[article]);
    }
}
