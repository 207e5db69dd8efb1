using System.Threading.Channels;
using Ingest.Ledger;
using Ingest.Service.Operations;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ingest.Service.Deduplicate;

/// <summary>
/// The stage that decides: articles wait here, and what waits together is decided together. Nobody is told an outcome before it is durable. While the ledger cannot be
/// written, everything waits; but not when the program stops: then all is given back, to the queue and to the ledger, where it came from.
/// </summary>
sealed class LaneStage(LedgerFile ledger, Func<Lane> open, Health health, Arrivals arrivals, IHostApplicationLifetime lifetime, ILogger<LaneStage> logger) : IHostedService, IDisposable
{
    /// <summary>Articles decided in one transaction at most: enough for its cost not to matter, few enough for the first of them not to wait long.</summary>
    const int MostInGroup = 512;

    /// <summary>Bringers of articles that may wait; another waits for one of them to be served.</summary>
    const int MostWaiting = 1024;

    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    readonly Channel<Waiting> queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    readonly CancellationTokenSource stopping = new();
    Thread? thread;

    /// <summary>Decides about articles, in their order.</summary>
    /// <returns>Their outcomes, once they are durable.</returns>
    /// <exception cref="OperationCanceledException">The program stops, or the caller gave up: nothing is known of the outcomes.</exception>
    public async Task<LaneOutcome[]> Decide(IReadOnlyList<LaneItem> items, CancellationToken cancellation)
    {
        var waiting = new Waiting(items);
        try
        {
            await queue.Writer.WriteAsync(waiting, cancellation);
        }
        catch (ChannelClosedException e)
        {
            throw new OperationCanceledException("The program stops.", e);
        }

        return await waiting.Outcomes.Task.WaitAsync(cancellation);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        health.NotReady(HealthReasons.Index, "the index is being built from the ledger.");
        thread = new Thread(Work) { Name = "lane", IsBackground = true };
        thread.Start();
        return Task.CompletedTask;
    }

    /// <summary>What waits is decided still.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Writer.TryComplete();
        await using var _ = cancellationToken.Register(stopping.Cancel);
        if (thread is { } working)
            await Task.Run(working.Join, CancellationToken.None);
    }

    public void Dispose() => stopping.Dispose();

    void Work()
    {
        using var lane = Retried(open);
        if (lane is not null)
            Work(lane);
        // Nobody is served any more.
        queue.Writer.TryComplete();
        while (queue.Reader.TryRead(out var waiting))
            waiting.Outcomes.TrySetCanceled();
    }

    void Work(Lane lane)
    {
        Retried(() =>
        {
            lane.Rebuild();
            return lane;
        });
        logger.IndexBuilt(lane.Count, lane.Position);
        health.Ready(HealthReasons.Index);
        var group = new List<Waiting>(MostInGroup);
        while (!stopping.IsCancellationRequested && queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            group.Clear();
            for (var count = 0; count < MostInGroup && queue.Reader.TryRead(out var waiting); count += waiting.Items.Count)
                group.Add(waiting);
            LaneItem[] items = [.. group.SelectMany(w => w.Items)];
            var outcomes = Retried(() => lane.Decide(items));
            var at = 0;
            foreach (var waiting in group)
            {
                if (outcomes is null)
                    waiting.Outcomes.TrySetCanceled();
                else
                    waiting.Outcomes.TrySetResult(outcomes[at..(at += waiting.Items.Count)]);
            }

            if (outcomes is null)
                continue;
            arrivals.Announce();
            foreach (var outcome in outcomes)
                if (outcome.Fault is { } fault)
                    logger.ArticleFailed(fault, outcome.Article);
        }
    }

    /// <summary>Tries until it works; null where the program stops before. Not ready meanwhile.</summary>
    T? Retried<T>(Func<T> attempt)
        where T : class
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var result = attempt();
                health.Ready(HealthReasons.Ledger);
                return result;
            }
            catch (SqliteException e) when (LedgerFaults.IsPassing(e))
            {
                var reason = LedgerFaults.Describe(e, ledger.FilePath);
                if (health.NotReady(HealthReasons.Ledger, reason))
                    logger.LedgerUnavailable(reason);
                Pause();
            }
            catch (Exception e)
            {
                // Not foreseen. Nothing was acknowledged; whoever watches sees it, and the same is tried again.
                if (health.NotReady(HealthReasons.Ledger, $"the lane failed: {e.Message}"))
                    logger.LaneFailed(e);
                Pause();
            }
        }

        return null;
    }

    /// <summary>Waits until it may work again. What fails once more while the program stops is given up.</summary>
    void Pause()
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            stopping.Cancel();
        WaitHandle.WaitAny([stopping.Token.WaitHandle, lifetime.ApplicationStopping.WaitHandle], RetryAfter);
    }

    sealed record Waiting(IReadOnlyList<LaneItem> Items)
    {
        public TaskCompletionSource<LaneOutcome[]> Outcomes { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
