using Ingest.Ledger;
using Ingest.Ledger.Articles;
using Ingest.Service.Broker;
using Ingest.Service.Operations;
using Ingest.Service.Outcomes;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ingest.Service.Publish;

/// <summary>
/// Sends the log to one destination, entry by entry in its order, each with the same message id however often, and marks how far it is when
/// the broker has confirmed. An event that cannot be sent holds up none behind it: it is passed over with its reason. To the exchanges an
/// event that some queue refuses is passed over too, because the broker has given it to the others and does not say who refused; a queue
/// that is a destination of its own waits for itself alone.
/// </summary>
sealed class Outbox(
    Destination destination, LedgerStore ledger, BrokerSettings settings, Connections connections, Arrivals arrivals, Health health,
    TimeProvider time, ILogger logger) : IAsyncDisposable
{
    const int Batch = 256;

    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500), Slow = TimeSpan.FromSeconds(5), RetryQueue = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long until what was passed over is tried again. One that was refused reaches with each try, once more, every queue that is not
    /// full: so they become rarer.
    /// </summary>
    static readonly TimeSpan RetryUnroutable = TimeSpan.FromSeconds(10), RetryRefusedAtMost = TimeSpan.FromMinutes(5);

    readonly DecisionLog log = new(ledger);
    readonly Publications publications = new(ledger);
    readonly Dictionary<UnsentCause, Tries> tries = new()
    {
        [UnsentCause.Unroutable] = new(RetryUnroutable, RetryUnroutable),
        [UnsentCause.Refused] = new(RetryUnroutable, RetryRefusedAtMost),
    };
    readonly string warning = $"unsent {destination}";
    IChannel? channel;
    string said = "";

    /// <summary>A queue of its own; null for the exchanges.</summary>
    readonly string? queue = destination.QueueName;

    /// <summary>What it is called where it keeps the program from being ready; the publisher's own for the exchanges.</summary>
    readonly string part = destination.QueueName is { } own ? $"{HealthReasons.Publish} {own}" : HealthReasons.Publish;

    public async ValueTask DisposeAsync()
    {
        publications.Dispose();
        if (channel is not null)
            await channel.DisposeAsync();
    }

    /// <summary>Sends until the program stops.</summary>
    /// <exception cref="Exception">The broker or the ledger cannot be used. What was not marked as sent is sent again.</exception>
    public async Task Work(IConnection connection, CancellationToken stopping)
    {
        var sent = Begin();
        logger.Publishing(sent.Next, destination);
        var next = arrivals.Next();
        var stretch = Read(sent);
        while (!stopping.IsCancellationRequested)
        {
            if (stretch.End > sent)
            {
                // While the broker writes these, the next are read.
                var sending = Send(connection, stretch.Events, stopping);
                var following = Read(stretch.End);
                var fates = await sending;
                if (queue is not null && Array.FindIndex(fates, f => f.Cause is UnsentCause.Unroutable or UnsentCause.Refused) is >= 0 and var first)
                {
                    sent = await Wait(stretch, fates, first, stopping);
                    stretch = Read(sent);
                    continue;
                }

                Mark(stretch.End, [.. PassedOver(stretch.Events, fates), .. stretch.Damaged]);
                (sent, stretch) = (stretch.End, following);
            }

            // Nothing is left to send, or it was sent.
            health.Ready(part);
            await SendUnsent(connection, stopping);
            if (stretch.End <= sent)
            {
                await next.WaitAsync(LookEvery, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                next = arrivals.Next();
                stretch = Read(sent);
            }

            if (!connection.IsOpen)
                throw new AlreadyClosedException(connection.CloseReason!);
        }
    }

    /// <summary>Where to go on. From here on nothing goes that was not sent; a new destination gets what is still kept.</summary>
    LogPosition Begin()
    {
        var (sent, gone) = (publications.Sent(destination), new Retention(ledger).Gone().Texts);
        if (sent < gone)
            logger.NoLongerKept(destination, sent.Next, gone);
        var begin = sent < gone ? gone : sent;
        if (begin > sent || begin == LogPosition.Start)
            publications.MarkSent(destination, begin, [], time.GetUtcNow());
        return begin;
    }

    void Mark(LogPosition end, IReadOnlyList<UnsentEvent> passedOver)
    {
        publications.MarkSent(destination, end, passedOver, time.GetUtcNow());
        if (passedOver.Count > 0)
            Tell();
    }

    /// <summary>A queue of its own refuses an event, or is not there: those before it are marked, and the rest waits with it.</summary>
    async Task<LogPosition> Wait(Stretch stretch, Fate[] fates, int first, CancellationToken stopping)
    {
        var before = stretch.Events[..first];
        var end = new LogPosition(stretch.Events[first].Position).Before;
        Mark(end, [.. PassedOver(before, fates), .. stretch.Damaged.Where(d => d.Position <= end)]);
        var waiting = log.End().Position.Value - end.Value;
        Warn(fates[first].Cause == UnsentCause.Unroutable
            ? $"{waiting} events wait for the queue {queue}, which does not exist: declare it."
            : $"{waiting} events wait for the queue {queue}, which is full: consume from it, or raise its limit.");
        health.Ready(part);
        await Task.Delay(RetryQueue, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return end;
    }

    static IEnumerable<UnsentEvent> PassedOver(Event[] events, Fate[] fates) => events.Zip(fates)
        .Where(e => e.Second.Cause is not null)
        .Select(e => new UnsentEvent(new LogPosition(e.First.Position), e.First.Type, e.Second.Cause!.Value, e.Second.Detail));

    /// <summary>Sends events, and returns what became of each when the broker has said so.</summary>
    /// <exception cref="TimeoutException">The broker does not answer. What it has of them it will get again.</exception>
    async Task<Fate[]> Send(IConnection connection, Event[] events, CancellationToken stopping)
    {
        var fates = new Fate?[events.Length];
        var bodies = Array.ConvertAll(events, e => EventMessage.Body(e, settings.Events));
        while (Array.Exists(fates, f => f is null))
        {
            // The batch is limit enough. A limit of the library's own slows sending from half of it on: measured with 7.2.2, a limit of
            // 128 makes 300 events a second of 15,000; one of 2,048 changes nothing.
            if (channel is not { IsOpen: true })
                channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true), stopping);
            var sending = new Task?[events.Length];
            for (var i = 0; i < events.Length; i++)
                if (fates[i] is null)
                    sending[i] = channel.BasicPublishAsync(
                        queue is null ? BrokerTopology.Exchange(events[i].Name, ledger.Collection) : "", queue ?? "", mandatory: true,
                        // What was handed to the broker is sent: were its confirm called off, it would be sent again after the next start.
                        EventMessage.Properties(events[i], settings.Events, ledger.Collection), bodies[i], CancellationToken.None).AsTask();
            var fault = await Finished([.. sending.OfType<Task>()], stopping);
            for (var i = 0; i < events.Length; i++)
                if (sending[i] is { } task)
                    fates[i] = FateOf(task);
            if (Array.Exists(fates, f => f is { Cause: null }))
                connections.Takes();
            if (!Array.Exists(fates, f => f is null))
                break;
            // Where the channel ends, some of what was under way is only called off, which says nothing of the reason.
            fault = channel.CloseReason is { } reason ? new AlreadyClosedException(reason) : fault ?? new IOException("The channel to the broker ended.");
            if (!PassOverTooLarge(fault, bodies, fates))
                throw fault;
        }

        return Array.ConvertAll(fates, f => f!);
    }

    /// <returns>A fault that is not an event's own; null for none.</returns>
    async Task<Exception?> Finished(Task[] sending, CancellationToken stopping)
    {
        var all = Task.WhenAll(sending);
        var limit = TimeSpan.FromSeconds(settings.PublishTimeoutSeconds);
        try
        {
            var slow = Slow < limit ? Slow : limit;
            if (await Task.WhenAny(all, Task.Delay(slow, time, CancellationToken.None)) != all)
                health.NotReady(part, $"the broker {settings} has confirmed nothing for {slow.TotalSeconds:0} s.");
            // A limit of our own: see StageSender. A program that stops waits for what is usual, and no longer.
            await all.WaitAsync(limit - slow, time, stopping);
            return null;
        }
        catch (TimeoutException e)
        {
            return e;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && !all.IsCompleted)
        {
            throw;
        }
        catch (Exception)
        {
            return sending.Select(s => s.Exception?.InnerException).FirstOrDefault(e => e is not (null or PublishException { IsReturn: true }) && !IsRefusal(e));
        }
    }

    /// <returns>Null where it is not known.</returns>
    static Fate? FateOf(Task sending) =>
        sending.IsCompletedSuccessfully ? new Fate(null)
        : sending.Exception?.InnerException is PublishException { IsReturn: true } ? new Fate(UnsentCause.Unroutable)
        : IsRefusal(sending.Exception?.InnerException) ? new Fate(UnsentCause.Refused)
        : null;

    /// <summary>A negative confirm; where the channel ends, what waits for its confirm fails otherwise.</summary>
    static bool IsRefusal(Exception? e) => e is PublishException { IsReturn: false, InnerException: null };

    /// <returns>False where none of them is too large.</returns>
    static bool PassOverTooLarge(Exception fault, ReadOnlyMemory<byte>[] bodies, Fate?[] fates)
    {
        if (BrokerFaults.MostBytes(fault) is not { } most)
            return false;
        var any = false;
        for (var i = 0; i < fates.Length; i++)
            if (fates[i] is null && bodies[i].Length > most)
            {
                fates[i] = new Fate(UnsentCause.TooLarge, BrokerFaults.TooLarge(bodies[i].Length, most));
                any = true;
            }

        return any;
    }

    /// <summary>
    /// The events of the next stretch of the log, and those that cannot be made because what the ledger holds is damaged: those behind them
    /// do not wait.
    /// </summary>
    Stretch Read(LogPosition after, int most = Batch)
    {
        var (events, damaged, end) = (new List<Event>(most), new List<UnsentEvent>(), after);
        try
        {
            foreach (var entry in log.After(after, most, Texts.ForEvents))
            {
                end = entry.Decision.Position;
                events.Add(Event.Of(entry, ledger.Collection));
            }
        }
        catch (StoredResultException e)
        {
            // The log has no gaps: where its next entry cannot be read at all, it is that of the next position.
            end = end > after && (events.Count == 0 || events[^1].Position < end.Value) ? end : end.Next;
            damaged.Add(new UnsentEvent(end, EventType.Damaged, UnsentCause.Damaged, e.Message));
            logger.Damaged(e, end);
        }

        return new Stretch(end, [.. events], damaged);
    }

    /// <summary>Sends what was passed over: of each type the first, and if that is taken, those behind it.</summary>
    async Task SendUnsent(IConnection connection, CancellationToken stopping)
    {
        foreach (var (cause, trying) in tries)
        {
            if (!trying.IsDue(time))
                continue;
            var (failed, progress) = (false, false);
            // Also of a type that was not known while its data was damaged.
            foreach (var type in Enum.GetValues<EventType>())
            {
                var (left, settled) = await SendUnsent(connection, cause, type, stopping);
                (failed, progress) = (failed | left, progress | settled);
            }

            // A queue that has taken some has a reader: it is asked again soon.
            if (failed && !progress)
                trying.Failed(time);
            else
                trying.Worked(time);
            Tell();
        }
    }

    /// <returns>Whether some are left for this cause, and whether some were sent.</returns>
    async Task<(bool Left, bool Settled)> SendUnsent(IConnection connection, UnsentCause cause, EventType type, CancellationToken stopping)
    {
        var any = false;
        for (var most = 1; publications.Unsent(destination, cause, type, most) is { Count: > 0 } positions; most = Batch)
        {
            // One by one: they may be large.
            var (settled, left) = (new List<LogPosition>(), new List<UnsentEvent>());
            foreach (var position in positions)
            {
                var stretch = Read(position.Before, 1);
                if (stretch.Events.Length > 0)
                {
                    var fates = await Send(connection, stretch.Events, stopping);
                    left.AddRange(PassedOver(stretch.Events, fates));
                }

                left.AddRange(stretch.Damaged);
                if (left.Count > 0)
                    break;
                settled.Add(position);
            }

            publications.Settle(destination, settled);
            any |= settled.Count > 0;
            if (left.Count == 0)
                continue;
            publications.MarkSent(destination, LogPosition.Start, left, time.GetUtcNow());
            // What is no longer tried for this cause holds up those behind it no more.
            if (left[0].Cause == cause)
                return (true, any);
        }

        return (false, any);
    }

    /// <summary>What is worth an alarm about this destination.</summary>
    void Tell() => Warn(string.Join(' ', publications.CountUnsent().Where(c => c.Destination == destination).GroupBy(c => c.Cause).Select(Text)));

    string Text(IGrouping<UnsentCause, UnsentCount> counts)
    {
        var events = $"{counts.Sum(c => c.Events)} {(counts.Sum(c => c.Events) == 1 ? "event" : "events")}";
        var exchanges = string.Join(", ", counts.Select(c => BrokerTopology.Exchange(StoredName(c.Type), ledger.Collection)));
        return counts.Key switch
        {
            UnsentCause.Unroutable => $"{events} waiting because no queue is bound to {exchanges}: bind one.",
            UnsentCause.Refused =>
                $"{events} refused by a queue that is bound to {exchanges}, which is full (x-max-length with reject-publish); the other queues have them: consume from it, or raise its limit.",
            UnsentCause.TooLarge => $"{events} too large for the broker, the first at position {counts.First().First}: {counts.First().Detail} 'ingest errors' shows them.",
            _ => $"{events} skipped because their data in the ledger is damaged, the first at position {counts.First().First}.",
        };
    }

    static string StoredName(EventType type) => Event.Types.FirstOrDefault(t => t.Type == type).Name ?? "events";

    void Warn(string text)
    {
        health.Warn(warning, text.Length > 0 ? text : null);
        if (text.Length > 0 && said.Length == 0)
            logger.Unsent(text);
        said = text;
    }

    /// <summary>What became of an event.</summary>
    /// <param name="Cause">Why it was passed over; null for one that the broker has.</param>
    sealed record Fate(UnsentCause? Cause, string Detail = "");

    /// <param name="Events">In their order.</param>
    sealed record Stretch(LogPosition End, Event[] Events, IReadOnlyList<UnsentEvent> Damaged);

    /// <summary>When something is tried again: ever more rarely while it fails.</summary>
    sealed class Tries(TimeSpan least, TimeSpan most)
    {
        long last;
        int failures;

        public TimeSpan Pause => failures > 16 || least * (1 << failures) > most ? most : least * (1 << failures);

        public bool IsDue(TimeProvider time) => time.GetElapsedTime(last) >= Pause;

        public void Failed(TimeProvider time) => (last, failures) = (time.GetTimestamp(), failures + 1);

        public void Worked(TimeProvider time) => (last, failures) = (time.GetTimestamp(), 0);
    }
}
