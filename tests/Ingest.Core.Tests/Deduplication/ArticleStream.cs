using Ingest.Core.Deduplication;

namespace Ingest.Core.Tests.Deduplication;

/// <summary>A deduplicator and the articles that it was given, by number; counts how many it asked to read again.</summary>
sealed class ArticleStream
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 6, 0, 0, TimeSpan.Zero);

    readonly List<StoryArticle> articles = [];
    readonly Deduplicator deduplicator;
    DateTimeOffset clock = Start;

    public ArticleStream(DeduplicationOptions? options = null)
    {
        deduplicator = new Deduplicator(options ?? new DeduplicationOptions(), number =>
        {
            Reads++;
            return articles[(int)number - 1];
        });
    }

    /// <summary>Articles read again so far.</summary>
    public int Reads { get; private set; }

    public int Count => deduplicator.Count;

    public long Bytes => deduplicator.Bytes;

    /// <summary>An article that arrives a second after the last one.</summary>
    public Decision Decide(string body) => Decide(new StoryArticle(body, clock.AddSeconds(1)));

    public Decision Decide(string body, DateTimeOffset arrival) => Decide(new StoryArticle(body, arrival));

    /// <summary>An article with its source, a second after the last one.</summary>
    public Decision Decide(string body, string? agency, string? publisher, string? version = null, string? correction = null) =>
        Decide(new StoryArticle(body, clock.AddSeconds(1))
        {
            Agency = agency, Publisher = publisher, Version = version, Correction = correction
        });

    /// <summary>An article that is decided when it arrives, or as soon after that as the clock of the one before allows.</summary>
    public Decision Decide(StoryArticle article) => Decide(article, article.Arrival);

    /// <param name="decided">The log's clock.</param>
    public Decision Decide(StoryArticle article, DateTimeOffset decided)
    {
        clock = article.Arrival;
        var decision = deduplicator.Decide(article, decided);
        articles.Add(article);
        return decision;
    }
}
