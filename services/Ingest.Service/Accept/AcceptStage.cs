using System.Threading.Channels;
using Ingest.Ledger;
using Ingest.Ledger.Articles;
using Ingest.Service.Operations;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ingest.Service.Accept;

/// <summary>The stage that says yes: submissions that come together are written together, and nobody is told before they are on the disk.</summary>
sealed class AcceptStage(LedgerFile ledger, AcceptSettings settings, Feeder feeder, Health health, TimeProvider time, ILogger<AcceptStage> logger) : IHostedService
{
    const int MostInGroup = 1024, MostWaiting = 4096;

    static readonly TimeSpan TryEvery = TimeSpan.FromSeconds(1);

    /// <summary>How old the count of unfinished articles may be; other processes finish them too.</summary>
    static readonly TimeSpan CountEvery = TimeSpan.FromMilliseconds(100);

    readonly Channel<Waiting> queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    readonly AcceptedArticles articles = new(ledger);
    Thread? thread;
    long unfinished, countedAt, waitingNow;

    /// <summary>Accepts submissions.</summary>
    /// <returns>For each, in the same order, its number, once all of them are durable.</returns>
    /// <exception cref="TooManyUnfinishedException">Too many articles wait for their outcome already.</exception>
    /// <exception cref="LedgerException">The ledger cannot be written: nothing was accepted.</exception>
    /// <exception cref="IdempotencyKeyReusedException">The key was used for something else.</exception>
    public async Task<Acceptance[]> Accept(IReadOnlyList<Submission> submissions, CancellationToken cancellation, IdempotencyKey? key = null)
    {
        if (IsFull())
            // As of the last count, and where all are refused nothing else counts.
            Count();
        if (IsFull())
            throw new TooManyUnfinishedException(settings.MostUnfinished);
        var waiting = new Waiting(submissions, key);
        Interlocked.Add(ref waitingNow, submissions.Count);
        try
        {
            await queue.Writer.WriteAsync(waiting, cancellation);
        }
        catch (Exception e)
        {
            Interlocked.Add(ref waitingNow, -submissions.Count);
            if (e is ChannelClosedException)
                throw new OperationCanceledException("The program stops.", e);
            throw;
        }

        // Not given up any more: the answer must be true.
        return await waiting.Accepted.Task;
    }

    bool IsFull() => Interlocked.Read(ref unfinished) + Interlocked.Read(ref waitingNow) >= settings.MostUnfinished;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        thread = new Thread(Work) { Name = "accept", IsBackground = true };
        thread.Start();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Writer.TryComplete();
        if (thread is { } working)
            await Task.Run(working.Join, CancellationToken.None);
    }

    void Work()
    {
        LedgerWriter? writer = null;
        var group = new List<Waiting>();
        while (Wait(ref writer))
        {
            group.Clear();
            for (var count = 0; count < MostInGroup && queue.Reader.TryRead(out var waiting); count += waiting.Submissions.Count)
                group.Add(waiting);
            try
            {
                Write(writer ??= Open(), group);
                health.Ready(HealthReasons.Accept);
            }
            catch (Exception e)
            {
                // Whoever submitted is told that it was not accepted, and tries again.
                var reason = Failed(e);
                foreach (var waiting in group)
                    waiting.Accepted.TrySetException(new LedgerException(reason, e));
            }

            foreach (var waiting in group)
                Interlocked.Add(ref waitingNow, -waiting.Submissions.Count);
        }

        writer?.Dispose();
    }

    LedgerWriter Open()
    {
        var writer = new LedgerWriter(ledger);
        try
        {
            writer.Transact(() => IdempotencyKeys.Forget(writer, time.GetUtcNow()));
            return writer;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Waits for submissions; false at the end. While nothing can be written it tries by itself: to a program that is not ready nobody sends what would show that it is again.</summary>
    bool Wait(ref LedgerWriter? writer)
    {
        var more = queue.Reader.WaitToReadAsync().AsTask();
        while (health.Reasons.ContainsKey(HealthReasons.Accept) && !more.Wait(TryEvery))
        {
            try
            {
                (writer ??= Open()).Try();
                health.Ready(HealthReasons.Accept);
            }
            catch (Exception e)
            {
                Failed(e);
            }
        }

        return more.GetAwaiter().GetResult();
    }

    /// <returns>The reason in an operator's words.</returns>
    string Failed(Exception e)
    {
        var reason = e is SqliteException fault ? LedgerFaults.Describe(fault, ledger.FilePath) : e.Message;
        if (health.NotReady(HealthReasons.Accept, reason))
            logger.NothingAccepted(reason);
        return reason;
    }

    void Write(LedgerWriter writer, List<Waiting> group)
    {
        var accepted = new Acceptance[]?[group.Count];
        writer.Transact(() =>
        {
            for (var i = 0; i < group.Count; i++)
                if (group[i].Key is not { } key || IdempotencyKeys.Use(writer, key.Key, key.Content, time.GetUtcNow()))
                    accepted[i] = [.. group[i].Submissions.Select(s => writer.Accept(s.Article, unfinished: true))];
        });

        for (var i = 0; i < group.Count; i++)
        {
            if (accepted[i] is not { } numbers)
            {
                group[i].Accepted.TrySetException(new IdempotencyKeyReusedException(group[i].Key!.Key));
                continue;
            }

            foreach (var (number, known) in numbers)
                if (!known)
                {
                    Interlocked.Increment(ref unfinished);
                    feeder.Add(number);
                }

            group[i].Accepted.TrySetResult(numbers);
        }

        Count();
    }

    /// <summary>Counts what is unfinished, if it was not just counted.</summary>
    public void Count()
    {
        var now = time.GetTimestamp();
        var before = Interlocked.Read(ref countedAt);
        if (before != 0 && time.GetElapsedTime(before, now) < CountEvery || Interlocked.CompareExchange(ref countedAt, now, before) != before)
            return;
        Interlocked.Exchange(ref unfinished, articles.CountUnfinished());
    }

    /// <summary>Articles that wait for their outcome, as of the last count.</summary>
    public long Unfinished => Interlocked.Read(ref unfinished);

    sealed record Waiting(IReadOnlyList<Submission> Submissions, IdempotencyKey? Key)
    {
        public TaskCompletionSource<Acceptance[]> Accepted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>More articles wait for their outcome than may; try later.</summary>
sealed class TooManyUnfinishedException(long most) : Exception($"{most} articles or more wait for their outcome, which is the limit (Ingest:Accept:MostUnfinished). Try again later.");
