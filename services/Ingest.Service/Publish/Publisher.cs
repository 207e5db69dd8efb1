using Ingest.Ledger;
using Ingest.Ledger.Articles;
using Ingest.Service.Broker;
using Ingest.Service.Operations;
using Ingest.Service.Outcomes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ingest.Service.Publish;

/// <summary>
/// The stage that tells: sends the log to the broker, entry by entry in its order, each with the same message id however often,
/// and marks how far it is when the broker has confirmed. An event that no queue takes is set aside and tried again; those
/// behind it do not wait. One process sends at a time.
/// </summary>
sealed class Publisher(
    LedgerFile ledger, BrokerSettings settings, Connections connections, Arrivals arrivals, Health health, TimeProvider time,
    ILogger<Publisher> logger) : BackgroundService
{
    const string Warning = "unroutable";
    const int Batch = 256;

    static readonly TimeSpan Retry = TimeSpan.FromSeconds(2), LookEvery = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan RetryUnroutable = TimeSpan.FromSeconds(10);

    readonly DecisionLog log = new(ledger);
    long triedUnroutable;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Work(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == 405)
            {
                // Another process has the turn.
            }
            catch (Exception e)
            {
                var reason = e is LedgerException ? e.Message : BrokerFaults.Describe(e, settings);
                if (health.NotReady(HealthReasons.Publish, reason))
                    logger.NothingPublished(reason);
            }

            await Task.Delay(Retry, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task Work(CancellationToken stopping)
    {
        await using var connection = await connections.Open("ingest publish", stopping);
        health.Ready(HealthReasons.Publish);
        // The batch is limit enough. A limit of the library's own slows sending from half of it on: measured with 7.2.2, a limit of
        // 128 makes 300 events a second of 15,000; one of 2,048 changes nothing.
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true), stopping);
        await BrokerTopology.DeclareEvents(channel, stopping);
        await BrokerTopology.TakeTurn(channel, stopping);
        using var publications = new Publications(ledger);
        var sent = publications.Sent(Destination.RabbitMq);
        logger.Publishing(sent.Next);
        var next = arrivals.Next(LookEvery, stopping);
        var stretch = Read(sent);
        while (!stopping.IsCancellationRequested)
        {
            var (end, events, damaged) = stretch;
            var whole = events.Length + damaged.Count == Batch;
            if (end > sent)
            {
                // While the broker writes these, the next are read.
                var sending = Send(channel, events);
                stretch = whole ? Read(end) : default;
                var unroutable = await sending;
                sent = end;
                publications.MarkSent(
                    Destination.RabbitMq, sent,
                    [.. unroutable.Select(e => (e.Type, new LogPosition(e.Position))), .. damaged.Select(p => (EventType.Damaged, p))],
                    time.GetUtcNow());
            }

            if (time.GetElapsedTime(triedUnroutable) > RetryUnroutable)
                await SendUnroutable(channel, publications);
            if (!whole)
            {
                await next;
                next = arrivals.Next(LookEvery, stopping);
                stretch = Read(sent);
            }

            if (!connection.IsOpen)
                throw new AlreadyClosedException(connection.CloseReason!);
        }
    }

    /// <summary>Sends events, and returns when the broker has them.</summary>
    /// <returns>Those that no queue took.</returns>
    /// <exception cref="TimeoutException">The broker does not answer. What it has of them it will get again.</exception>
    async Task<IReadOnlyList<Event>> Send(IChannel channel, Event[] events)
    {
        var sending = new Task[events.Length];
        for (var i = 0; i < sending.Length; i++)
        {
            var told = events[i];
            sending[i] = channel.BasicPublishAsync(
                BrokerTopology.Exchange(told.Name), "", mandatory: true,
                EventMessage.Properties(told, settings.Events), EventMessage.Body(told, settings.Events)).AsTask();
        }

        try
        {
            // A limit of our own: see StageSender.
            await Task.WhenAll(sending).WaitAsync(TimeSpan.FromSeconds(settings.PublishTimeoutSeconds), time);
        }
        catch (PublishException)
            when (Array.TrueForAll(sending, s => !s.IsFaulted || s.Exception!.InnerException is PublishException { IsReturn: true }))
        {
            // Returned; all others are confirmed.
        }

        return [.. events.Where((_, i) => sending[i].IsFaulted)];
    }

    /// <summary>
    /// The events of the next stretch of the log, and the positions of which none can be made because what the ledger
    /// holds is damaged: those behind them do not wait.
    /// </summary>
    (LogPosition End, Event[] Events, List<LogPosition> Damaged) Read(LogPosition after)
    {
        var entries = log.After(after, Batch, Texts.ForEvents);
        var (events, damaged) = (new List<Event>(entries.Count), new List<LogPosition>());
        foreach (var entry in entries)
        {
            try
            {
                events.Add(Event.Of(entry));
            }
            catch (StoredResultException e)
            {
                damaged.Add(entry.Decision.Position);
                logger.Damaged(e, entry.Decision.Position);
            }
        }

        return (entries.Count > 0 ? entries[^1].Decision.Position : after, [.. events], damaged);
    }

    /// <summary>Sends what was set aside: of each type the first, and if a queue takes that, those behind it.</summary>
    async Task SendUnroutable(IChannel channel, Publications publications)
    {
        triedUnroutable = time.GetTimestamp();
        foreach (var (type, _) in Event.Types)
            for (var most = 1; publications.Unroutable(type, most) is { Count: > 0 } positions; most = Batch)
            {
                Event[] events = [.. positions.Select(p => Event.Of(log.After(p.Before, 1, Texts.ForEvents)[0]))];
                var returned = await Send(channel, events);
                publications.Routed(type, [.. events.Except(returned).Select(e => new LogPosition(e.Position))]);
                if (returned.Count > 0)
                    break;
            }

        var waiting = publications.CountUnroutable();
        if (waiting == 0)
            health.Warnings.TryRemove(Warning, out _);
        else if (health.Warnings.TryAdd(Warning, ""))
            logger.Unroutable(waiting);
        if (waiting > 0)
            health.Warnings[Warning] = $"{waiting} events are waiting because no queue is bound to their exchanges: bind one. "
                + "(Skipped events with damaged data, if any, are counted too; the log names them.)";
    }
}
