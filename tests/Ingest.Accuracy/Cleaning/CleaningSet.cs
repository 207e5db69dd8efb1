using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Pages;
using Ingest.Core.Normalisation.Sources;

namespace Ingest.Accuracy.Cleaning;

/// <summary>
/// The labelled articles with everything that training and measuring share: folds, the words of the true bodies, labelled documents.
/// </summary>
sealed class CleaningSet
{
    const int FoldSeed = 0;

    readonly Dictionary<(int Article, string Dump, Knowledge), SourceProfile> profiles = [];
    readonly bool pages;

    CleaningSet(IReadOnlyList<LabelledArticle> articles, bool pages)
    {
        this.pages = pages;
        Articles = articles;
        Folds = new int[articles.Count];
        foreach (var set in articles.Select((a, i) => (a.Set, Index: i)).GroupBy(a => a.Set, a => a.Index))
        {
            var own = set.ToArray();
            var folds = articles[own[0]].Site is null
                ? SiteGroups.Folds([.. own.Select(i => articles[i].Dumps[CleaningData.Page])], CrossValidation.Folds, FoldSeed)
                : SiteGroups.Deal([.. own.Select(i => articles[i].Site!)], CrossValidation.Folds, FoldSeed);
            for (var i = 0; i < own.Length; i++)
                Folds[own[i]] = folds[i];
        }

        GoldWords = [.. articles.Select(a => Words.Of(a.Gold))];
        if (!pages)
            Learn();
        Documents = [.. Label().AsParallel().AsOrdered().Select(l => l())];
        Lexicon = LexiconRows.Of([.. Documents.Where(d => Articles[d.Article].Set == CleaningData.Wcxb && d.Dump == CleaningData.Page)]);
    }

    public IReadOnlyList<LabelledArticle> Articles { get; }
    public int[] Folds { get; }
    public int[][] GoldWords { get; }
    public IReadOnlyList<LabelledDocument> Documents { get; }

    public LexiconRows Lexicon { get; }

    /// <summary>The text dumps.</summary>
    public static CleaningSet Read() => new(CleaningData.Read(), pages: false);

    /// <summary>The pages of HTML, and of the dumps those that the lexicon is learned from.</summary>
    public static CleaningSet ReadPages() => new(CleaningData.Read(withPages: true), pages: true);

    public string TextOf(int article, string dump) => dump switch
    {
        LabelledDocument.Gold => Articles[article].Gold!,
        CleaningData.Html => Articles[article].Html!,
        _ => Articles[article].Dumps[dump],
    };

    /// <summary>A dump as an article.</summary>
    public static ArticleText Read(string text, string dump) =>
        dump == CleaningData.Html ? PageReader.Read(text, ArticleMetadata.None, []) : new ArticleText(text);

    /// <summary>What is known of the article's source; nothing where the set has no sources.</summary>
    public SourceProfile ProfileOf(int article, string dump, Knowledge knowledge) =>
        profiles.GetValueOrDefault((article, dump, knowledge)) ?? SourceProfile.Unknown;

    /// <summary>Each dump of each site is a source.</summary>
    void Learn()
    {
        int[] own = [.. Enumerable.Range(0, Articles.Count).Where(i => Articles[i].Set == CleaningData.Sites)];
        foreach (var dump in CleaningData.DumpNames)
        {
            var learnt = new LearntProfiles([.. own.Select(i => (Articles[i].Site!, Articles[i].Id, Articles[i].Dumps[dump]))]);
            for (var i = 0; i < own.Length; i++)
                foreach (var knowledge in (Knowledge[])[Knowledge.Stream, Knowledge.All])
                    profiles[(own[i], dump, knowledge)] = learnt.Of(i, knowledge);
        }
    }

    IEnumerable<Func<LabelledDocument>> Label()
    {
        for (var i = 0; i < Articles.Count; i++)
        {
            var (article, index) = (Articles[i], i);
            if (pages)
            {
                if (article.Html is { } html)
                    yield return () => LabelledDocument.Of(index, Folds[index], article, CleaningData.Html, html, GoldWords[index], SourceProfile.Unknown, Knowledge.None);
                if (article.Set == CleaningData.Wcxb)
                    yield return () => LabelledDocument.Of(
                        index, Folds[index], article, CleaningData.Page, article.Dumps[CleaningData.Page], GoldWords[index], SourceProfile.Unknown, Knowledge.None);
                continue;
            }

            foreach (var dump in article.Dumps.Keys)
                foreach (var knowledge in Enum.GetValues<Knowledge>())
                    if (knowledge == Knowledge.None || ProfileOf(i, dump, knowledge).Articles > 0)
                        yield return () => LabelledDocument.Of(
                            index, Folds[index], article, dump, article.Dumps[dump], GoldWords[index], ProfileOf(index, dump, knowledge), knowledge);
            if (article.Gold is { } gold)
                yield return () => LabelledDocument.Of(
                    index, Folds[index], article, LabelledDocument.Gold, gold, GoldWords[index], SourceProfile.Unknown, Knowledge.None);
        }
    }
}
