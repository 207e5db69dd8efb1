using System.Collections.Concurrent;
using System.Diagnostics;
using Ingest.Broker.Tests;
using PrivateBroker = Ingest.Broker.Tests.Broker;

namespace Ingest.Checker;

/// <param name="KillEvery">Zero is never.</param>
/// <param name="Url">A service that runs; null for one of our own.</param>
/// <param name="Rabbit">An address, or <see cref="Private"/>; null for none.</param>
/// <param name="Postgres">The ledger is on a server of our own.</param>
sealed record Plan(TimeSpan Duration, TimeSpan KillEvery, Uri? Url, string? Rabbit, bool Mixed, bool Postgres)
{
    public const string Private = "private";
}

/// <summary>How a check ended; the numbers are exit codes.</summary>
enum Verdict
{
    /// <summary>Every promise was kept.</summary>
    Held = 0,

    /// <summary>One was not.</summary>
    Broken = 1,

    /// <summary>The checker itself could not go on: the counts say nothing about the service.</summary>
    CheckerFailed = 3,

    /// <summary>It was told to stop, and nothing is judged.</summary>
    Stopped = 130,
}

/// <summary>One check, from the start of the service to the verdict. It ends with a verdict whatever happens.</summary>
sealed class Check : IDisposable
{
    readonly Plan plan;
    readonly Subscriber[] subscribers;
    readonly string run = $"check-{Guid.NewGuid():N}";
    readonly ConcurrentQueue<string> faults = [];

    /// <summary>The ends of the phases: sending, working slowly, waiting for answers, following.</summary>
    readonly CancellationTokenSource sending = new(), patience = new(), answering = new(), following = new();

    CancellationTokenSource[] Phases => [sending, patience, answering, following];

    PrivateBroker? own;
    PostgresServer? server;
    Uri? broker;
    Deployment? deployment;

    public Check(Plan plan)
    {
        this.plan = plan;
        subscribers = plan.Rabbit is null ? []
            : !plan.Mixed ? [new("events")]
            :
            [
                new("events"),
                new("slow", Prefetch: 5, Work: TimeSpan.FromMilliseconds(30)),
                new("full", Most: 40, Rest: TimeSpan.FromSeconds(6)),
                new("direct", IsBound: false, Most: 40, Rest: TimeSpan.FromSeconds(4)),
            ];
        Account = new Account([.. subscribers.Select(s => s.Name)]);
    }

    public Account Account { get; }

    /// <summary>Ends the processes of ours that still run.</summary>
    public void Dispose()
    {
        deployment?.Dispose();
        foreach (var phase in Phases)
            phase.Dispose();
    }

    /// <summary>Checks, prints the verdict, and returns it.</summary>
    public async Task<Verdict> Run(CancellationToken stop)
    {
        await Guard("the check", () => Steps(stop));
        var tally = Account.Tally();
        var verdict = !faults.IsEmpty ? Verdict.CheckerFailed
            : stop.IsCancellationRequested ? Verdict.Stopped
            : tally.Holds ? Verdict.Held : Verdict.Broken;
        Print(verdict, tally);
        await Guard("the end", () => End(keep: verdict is Verdict.Broken or Verdict.CheckerFailed));
        return verdict;
    }

    /// <summary>The verdict with what was counted so far.</summary>
    public void Print(Verdict verdict, Tally tally)
    {
        foreach (var line in Account.Details())
            Console.Out.WriteLine($"  {line}");
        foreach (var fault in faults)
            Console.Out.WriteLine($"  {fault}");
        var name = verdict == Verdict.CheckerFailed ? "checker failed" : verdict.ToString().ToLowerInvariant();
        Console.Out.WriteLine($"{name}: {tally}");
        Console.Out.Flush();
    }

    async Task Steps(CancellationToken stop)
    {
        await using var stopping = stop.Register(EndAll);
        if (plan.Rabbit == Plan.Private)
            own = await PrivateBroker.StartNewAsync();
        broker = own?.Address ?? (plan.Rabbit is null ? null : new Uri(plan.Rabbit));
        foreach (var subscriber in subscribers)
            await subscriber.Declare(broker!, run);
        server = plan.Postgres ? new PostgresServer() : null;
        deployment = new Deployment(Account, plan.Url, broker, server, Settings());
        deployment.Start();
        var articles = new Articles(run, plan.Mixed, Account.IsDecided);
        Task[] followed =
        [
            Guard("the follower of the feed", () => new FeedFollower(Account, () => deployment.FeedUrl, run).Run(following.Token)),
            .. subscribers.Select((s, i) => Guard(
                $"the subscriber {s.Name}", () => s.Run(broker!, Account, i, run, patience.Token, following.Token))),
        ];
        // A fifth as much where all sizes come: large articles are most of the bytes.
        var pace = plan.Mixed ? 5 : 1;
        Task[] sent =
        [
            Guard("a submitter over HTTP", () => OverHttp(articles, 20, TimeSpan.FromMilliseconds(50 * pace))),
            Guard("a submitter over HTTP", () => OverHttp(articles, 3, TimeSpan.FromMilliseconds(20 * pace))),
            broker is null ? Task.CompletedTask
                : Guard("the submitter over the queue", () => OverQueue(articles, TimeSpan.FromMilliseconds(20 * pace))),
        ];
        sending.CancelAfter(plan.Duration);
        await Guard("the killer", Disturb);
        answering.CancelAfter(TimeSpan.FromMinutes(2));
        await Task.WhenAll(sent);
        await patience.CancelAsync();
        await Arrive();
        await following.CancelAsync();
        await Task.WhenAll(followed);
        await AskForMissing(stop);
    }

