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

    /// <summary>The story ids given, and those of the stories whose first article has the id of an earlier one's.</summary>
    readonly HashSet<Guid> given = [];
    readonly Dictionary<long, Guid> renamed = [];

    public RunStories(DeduplicationOptions options) => deduplicator = new Deduplicator(options, articles.Read);

    /// <param name="arrival">When the article arrived, where the input does not say.</param>
    public StoryPlace Decide(RawArticle raw, Article article, DateTimeOffset arrival)
    {
        var incoming = Stories.Of(raw, article, arrival);
        var decision = deduplicator.Decide(incoming);
        articles.Add(raw.Id, incoming);
        return new StoryPlace(
            IdOf(decision),
            articles.Id(decision.Canonical),
            decision.Version,
            decision.Match,
            decision.Match is { } match ? articles.Id(match.Article) : null);
    }

    public void Dispose() => articles.Dispose();

    /// <summary>Two articles that were sent under one id may open two stories, which must not have one name.</summary>
    Guid IdOf(Decision decision)
    {
        if (renamed.TryGetValue(decision.Story, out var id))
            return id;
        var name = articles.Id(decision.Story);
        id = Stories.Id(name);
        if (decision.Number != decision.Story || given.Add(id))
            return id;
        for (var time = 2; !given.Add(id = Stories.Id($"{name}\n{time}")); time++)
        {
        }

        return renamed[decision.Story] = id;
    }
}
