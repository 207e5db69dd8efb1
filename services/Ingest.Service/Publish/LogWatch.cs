using Ingest.Ledger;
using Ingest.Service.Operations;
using Microsoft.Extensions.Hosting;

namespace Ingest.Service.Publish;

/// <summary>
/// Announces what other processes that share the ledger decided. It looks for all who wait, so that waiting costs nothing.
/// </summary>
sealed class LogWatch(LedgerStore ledger, Arrivals arrivals, TimeProvider time) : BackgroundService
{
    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var log = new DecisionLog(ledger);
        using var timer = new PeriodicTimer(LookEvery, time);
        var end = default(LogEnd);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    var now = log.End();
                    if (now != end)
                        arrivals.Announce();
                    end = now;
                }
                catch (LedgerException)
                {
                    // Who writes to the ledger says so; who reads it is told when it asks.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The program stops.
        }
    }
}
