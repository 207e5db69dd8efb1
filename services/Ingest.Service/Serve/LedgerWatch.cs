using Ingest.Ledger;
using Ingest.Service.Operations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ingest.Service.Serve;

/// <summary>
/// Sees that the ledger's files stay what they were. SQLite would go on with a file that was deleted or replaced, and what is accepted
/// then is gone with the process. A restart is asked for only where it loses nothing: with the ledger's own file missing, it would begin an
/// empty ledger.
/// </summary>
sealed class LedgerWatch(LedgerStore ledger, Health health, TimeProvider time, ILogger<LedgerWatch> logger) : BackgroundService
{
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Tell(ledger.Look());
        }
        catch (OperationCanceledException)
        {
            // The program stops.
        }
    }

    void Tell(LedgerLoss? loss)
    {
        if (loss is null)
            health.Ready(HealthReasons.LedgerFile);
        else if (health.NotReady(HealthReasons.LedgerFile, loss.Reason))
            logger.LedgerLost(loss.Reason);
        health.Dead(HealthReasons.LedgerFile, loss is { NeedsRestart: true } ? loss.Reason : null);
    }
}
