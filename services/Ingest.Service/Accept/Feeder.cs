using System.Collections.Concurrent;
using System.Threading.Channels;
using Ingest.Ledger;
using Ingest.Service.Broker;
using Ingest.Service.Normalise;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ingest.Service.Accept;

/// <summary>
/// Brings accepted articles on their way: to the normaliser of this process, or by a message to that of another. It takes those that this process accepted as they
/// come, and now and then looks for others that were left behind: by a crash, by a process that is gone, or by somebody who asked for another try.
/// </summary>
sealed class Feeder(LedgerFile ledger, TimeProvider time, ILogger<Feeder> logger, Cleaning? cleaning = null, StageSender? sender = null) : BackgroundService
{
    const int Batch = 256, BatchesInFlight = 4;

    /// <summary>Others' articles are taken up when they have waited so long; until then they are thought to be on their way.</summary>
    static readonly TimeSpan LeftBehind = TimeSpan.FromSeconds(30), LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>What is with the broker is safe there; it is sent again only in case somebody emptied the queue.</summary>
    static readonly TimeSpan SendAgainAfter = TimeSpan.FromMinutes(10);

    readonly Channel<long> accepted = Channel.CreateUnbounded<long>(new UnboundedChannelOptions { SingleReader = true });
    readonly AcceptedArticles articles = new(ledger);

    /// <summary>Articles that this process has brought on their way: true while they go through it, false when they are with the broker.</summary>
    readonly ConcurrentDictionary<long, bool> underWay = new();
    long sentAgain = time.GetTimestamp();
    readonly SemaphoreSlim slots = new(BatchesInFlight, BatchesInFlight);

    /// <summary>Adds an article that this process accepted.</summary>
    public void Add(long article)
    {
        underWay.TryAdd(article, true);
        accepted.Writer.TryWrite(article);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var looked = Look(DateTimeOffset.MaxValue);
        var look = new PeriodicTimer(LookEvery, time);
        _ = Task.Run(async () =>
        {
            while (await look.WaitForNextTickAsync(stoppingToken))
                Look(time.GetUtcNow() - LeftBehind);
        }, stoppingToken);
        logger.TakenUp(looked);
        var batch = new List<long>(Batch);
        try
        {
            while (await accepted.Reader.WaitToReadAsync(stoppingToken))
            {
                batch.Clear();
                while (batch.Count < Batch && accepted.Reader.TryRead(out var article))
                    batch.Add(article);
                await slots.WaitAsync(stoppingToken);
                long[] numbers = [.. batch];
                _ = Task.Run(() => Bring(numbers, stoppingToken), CancellationToken.None);
            }
        }
        catch (OperationCanceledException)
        {
            // What is on its way is finished by the lane; the rest waits in the ledger.
        }

        for (var i = 0; i < BatchesInFlight; i++)
            await slots.WaitAsync(CancellationToken.None);
    }

    /// <summary>Finds articles that wait and that this process does not know of, and forgets those that wait no longer.</summary>
    int Look(DateTimeOffset acceptedBefore)
    {
        if (time.GetElapsedTime(sentAgain) > SendAgainAfter)
        {
            sentAgain = time.GetTimestamp();
            foreach (var (number, _) in underWay.Where(u => !u.Value))
                underWay.TryRemove(number, out var _);
        }

        var found = 0;
        var sent = underWay.Where(u => !u.Value).Select(u => u.Key).ToHashSet();
        try
        {
            for (var after = 0L; ;)
            {
                var numbers = articles.Unfinished(after, acceptedBefore, 10_000);
                foreach (var number in numbers)
                {
                    sent.Remove(number);
                    if (!underWay.TryAdd(number, true))
                        continue;
                    accepted.Writer.TryWrite(number);
                    found++;
                }

                if (numbers.Count == 0)
                    break;
                after = numbers[^1];
            }

            foreach (var number in sent)
                underWay.TryRemove(number, out _);
        }
        catch (Microsoft.Data.Sqlite.SqliteException e)
        {
            // The lane says so too; this is tried again.
            logger.CannotLook(LedgerFaults.Describe(e, ledger.FilePath));
        }

        return found;
    }

    async Task Bring(long[] numbers, CancellationToken stopping)
    {
        var withBroker = false;
        try
        {
            if (cleaning is not null)
                await cleaning.Run(articles.StillUnfinished(numbers), stopping);
            else if (sender is not null)
            {
                await sender.Normalise(numbers);
                withBroker = true;
            }
        }
        catch (OperationCanceledException)
        {
            // They wait in the ledger.
        }
        catch (Exception e)
        {
            logger.NotBrought(e, numbers.Length);
        }
        finally
        {
            foreach (var number in numbers)
            {
                if (withBroker)
                    underWay[number] = false;
                else
                    underWay.TryRemove(number, out _);
            }

            slots.Release();
        }
    }
}
