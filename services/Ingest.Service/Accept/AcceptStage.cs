using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger;
using Ingest.Ledger.Articles;
using Ingest.Service.Operations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ingest.Service.Accept;

/// <summary>
/// The stage that says yes: submissions that come together are written together, and nobody is told before they are on the disk.
/// </summary>
sealed class AcceptStage : IHostedService, IDisposable
{
    /// <summary>How old the count of unfinished articles may be; other processes finish them too.</summary>
    static readonly TimeSpan CountEvery = TimeSpan.FromMilliseconds(100);

    readonly GroupCommit<AcceptRequest, Acceptance[]?> commit;
    readonly AcceptedArticles articles;
    readonly AcceptSettings settings;
    readonly Feeder? feeder;
    readonly TimeProvider time;
    long unfinished, countedAt, waitingNow;

    /// <param name="feeder">Null where another process takes the articles out of the ledger.</param>
    public AcceptStage(
        LedgerStore ledger, AcceptSettings settings, Topology topology, Health health, TimeProvider time,
        IHostApplicationLifetime lifetime, ILogger<AcceptStage> logger, Feeder? feeder = null)
    {
        (this.settings, this.feeder, this.time) = (settings, feeder, time);
        articles = new AcceptedArticles(ledger);
        var anybody = topology.AfterAccept == HandOver.Ledger;
        commit = new GroupCommit<AcceptRequest, Acceptance[]?>(
            new GroupCommitOptions("accept", HealthReasons.Accept, MostInGroup: 1024, MostWaiting: 4096, Refuses: true),
            () => new Group(new AcceptWriter(ledger, time.GetUtcNow()), anybody, time),
            r => r.Submissions.Count, health, time, lifetime,
            (reason, _) => logger.NothingAccepted(reason));
    }

    /// <summary>Accepts submissions.</summary>
    /// <returns>For each, in the same order, its number, once all of them are durable.</returns>
    /// <exception cref="TooManyUnfinishedException">Too many articles wait for their outcome already.</exception>
    /// <exception cref="LedgerException">The ledger cannot be written: nothing was accepted.</exception>
    /// <exception cref="IdempotencyKeyReusedException">The key was used for something else.</exception>
    public async Task<Acceptance[]> Accept(IReadOnlyList<Submission> submissions, CancellationToken cancellation, IdempotencyKey? key = null) =>
        (await Accept([new AcceptRequest(submissions, key)], cancellation))[0] ?? throw new IdempotencyKeyReusedException(key!.Key);

    /// <summary>Accepts several requests, each with a key of its own or none.</summary>
    /// <returns>For each the same as for one; null where its key was used for something else.</returns>
    /// <inheritdoc cref="Accept(IReadOnlyList{Submission}, CancellationToken, IdempotencyKey?)"/>
    public async Task<Acceptance[]?[]> Accept(IReadOnlyList<AcceptRequest> requests, CancellationToken cancellation)
    {
        var count = requests.Sum(r => r.Submissions.Count);
        if (IsFull())
            // As of the last count, and where all are refused nothing else counts.
            Count();
        if (IsFull())
            throw new TooManyUnfinishedException(settings.MostUnfinished);
        Interlocked.Add(ref waitingNow, count);
        try
        {
            // Once it waits it is not given up any more: the answer must be true.
            var accepted = await commit.Write(requests, cancellation, CancellationToken.None);
            foreach (var (number, known) in accepted.SelectMany(a => a ?? []))
                if (!known)
                {
                    Interlocked.Increment(ref unfinished);
                    feeder?.Add(number);
                }

            Count();
            return accepted;
        }
        finally
        {
            Interlocked.Add(ref waitingNow, -count);
        }
    }

    /// <summary>So many articles wait for their outcome that no more are taken.</summary>
    public bool IsFull() => Interlocked.Read(ref unfinished) + Interlocked.Read(ref waitingNow) >= settings.MostUnfinished;

    /// <summary>
    /// Counts what is unfinished, if it was not just counted. Where the ledger cannot be read the last count stands: whoever asks to accept is told
    /// by that, and who was accepted must not be told otherwise.
    /// </summary>
    public void Count()
    {
        var now = time.GetTimestamp();
        var before = Interlocked.Read(ref countedAt);
        if (before != 0 && time.GetElapsedTime(before, now) < CountEvery
            || Interlocked.CompareExchange(ref countedAt, now, before) != before)
            return;
        try
        {
            Interlocked.Exchange(ref unfinished, articles.CountUnfinished());
        }
        catch (LedgerException)
        {
            // See above.
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        commit.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => commit.Stop(cancellationToken);

    public void Dispose() => commit.Dispose();

    /// <param name="anybody">Any process with the next stage may take the articles up.</param>
    sealed class Group(AcceptWriter writer, bool anybody, TimeProvider time) : IGroupWriter<AcceptRequest, Acceptance[]?>
    {
        public Acceptance[]?[] Commit(IReadOnlyList<AcceptRequest> group) => writer.Accept(group, time.GetUtcNow(), anybody);

        public void Try() => writer.Try();

        public void Dispose() => writer.Dispose();
    }
}

/// <summary>More articles wait for their outcome than may; try later.</summary>
sealed class TooManyUnfinishedException(long most) : Exception(
    $"{most} articles are already waiting, which is the limit (Ingest:Accept:MostUnfinished). Try again later.");

/// <summary>A key came with another body than before.</summary>
sealed class IdempotencyKeyReusedException(string key) : Exception(
    $"The Idempotency-Key '{key}' was already used for a request with another body. Send each new article with a new key.");
