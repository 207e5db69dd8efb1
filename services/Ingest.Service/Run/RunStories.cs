using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Reading;
using Ingest.Core.Normalisation.Sources;
using Ingest.Ledger;
using Ingest.Ledger.Decisions;
using Ingest.Service.Deduplicate;
using Ingest.Service.Normalise;
using Ingest.Service.Outcomes;
using Contract = Ingest.Contracts.V1;

namespace Ingest.Service.Run;

/// <summary>A cleaned article of a run that waits for its turn.</summary>
/// <param name="Item">What the lane takes; null for one that was not taken in, as it is too large.</param>
sealed record Cleaned(Submission Submission, NormalisationResult Result, LaneItem? Item);

/// <summary>
/// When the articles of a run arrived, as it says. One that does not say came with the latest before it, so that the day of the run decides
/// nothing.
/// </summary>
/// <param name="clock">The run's. A later moment is a clock that was wrong.</param>
sealed class RunArrivals(DateTimeOffset clock)
{
    DateTimeOffset? latest;

    /// <returns>Null where none has said so far.</returns>
    public DateTimeOffset? Of(string? received)
    {
        var stated = Arrival.Stated(received);
        if (stated <= clock && (latest is null || stated > latest))
            latest = stated;
        return stated ?? latest;
    }
}

/// <summary>
/// The cleaning and the decisions of a run, in the order of its inputs: the same lane as that of the service. Articles that the
/// ledger knows keep their places. A run that keeps no ledger has a temporary one.
/// </summary>
sealed class RunStories : IDisposable
{
    /// <summary>Names that are kept in memory; a power of two.</summary>
    const int Recent = 1 << 14;

    readonly Normaliser normaliser;
    readonly LaneItems items;
    readonly Lane lane;
    readonly DecisionLog log;
    readonly ArticleName[] recent = new ArticleName[Recent];
    readonly DateTimeOffset started;
    readonly string collection;

    /// <summary>The log's, for the whole run: how fast the machine is decides nothing.</summary>
    readonly DateTimeOffset clock;
    readonly RunArrivals arrivals;

    /// <param name="ledger">Stays the caller's.</param>
    /// <param name="collection">Whose articles they are.</param>
    /// <exception cref="LedgerException">The ledger cannot be read, or was made with other settings.</exception>
    public RunStories(LedgerStore ledger, string collection, NormaliserOptions normalisation, DeduplicationOptions options, TimeProvider time)
    {
        this.collection = collection;
        started = time.GetUtcNow();
        normaliser = new Normaliser(normalisation, ThreadTime.Instance);
        items = new LaneItems(options);
        log = new DecisionLog(ledger);
        lane = new Lane(ledger, options, time);
        lane.Rebuild();
        clock = lane.Now;
        arrivals = new RunArrivals(clock);
    }

    /// <summary>The articles of what came as one; on any thread.</summary>
    public IReadOnlyList<Submission> Take(RawArticle raw) => Submission.AllOf(raw, null, started, collection);

    /// <summary>What can be done before the article's turn; on any thread.</summary>
    /// <param name="source">What is known of its source.</param>
    public Cleaned Clean(Submission submission, SourceProfile source)
    {
        var result = normaliser.Normalise(submission.Read, source);
        // Its arrival depends on those before it.
        var claim = new LaneClaim(submission, default, Discards: false);
        return new Cleaned(submission, result, submission.Raw is { OverLimit: null, Refused: null } ? items.Of(claim, submission, result, stated: null, source.Knowledge) : null);
    }

    /// <summary>The outcomes of the next articles.</summary>
    /// <exception cref="LedgerException">The ledger cannot be written.</exception>
    public Outcome[] Decide(Cleaned[] batch)
    {
        var decided = new Queue<LaneOutcome>(lane.Commit([.. batch.Where(c => c.Item is not null).Select(Arrived)]));
        return [.. batch.Select(c => new Outcome(c.Submission, c.Result, c.Item is null ? null : Place(c.Submission, decided.Dequeue())))];
    }

    public void Dispose()
    {
        lane.Dispose();
        items.Dispose();
    }

    LaneItem Arrived(Cleaned cleaned) =>
        cleaned.Item! with { Stated = arrivals.Of(cleaned.Submission.Read.Metadata.Received), Clock = clock };

    Contract.Story? Place(Submission submission, LaneOutcome outcome)
    {
        if (outcome.Failure is { } failure)
            throw new LedgerException(
                $"Article '{submission.Id}' failed in the stage {failure.Stage.ToString().ToLowerInvariant()} ({failure.Name}: {failure.Detail}).");
        if (outcome.Known)
            return log.Of(submission.ArticleId) is { Decision.Place: { } known } entry
                ? StoryPlaces.ToContract(entry.Story!.Value, known, new ArticleName(known.Number, entry.ArticleId, entry.Id), Name)
                : null;
        if (outcome.Decision is not { } decision)
            return null;
        var place = StoryPlaces.Of(decision);
        var name = new ArticleName(place.Number, submission.ArticleId, submission.Id);
        recent[decision.Number & (Recent - 1)] = name;
        return StoryPlaces.ToContract(place.Story == place.Number ? name.ArticleId : Name(place.Story).ArticleId, place, name, Name);
    }

    ArticleName Name(StoryNumber number)
    {
        ref var held = ref recent[number.Value & (Recent - 1)];
        if (held.Number != number)
            held = log.Name(number);
        return held;
    }
}
