using Ingest.Core.Articles;
using Ingest.Core.Deduplication;

namespace Ingest.Service.Deduplicate;

/// <summary>An article's place in its story, with the ids that its submitter gave.</summary>
/// <param name="Id">The story's id: made from that of its first article, so that it never changes.</param>
/// <param name="Canonical">The id of the story's canonical article once this one was decided; it may be this one.</param>
/// <param name="Matched">The id of the article that it matched; null for the first of a story.</param>
sealed record StoryPlace(Guid Id, string Canonical, int Version, Match? Match, string? Matched);

/// <summary>The decisions of one run, in the order of its inputs, without a ledger.</summary>
sealed class RunStories : IDisposable
{
    readonly RunArticles articles = new();
    readonly Deduplicator deduplicator;

    public RunStories(DeduplicationOptions options) => deduplicator = new Deduplicator(options, articles.Read);

    /// <param name="arrival">When the article arrived, where the input does not say.</param>
    public StoryPlace Decide(RawArticle raw, Article article, DateTimeOffset arrival)
    {
        var incoming = Stories.Of(raw, article, arrival);
        var decision = deduplicator.Decide(incoming);
        articles.Add(raw.Id, incoming);
        return new StoryPlace(
            Stories.Id(articles.Id(decision.Story)),
            articles.Id(decision.Canonical),
            decision.Version,
            decision.Match,
            decision.Match is { } match ? articles.Id(match.Article) : null);
    }

    public void Dispose() => articles.Dispose();
}
