using Ingest.Ledger;
using Ingest.Service.Operations;
using Microsoft.Extensions.Hosting;

namespace Ingest.Service.Serve;

/// <summary>
/// Sees that work goes on: a program is not ready while articles wait for their outcome and nobody, in this process
/// or another, decides anything. Where the ledger knows the processes that use it, it warns of a stage that none of them has.
/// </summary>
sealed class StallWatch(LedgerStore ledger, Topology topology, Health health, TimeProvider time, LedgerHandOver? handOver = null) : BackgroundService
{
    /// <summary>Cleaning and deciding take milliseconds; the slowest article may use up its time budget.</summary>
    public static readonly TimeSpan Stalled = TimeSpan.FromSeconds(10);

    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var articles = new AcceptedArticles(ledger);
        var log = new DecisionLog(ledger);
        using var timer = new PeriodicTimer(LookEvery, time);
        var (end, moved) = (default(LogEnd), time.GetTimestamp());
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    var (now, waiting) = (log.End(), articles.CountUnfinished());
                    var missing = Missing();
                    if (now != end || waiting == 0)
                        (end, moved) = (now, time.GetTimestamp());
                    var stalled = time.GetElapsedTime(moved) >= Stalled;
                    // An entry without its article can wait for ever: no work waits, and something is wrong with the ledger.
                    var orphans = stalled && articles.Unfinished(default, DateTimeOffset.MaxValue, 1).Count == 0;
                    health.Warn(HealthReasons.Waiting, orphans
                        ? $"{waiting} unfinished articles are not in the ledger, which is damaged: 'ingest check' names them. Restore a backup."
                        : null);
                    if (!stalled || orphans)
                        health.Ready(HealthReasons.Waiting);
                    else
                        health.NotReady(
                            HealthReasons.Waiting,
                            $"{waiting} unfinished articles, and nothing was decided for {time.GetElapsedTime(moved).TotalSeconds:0} s: {missing ?? topology.Successor}");
                }
                catch (LedgerException)
                {
                    // Whoever writes to the ledger says so.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The program stops.
        }
    }

    /// <returns>What is missing; null for nothing.</returns>
    string? Missing()
    {
        var missing = handOver is null ? [] : Topology.Missing(handOver.Present().Select(p => p.Roles));
        var told = missing.Count == 0 ? null : $"no process with the stage {string.Join(" or ", missing)} uses the ledger: start one.";
        health.Warn(HealthReasons.Stages, told);
        return told;
    }
}