    Dictionary<string, string> Settings() => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        // A machine that is slow is no fault of an article.
        ["Ingest__Normalise__TimeBudgetMs"] = "600000",
        ["Ingest__RabbitMq__EventQueues"] = string.Join(',', subscribers.Where(s => !s.IsBound).Select(s => s.Queue(run))),
    }.Where(s => s.Value.Length > 0).ToDictionary(StringComparer.Ordinal);

    async Task OverHttp(Articles articles, int inBatch, TimeSpan every)
    {
        using var submitter = new HttpSubmitter(Account, deployment!.Url);
        while (!sending.IsCancellationRequested)
        {
            await submitter.Settle(articles.Take(inBatch, isRefused: true), answering.Token);
            await Task.Delay(every, sending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task OverQueue(Articles articles, TimeSpan every)
    {
        await using var submitter = new QueueSubmitter(Account, broker!);
        for (var several = false; !sending.IsCancellationRequested; several = !several)
        {
            await submitter.Settle(articles.Take(several ? 8 : 1, isRefused: false), answering.Token);
            await Task.Delay(every, sending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Kills now and then until the sending ends.</summary>
    async Task Disturb()
    {
        var random = new Random(1);
        var (kill, tell) = (Next(), Stopwatch.StartNew());
        var clock = Stopwatch.StartNew();
        while (!sending.IsCancellationRequested)
        {
            await Task.Delay(500, sending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            deployment!.Watch();
            if (clock.Elapsed > kill && !sending.IsCancellationRequested)
            {
                if (server is not null && random.Next(4) == 0)
                    await DisturbServers(random);
                else
                    deployment.Disturb(plan.Mixed);
                (kill, clock) = (Next(), Stopwatch.StartNew());
            }

            if (tell.Elapsed > TimeSpan.FromSeconds(10))
            {
                tell.Restart();
                Console.Error.WriteLine(Account.Tally().SoFar);
            }
        }

        TimeSpan Next() => plan.KillEvery > TimeSpan.Zero ? plan.KillEvery * (0.5 + random.NextDouble()) : TimeSpan.MaxValue;
    }

    /// <summary>Kills the server or the broker, and starts it again.</summary>
    async Task DisturbServers(Random random)
    {
        if (own is not null && random.Next(2) == 0)
        {
            own.Kill();
            await own.StartAsync();
        }
        else
        {
            server!.Kill();
            await Task.Run(server.Start);
        }

        Account.Killed();
    }

    /// <summary>Until everything has arrived, or for as long as it may take.</summary>
    async Task Arrive()
    {
        // The service tries a queue that was full again after up to five minutes.
        var limit = TimeSpan.FromMinutes(subscribers.Any(s => s.Most > 0) ? 8 : 2);
        var (clock, tell) = (Stopwatch.StartNew(), Stopwatch.StartNew());
        while (clock.Elapsed < limit && !Account.IsComplete() && !following.IsCancellationRequested)
        {
            await Task.Delay(500, following.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            deployment!.Watch();
            if (tell.Elapsed <= TimeSpan.FromSeconds(10))
                continue;
            tell.Restart();
            Console.Error.WriteLine(Account.Tally().SoFar);
        }
    }

    async Task AskForMissing(CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        using var submitter = new HttpSubmitter(Account, deployment!.Url);
        foreach (var article in Account.Waiting().TakeWhile(_ => !limit.IsCancellationRequested))
            await submitter.Find(article, limit.Token);
    }

    /// <summary>A fault of the checker's own ends the check, and nothing else.</summary>
    async Task Guard(string who, Func<Task> work)
    {
        try
        {
            // On a thread of the pool: what a task does before it first waits must not hold up the others.
            await Task.Run(work);
        }
        catch (Exception e)
        {
            faults.Enqueue($"{who}: {e}");
            EndAll();
        }
    }

    void EndAll()
    {
        foreach (var phase in Phases)
            phase.Cancel();
    }

    /// <param name="keep">The ledger and the logs, for whoever looks for the reason.</param>
    async Task End(bool keep)
    {
        deployment?.Dispose();
        if (deployment?.Folder is { } folder)
        {
            if (keep)
                Console.Error.WriteLine($"The ledger and the logs are in {folder}.");
            else
                Directory.Delete(folder, recursive: true);
        }

        server?.Dispose();
        if (own is not null)
            await own.DisposeAsync();
    }
}
