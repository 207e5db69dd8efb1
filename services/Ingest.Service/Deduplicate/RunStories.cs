using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using Ingest.Core.Deduplication.Fingerprints;
using Ingest.Service.Cli;
using Contract = Ingest.Contracts.V1;

namespace Ingest.Service.Deduplicate;

/// <summary>An article that waits for its turn; its arrival is not known yet.</summary>
sealed record Candidate(StoryArticle Article, Fingerprint Fingerprint)
{
    /// <summary>What is compared of a clean article; null for none.</summary>
    public static Candidate? Of(Article? article, DateTimeOffset arrival, Fingerprinter fingerprinter)
    {
        if (article is null)
            return null;
        var incoming = Stories.Of(article, arrival);
        return new Candidate(incoming, fingerprinter.Compute(incoming.Body));
    }
}

/// <summary>The decisions of one run, in the order of its inputs, without a ledger.</summary>
sealed class RunStories : IRunStories
{
    readonly RunArticles articles = new();
    readonly Deduplicator deduplicator;
    readonly ThreadLocal<Fingerprinter> fingerprinters;
    readonly RunArrivals arrivals = new();

    /// <summary>How many stories have a first article of one id, by the story id that it gives; and the ids of the second, third and so on.</summary>
    readonly Dictionary<Guid, int> given = [];
    readonly Dictionary<long, Guid> renamed = [];

    public RunStories(DeduplicationOptions options)
    {
        deduplicator = new Deduplicator(options, articles.Read);
        fingerprinters = new ThreadLocal<Fingerprinter>(() => new Fingerprinter(options));
    }

    public Prepared Prepare(Outcome outcome) => new(outcome, Candidate.Of(outcome.Result.Article, default, fingerprinters.Value!));

    public Contract.Story?[] Decide(Prepared[] batch, DateTimeOffset now) =>
        [.. batch.Select(p => p.Candidate is { } candidate ? Decide(p.Outcome.Input.Article!, candidate, now) : null)];

    public void Dispose()
    {
        articles.Dispose();
        fingerprinters.Dispose();
    }

    Contract.Story Decide(RawArticle raw, Candidate candidate, DateTimeOffset now)
    {
        var incoming = candidate.Article with { Arrival = arrivals.Of(raw, now) };
        var decision = deduplicator.Decide(incoming, candidate.Fingerprint);
        articles.Add(raw.Id, incoming);
        return StoryPlaces.ToContract(IdOf(decision), StoryPlaces.Of(decision), raw.Id, articles.Id);
    }

    /// <summary>Two articles that were sent under one id may open two stories, which must not have one name.</summary>
    Guid IdOf(Decision decision)
    {
        if (renamed.TryGetValue(decision.Story, out var id))
            return id;
        var name = articles.Id(decision.Story);
        id = Stories.Id(name);
        if (decision.Number != decision.Story)
            return id;
        given[id] = given.GetValueOrDefault(id) + 1;
        return given[id] == 1 ? id : renamed[decision.Story] = Stories.Id($"{name}\n{given[id]}");
    }
}
