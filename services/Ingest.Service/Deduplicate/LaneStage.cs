using Ingest.Core.Deduplication;
using Ingest.Ledger;
using Ingest.Service.Operations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ingest.Service.Deduplicate;

/// <summary>
/// The stage that decides: what waits together is decided together. Nobody is told an outcome before it is durable.
/// While the ledger cannot be written, everything waits; but not when the program stops: then all is given back, to
/// the queue and to the ledger, where it came from.
/// </summary>
sealed class LaneStage : IHostedService, IDisposable
{
    readonly GroupCommit<LaneItem, LaneOutcome> commit;
    readonly Health health;
    readonly Arrivals arrivals;
    readonly ILogger<LaneStage> logger;
    volatile Lane? opened;

    public LaneStage(
        Func<Lane> open, Health health, Arrivals arrivals, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<LaneStage> logger)
    {
        (this.health, this.arrivals, this.logger) = (health, arrivals, logger);
        commit = new GroupCommit<LaneItem, LaneOutcome>(
            new GroupCommitOptions("deduplicate", HealthReasons.Ledger, MostInGroup: 512, MostWaiting: 1024, Refuses: false),
            () => Open(open), _ => 1, health, time, lifetime, CannotWrite, Committed);
    }

    /// <summary>Decides about articles, in their order.</summary>
    /// <returns>Their outcomes, once they are durable.</returns>
    /// <exception cref="OperationCanceledException">The program stops, or the caller gave up: nothing is known of the outcomes.</exception>
    public Task<LaneOutcome[]> Decide(IReadOnlyList<LaneItem> items, CancellationToken cancellation) =>
        commit.Write(items, cancellation, cancellation);

    /// <summary>See <see cref="Lane.Look"/>; null also while the index is being built.</summary>
    public Nominated? Look(Candidate candidate, DateTimeOffset? stated, TimeSpan patience) => opened?.Look(candidate, stated, patience);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        health.NotReady(HealthReasons.Index, "the index is being built from the ledger.");
        commit.Start();
        return Task.CompletedTask;
    }

    /// <summary>What waits is decided still.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => commit.Stop(cancellationToken);

    public void Dispose() => commit.Dispose();

    Lane Open(Func<Lane> open)
    {
        var lane = open();
        try
        {
            lane.Rebuild();
        }
        catch
        {
            lane.Dispose();
            throw;
        }

        logger.IndexBuilt(lane.Count, lane.Position);
        health.Ready(HealthReasons.Index);
        return opened = lane;
    }

    /// <summary>Once for a group, and also where nobody waits for its outcomes any more.</summary>
    void Committed(LaneOutcome[] outcomes)
    {
        arrivals.Announce();
        foreach (var outcome in outcomes)
            if (outcome.Failure is { } failure)
                logger.ArticleFailed(failure.Cause, outcome.Article, failure.Name, failure.Detail);
    }

    void CannotWrite(string reason, Exception fault)
    {
        if (fault is LedgerException { IsPassing: true })
            logger.LedgerUnavailable(reason);
        else
            logger.LaneFailed(fault);
    }
}
