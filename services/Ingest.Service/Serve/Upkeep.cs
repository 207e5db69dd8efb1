using System.Diagnostics;
using Ingest.Ledger;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ingest.Service.Serve;

/// <summary>Lets go what is older than it is to be kept, and gives its space back, in small steps that hardly anybody waits for.</summary>
sealed class Upkeep(LedgerStore ledger, RetentionSettings settings, TimeProvider time, ILogger<Upkeep> logger) : BackgroundService
{
    static readonly TimeSpan LookEvery = TimeSpan.FromHours(1), LeastPause = TimeSpan.FromMilliseconds(20);

    /// <summary>So many times as long as a step took, the ledger is others' alone.</summary>
    const int Share = 4;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.Ages().AreForEver)
            return;
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            do
            {
                try
                {
                    // Not on the thread that starts the program.
                    await Task.Yield();
                    await Run(stoppingToken);
                }
                catch (LedgerException e)
                {
                    logger.UpkeepFailed(e.Message);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The program stops.
        }
    }

    async Task Run(CancellationToken stopping)
    {
        var retention = new Retention(ledger);
        var plan = retention.Plan(settings.Ages(), time.GetUtcNow());
        if (plan.After != plan.Before)
            logger.LettingGo(plan.After.Texts, plan.After.Decisions);
        foreach (var held in plan.Held)
            logger.Held(held);
        using var steps = retention.Run(plan).GetEnumerator();
        for (var began = Stopwatch.GetTimestamp(); steps.MoveNext(); began = Stopwatch.GetTimestamp())
        {
            var pause = Stopwatch.GetElapsedTime(began) * Share;
            await Task.Delay(pause > LeastPause ? pause : LeastPause, time, stopping);
        }
    }
}
