using System.Threading.Channels;
using Ingest.Ledger;
using Microsoft.Extensions.Hosting;

namespace Ingest.Service.Operations;

/// <summary>Writes groups; for one thread.</summary>
interface IGroupWriter<TItem, TResult> : IDisposable
{
    /// <summary>Writes a group.</summary>
    /// <returns>For each item its result, once all of them are durable.</returns>
    /// <exception cref="LedgerException">Nothing was written. The same group may be given again.</exception>
    TResult[] Commit(IReadOnlyList<TItem> group);

    /// <summary>Shows whether it can write, by writing what changes nothing.</summary>
    /// <exception cref="LedgerException">It cannot.</exception>
    void Try();

    /// <summary>What is to be done now and then while nothing waits to be written. Its faults are not told: whoever writes meets them too.</summary>
    /// <exception cref="LedgerException">It cannot be done now.</exception>
    void Idle()
    {
    }
}

/// <summary>What a group commit is called and how much it takes.</summary>
/// <param name="Name">Of its thread.</param>
/// <param name="Part">Under which the program's health names what keeps it from writing.</param>
/// <param name="MostInGroup">
/// Enough for the cost of a transaction not to matter, few enough for the first of a group not to wait long.
/// </param>
/// <param name="MostWaiting">Bringers of items that may wait; another waits for one of them to be served.</param>
/// <param name="Refuses">While nothing can be written, who brings items is refused; otherwise what was brought waits.</param>
sealed record GroupCommitOptions(string Name, string Part, int MostInGroup, int MostWaiting, bool Refuses);

