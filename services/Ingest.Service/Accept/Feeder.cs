using System.Collections.Concurrent;
using System.Threading.Channels;
using Ingest.Ledger;
using Ingest.Service.Broker;
using Ingest.Service.Deduplicate;
using Ingest.Service.Normalise;
using Ingest.Service.Operations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ingest.Service.Accept;

/// <summary>
/// Brings accepted articles on their way: to the normaliser of this process, or by a message to that of another. It takes those
/// that this process accepted as they come, those that are open to every process, and now and then others that were left
/// behind: by a crash, or by a process that is gone. On a server each is taken up by one process, as many as it has room for; there what another
/// process has cleaned is brought to the lane, too.
/// </summary>
sealed class Feeder(
    LedgerStore ledger, Topology topology, TimeProvider time, ILogger<Feeder> logger, Cleaning? cleaning = null, StageSender? sender = null,
    LedgerHandOver? handOver = null, DeduplicateConsumer? deduplicate = null)
    : BackgroundService
{
    const int Batch = 256, Page = 10_000;

    /// <summary>Articles that a process takes up ahead of what it works on: enough to find the next when a batch is done, and few that others could have.</summary>
    const int MostTaken = 1024;

    /// <summary>
    /// Batches that are cleaned at once: one for each core, and two at least, so that one is cleaned while one
    /// waits for its decision.
    /// </summary>
    static readonly int BatchesInFlight = Math.Max(2, Environment.ProcessorCount);

    /// <summary>Others' articles are taken up when they have waited so long; until then they are thought to be on their way.</summary>
    static readonly TimeSpan LeftBehind = TimeSpan.FromSeconds(30), LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>New ones that are open to every process are looked for so often.</summary>
    static readonly TimeSpan LookForOpenEvery = TimeSpan.FromMilliseconds(250), TakeEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>What is with the broker is safe there; it is sent again only in case somebody emptied the queue.</summary>
    static readonly TimeSpan SendAgainAfter = TimeSpan.FromMinutes(10);

    readonly Channel<(ArticleNumber Number, bool IsCleaned)> accepted = Channel.CreateUnbounded<(ArticleNumber, bool)>(new UnboundedChannelOptions { SingleReader = true });
    readonly AcceptedArticles articles = new(ledger);

    /// <summary>
    /// Articles that this process has brought on their way: true while they go through it, false when they are with the broker.
    /// </summary>
    readonly ConcurrentDictionary<ArticleNumber, bool> underWay = new();
    readonly SemaphoreSlim slots = new(BatchesInFlight, BatchesInFlight);
    long sentAgain = time.GetTimestamp();

    /// <summary>Up to here open articles were found; only a full look finds those before, such as one that is to be tried again.</summary>
    ArticleNumber lastOpen;

    /// <summary>Adds an article that this process accepted.</summary>
    public void Add(ArticleNumber article)
    {
        underWay.TryAdd(article, true);
        accepted.Writer.TryWrite((article, false));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        logger.TakenUp(Look(topology.TakesUpLeftBehind ? DateTimeOffset.MaxValue : DateTimeOffset.MinValue));
        _ = Task.Run(() => Look(stoppingToken), stoppingToken);
        var batch = new List<(ArticleNumber Number, bool IsCleaned)>(Batch);
        try
        {
            while (await accepted.Reader.WaitToReadAsync(stoppingToken))
            {
                batch.Clear();
                while (batch.Count < Batch && accepted.Reader.TryRead(out var article))
                    batch.Add(article);
                foreach (var alike in batch.GroupBy(b => b.IsCleaned, b => b.Number))
                {
                    await slots.WaitAsync(stoppingToken);
                    ArticleNumber[] numbers = [.. alike];
                    _ = Task.Run(() => Bring(numbers, alike.Key, stoppingToken), CancellationToken.None);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // What is on its way is finished by the lane; the rest waits in the ledger.
        }

        for (var i = 0; i < BatchesInFlight; i++)
            await slots.WaitAsync(CancellationToken.None);
    }

    async Task Look(CancellationToken stopping)
    {
        // With a broker, what waits for nobody in particular is only what was left behind, or is to be tried again.
        using var timer = new PeriodicTimer(
            (topology.HasBroker, handOver) switch { (false, not null) => TakeEvery, (true, null) => LookEvery, _ => LookForOpenEvery }, time);
        for (var looked = time.GetTimestamp(); await timer.WaitForNextTickAsync(stopping);)
        {
            if (time.GetElapsedTime(looked) < LookEvery)
            {
                if (handOver is null)
                    LookForOpen();
                else
                    Take(handOver);
                continue;
            }

            looked = time.GetTimestamp();
            Look(topology.TakesUpLeftBehind ? time.GetUtcNow() - LeftBehind : DateTimeOffset.MinValue);
        }
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
            for (var after = default(ArticleNumber); ;)
            {
                var waiting = handOver?.Held(after, Page) ?? [.. articles.Unfinished(after, acceptedBefore, Page).Select(n => (n, false))];
                foreach (var (number, isCleaned) in waiting)
                {
                    sent.Remove(number);
                    found += TakeUp(number, isCleaned);
                }

                if (waiting.Count == 0)
                    break;
                after = waiting[^1].Number;
            }

            foreach (var number in sent)
                underWay.TryRemove(number, out _);
        }
        catch (LedgerException e)
        {
            // The lane says so too; this is tried again.
            logger.CannotLook(e.Message);
        }

        return found;
    }

    void LookForOpen()
    {
        try
        {
            while (articles.Open(lastOpen, Page) is { Count: > 0 } numbers)
            {
                foreach (var number in numbers)
                    TakeUp(number);
                lastOpen = numbers[^1];
            }
        }
        catch (LedgerException e)
        {
            logger.CannotLook(e.Message);
        }
    }

    void Take(LedgerHandOver waiting)
    {
        try
        {
            var room = MostTaken - underWay.Count(u => u.Value);
            // While there is room and something waits.
            for (var taken = 1; taken > 0; room -= taken)
            {
                taken = Take(waiting, cleaned: true, room);
                taken += Take(waiting, cleaned: false, room - taken);
            }
        }
        catch (LedgerException e)
        {
            logger.CannotLook(e.Message);
        }
    }

    int Take(LedgerHandOver waiting, bool cleaned, int room) => (cleaned ? topology.TakesUpCleaned : topology.Cleans || topology.AfterAccept == HandOver.Broker)
        ? waiting.Take(cleaned, Math.Min(room, Batch)).Sum(number => TakeUp(number, cleaned)) : 0;

    int TakeUp(ArticleNumber number, bool cleaned = false)
    {
        if (!underWay.TryAdd(number, true))
            return 0;
        accepted.Writer.TryWrite((number, cleaned));
        return 1;
    }

    async Task Bring(ArticleNumber[] numbers, bool cleaned, CancellationToken stopping)
    {
        var withBroker = false;
        try
        {
            if (cleaned)
            {
                await deduplicate!.Decide(handOver!.Cleaned(numbers));
            }
            else if (topology.AfterAccept == HandOver.Memory)
            {
                await cleaning!.Run(numbers, stopping);
            }
            else
            {
                await sender!.Normalise(numbers);
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
