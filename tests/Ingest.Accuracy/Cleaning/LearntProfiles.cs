using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Sources;

namespace Ingest.Accuracy.Cleaning;

/// <summary>What is known of an article's source when it is cleaned.</summary>
enum Knowledge
{
    None,

    /// <summary>Learnt from the articles before it.</summary>
    Stream,

    /// <summary>Learnt from all articles.</summary>
    All,
}

/// <summary>What is known of the source of each of some articles, which come in this order, in each way to know it.</summary>
sealed class LearntProfiles
{
    readonly SourceProfile[] stream, all;

    public LearntProfiles(IReadOnlyList<(string Source, string Id, string Text)> articles)
    {
        var (survey, histories) = (new SourceSurvey(), new Dictionary<string, SourceHistory>(StringComparer.Ordinal));
        stream = new SourceProfile[articles.Count];
        for (var i = 0; i < articles.Count; i++)
        {
            var (source, id, text) = (articles[i].Source, articles[i].Id, SourceText.Of(new ArticleText(articles[i].Text)));
            if (!histories.TryGetValue(source, out var history))
                histories[source] = history = new SourceHistory();
            stream[i] = history.Profile;
            history.Learn(text, id);
            survey.Learn(source, text, id);
        }

        survey.Complete();
        all = [.. articles.Select(a => survey.ProfileOf(a.Source))];
    }

    public SourceProfile Of(int article, Knowledge knowledge) => knowledge switch
    {
        Knowledge.Stream => stream[article],
        Knowledge.All => all[article],
        _ => SourceProfile.Unknown,
    };
}