/// <summary>
/// What waits together is written together: items queue up, one thread takes as many as there are, and nobody is
/// told a result before it is durable. It reports to <see cref="Health"/> whether it can write and, when an attempt
/// hangs, that only a restart helps.
/// </summary>
sealed class GroupCommit<TItem, TResult>(
    GroupCommitOptions options, Func<IGroupWriter<TItem, TResult>> open, Func<TItem, int> size,
    Health health, TimeProvider time, IHostApplicationLifetime lifetime,
    Action<string, Exception> cannotWrite, Action<TResult[]>? committed = null) : IDisposable
{
    /// <summary>A commit takes milliseconds, and its faults seconds: longer only where the disk or the system hangs.</summary>
    public static readonly TimeSpan Hung = TimeSpan.FromMinutes(2);

    static readonly TimeSpan TryEvery = TimeSpan.FromSeconds(1), LookEvery = TimeSpan.FromSeconds(1), IdleEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>One that takes so long keeps the program from being ready, until it is done.</summary>
    static readonly TimeSpan Slow = TimeSpan.FromSeconds(8);

    /// <summary>Time for an attempt that hangs to end, when the caller of <see cref="Stop"/> has lost patience.</summary>
    static readonly TimeSpan LastRespite = TimeSpan.FromSeconds(2);

    readonly Channel<Waiting> queue =
        Channel.CreateBounded<Waiting>(new BoundedChannelOptions(options.MostWaiting) { SingleReader = true });
    readonly CancellationTokenSource stopping = new();
    Thread? thread;
    ITimer? watch;

    /// <summary>When the attempt that is under way began; 0 for none.</summary>
    long working;

    /// <summary>Writes items, in their order.</summary>
    /// <exception cref="LedgerException">Nothing was written, where this refuses.</exception>
    /// <exception cref="OperationCanceledException">
    /// The program stops, or the caller gave up: nothing is known of the items that wait already.
    /// </exception>
    public async Task<TResult[]> Write(IReadOnlyList<TItem> items, CancellationToken waiting, CancellationToken written)
    {
        var request = new Waiting(items);
        if (options.Refuses && Hanging() is { } hanging)
            throw new LedgerException(hanging);
        try
        {
            await queue.Writer.WriteAsync(request, waiting);
        }
        catch (ChannelClosedException e)
        {
            throw Stops(e);
        }

        return await request.Results.Task.WaitAsync(written);
    }

    public void Start()
    {
        watch = time.CreateTimer(_ => Look(), null, LookEvery, LookEvery);
        thread = new Thread(Work) { Name = options.Name, IsBackground = true };
        thread.Start();
    }

    /// <summary>What waits is written still, until the caller's patience ends.</summary>
    public async Task Stop(CancellationToken patience)
    {
        queue.Writer.TryComplete();
        await using var _ = patience.Register(stopping.Cancel);
        if (thread is { } running)
        {
            // A write that hangs in the system cannot be called off: what it has is safe where it came from.
            var ended = Task.Run(running.Join, CancellationToken.None);
            await ended.WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ended.WaitAsync(LastRespite, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        watch?.Dispose();
    }

    public void Dispose()
    {
        watch?.Dispose();
        stopping.Dispose();
    }

    void Work()
    {
        using var writer = Open();
        var group = new List<Waiting>(options.MostInGroup);
        while (writer is not null && !stopping.IsCancellationRequested && Wait(writer))
        {
            group.Clear();
            for (var count = 0; count < options.MostInGroup && queue.Reader.TryRead(out var waiting); count += waiting.Items.Sum(size))
                group.Add(waiting);
            var outcome = Write(writer, [.. group.SelectMany(w => w.Items)]);
            Answer(group, outcome);
            if (outcome.Results is { } results)
                committed?.Invoke(results);
        }

        // Nobody is served any more.
        queue.Writer.TryComplete();
        while (queue.Reader.TryRead(out var late))
            Fail(late, fault: null);
    }

    /// <summary>Tries until it works; null where the program stops before.</summary>
    IGroupWriter<TItem, TResult>? Open()
    {
        while (!stopping.IsCancellationRequested)
        {
            if (Attempt(open, out var writer) is not { } fault)
                return writer;
            Refuse(fault);
            // Stopped while it was never open, it has nothing to finish.
            if (queue.Reader.Completion.IsCompleted)
                return null;
        }

        return null;
    }

    /// <summary>
    /// Waits for items; false at the end. While nothing can be written it tries by itself: to a program that is not ready
    /// nobody sends what would show that it is again.
    /// </summary>
    bool Wait(IGroupWriter<TItem, TResult> writer)
    {
        var more = queue.Reader.WaitToReadAsync().AsTask();
        while (options.Refuses && !health.IsReady(options.Part) && !more.Wait(TryEvery))
            Attempt(() => Watched(() =>
            {
                writer.Try();
                return true;
            }), out _, pause: false);
        while (!more.Wait(IdleEvery))
            Idle(writer);
        return more.GetAwaiter().GetResult();
    }

    static void Idle(IGroupWriter<TItem, TResult> writer)
    {
        try
        {
            writer.Idle();
        }
        catch (LedgerException)
        {
            // See there.
        }
    }

    /// <returns>The results, or why there are none.</returns>
    (TResult[]? Results, Exception? Fault) Write(IGroupWriter<TItem, TResult> writer, List<TItem> items)
    {
        while (!stopping.IsCancellationRequested)
        {
            if (Attempt(() => Watched(() => writer.Commit(items)), out var results, pause: !options.Refuses) is not { } fault)
                return (results, null);
            if (options.Refuses)
                return (null, fault);
        }

        return (null, null);
    }

    /// <returns>The fault; null where it worked.</returns>
    Exception? Attempt<T>(Func<T> attempt, out T? result, bool pause = true)
    {
        result = default;
        try
        {
            result = attempt();
            health.Ready(options.Part);
            return null;
        }
        catch (Exception e)
        {
            // Nothing was acknowledged; whoever watches sees it, and the same is tried again.
            var reason = e is LedgerException ? e.Message : $"the stage {options.Name} failed: {e.Message}";
            if (health.NotReady(options.Part, reason))
                cannotWrite(reason, e);
            if (pause)
                Pause();
            return e;
        }
    }

    /// <summary>
    /// Waits until it may work again. What fails once more while the program stops is given up: it is safe where it came from.
    /// </summary>
    void Pause()
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            stopping.Cancel();
        WaitHandle.WaitAny([stopping.Token.WaitHandle, lifetime.ApplicationStopping.WaitHandle], TryEvery);
    }

    T Watched<T>(Func<T> work)
    {
        Interlocked.Exchange(ref working, time.GetTimestamp());
        try
        {
            return work();
        }
        finally
        {
            Interlocked.Exchange(ref working, 0);
        }
    }

    static void Answer(List<Waiting> group, (TResult[]? Results, Exception? Fault) outcome)
    {
        var at = 0;
        foreach (var waiting in group)
        {
            if (outcome.Results is { } results)
                waiting.Results.TrySetResult(results[at..(at += waiting.Items.Count)]);
            else
                Fail(waiting, outcome.Fault);
        }
    }

    /// <summary>Those that wait already are told, while the first attempt has yet to work.</summary>
    void Refuse(Exception fault)
    {
        while (options.Refuses && queue.Reader.TryRead(out var waiting))
            Fail(waiting, fault);
    }

    /// <param name="fault">Null where the program stops.</param>
    static void Fail(Waiting waiting, Exception? fault) => waiting.Results.TrySetException(fault switch
    {
        null => Stops(),
        LedgerException told => told,
        _ => new LedgerException(fault.Message, fault),
    });

    /// <summary>A task that was cancelled would look as if the caller had given up, who then needs no answer; this one does.</summary>
    static OperationCanceledException Stops(Exception? cause = null) => new("The program stops.", cause);

    void Look()
    {
        if (Hanging() is { } hanging && health.NotReady(options.Part, hanging))
            cannotWrite(hanging, new LedgerException(hanging));
        var began = Interlocked.Read(ref working);
        health.Dead(options.Name, began != 0 && time.GetElapsedTime(began) > Hung
            ? $"the stage {options.Name} has been writing to the ledger for {time.GetElapsedTime(began).TotalSeconds:0} s: the disk or the system hangs. Restart the service."
            : null);
    }

    /// <summary>That the attempt under way takes too long; null where it does not.</summary>
    string? Hanging() => Interlocked.Read(ref working) is not 0 and var began && time.GetElapsedTime(began) > Slow
        ? $"the stage {options.Name} has been writing to the ledger for more than {Slow.TotalSeconds:0} s: the disk or the system hangs, or another program holds the file."
        : null;

    sealed record Waiting(IReadOnlyList<TItem> Items)
    {
        public TaskCompletionSource<TResult[]> Results { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
