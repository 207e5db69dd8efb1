using Ingest.Core.Deduplication;
using Ingest.Core.Deduplication.Fingerprints;
using Ingest.Ledger;
using Ingest.Ledger.Articles;
using Ingest.Ledger.Decisions;
using Ingest.Service.Accept;
using Ingest.Service.Cli;
using Ingest.Service.Normalise;
using Contract = Ingest.Contracts.V1;

namespace Ingest.Service.Deduplicate;

/// <summary>The decisions of a run that keeps a ledger: the same lane as that of the service. Articles that the ledger knows keep their places.</summary>
sealed class LedgerStories : IRunStories
{
    /// <summary>Ids that are kept in memory; a power of two.</summary>
    const int Recent = 1 << 14;

    readonly LedgerFile ledger;
    readonly Lane lane;
    readonly DecisionLog log;
    readonly ThreadLocal<Fingerprinter> fingerprinters;
    readonly ArticleName[] recent = new ArticleName[Recent];
    readonly DateTimeOffset started;
    readonly RunArrivals arrivals = new();

    /// <exception cref="LedgerException">The file cannot serve as a ledger.</exception>
    public LedgerStories(string path, DeduplicationOptions options, TimeProvider time)
    {
        started = time.GetUtcNow();
        ledger = LedgerFile.Open(path);
        lane = new Lane(ledger, options, time);
        lane.Rebuild();
        log = new DecisionLog(ledger);
        fingerprinters = new ThreadLocal<Fingerprinter>(() => new Fingerprinter(options));
    }

    public Prepared Prepare(Outcome outcome)
    {
        if (outcome.Input.Article is not { } raw)
            return new Prepared(outcome, null);
        var candidate = Candidate.Of(outcome.Result.Article, default, fingerprinters.Value!);
        return new Prepared(outcome, candidate, new LaneItem(
            Submission.Of(raw, null, started).Article, 0, StoredResult.Write(outcome.Result, raw.Text), candidate, outcome.Result.Rejection?.Reason));
    }

    public Contract.Story?[] Decide(Prepared[] batch, DateTimeOffset now)
    {
        var items = new List<LaneItem>(batch.Length);
        var names = new List<ArticleName>(batch.Length);
        foreach (var (outcome, candidate, item) in batch)
        {
            if (item is null)
                continue;
            names.Add(new ArticleName(0, item.New!.Id, item.New.Submitted));
            if (candidate is null)
            {
                items.Add(item);
                continue;
            }

            var arrival = arrivals.Of(outcome.Input.Article!, now);
            items.Add(item with { Candidate = candidate with { Article = candidate.Article with { Arrival = arrival } } });
        }

        var outcomes = lane.Decide(items);
        var places = new Contract.Story?[batch.Length];
        var at = 0;
        for (var i = 0; i < places.Length; i++)
        {
            if (batch[i].Item is null)
                continue;
            places[i] = Place(names[at], outcomes[at]);
            at++;
        }

        return places;
    }

    public void Dispose()
    {
        lane.Dispose();
        ledger.Dispose();
        fingerprinters.Dispose();
    }

    Contract.Story? Place(ArticleName name, LaneOutcome outcome)
    {
        if (outcome.Known)
            return log.Of(name.Id) is { Decision.Place: not null } entry ? StoryPlaces.ToContract(entry.Story!.Value, entry.Decision.Place, entry.Submitted, Submitted) : null;
        if (outcome.Decision is not { } decision)
            return null;
        recent[decision.Number & (Recent - 1)] = name with { Number = decision.Number };
        return StoryPlaces.ToContract(decision.Story == decision.Number ? name.Id : Name(decision.Story).Id, StoryPlaces.Of(decision), name.Submitted, Submitted);
    }

    string Submitted(long number) => Name(number).Submitted;

    ArticleName Name(long number)
    {
        ref var held = ref recent[number & (Recent - 1)];
        if (held.Number != number)
            held = log.Name(number);
        return held;
    }
}
