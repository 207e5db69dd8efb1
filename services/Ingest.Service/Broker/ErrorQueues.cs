using System.Globalization;
using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ingest.Service.Broker;

/// <param name="Messages">Null where there is no such queue (yet).</param>
/// <param name="Faults">Why the first few messages are there.</param>
sealed record ErrorQueue(string Name, long? Messages, IReadOnlyList<string> Faults);

/// <summary>
/// The queues with messages of a collection that could not be handled. Nothing is taken out of them but to go back to where it came from.
/// </summary>
sealed class ErrorQueues(BrokerSettings settings, string collection)
{
    const string FaultMessage = "MT-Fault-Message", DiedIn = "x-first-death-queue", Deliveries = "x-delivery-count";
    const int MostPeeked = 3;

    /// <summary>
    /// A quorum queue counts how often a message was given back, and drops it at a limit (RabbitMQ 4: 20). Long before that
    /// it is put in anew, where its count begins at 0.
    /// </summary>
    const long MostGivenBack = 5;

    static readonly string[] Ours = ["MT-Fault-", "MT-Reason", "MT-Host-", "x-death", "x-first-death-", "x-last-death-", Deliveries];

    /// <summary>The queues and their first messages, which stay where they are.</summary>
    /// <exception cref="BrokerException">The broker cannot be used.</exception>
    public Task<IReadOnlyList<ErrorQueue>> Look(CancellationToken cancellation) => Connected<IReadOnlyList<ErrorQueue>>(async connection =>
    {
        var queues = new List<ErrorQueue>();
        foreach (var name in BrokerTopology.Errors(collection))
            queues.Add(await Count(connection, name, cancellation) is { } count
                ? new ErrorQueue(name, count, count > 0 ? await Peek(connection, name, cancellation) : [])
                : new ErrorQueue(name, null, []));
        return queues;
    }, cancellation);

    /// <summary>
    /// Lets the messages of a queue go back to the queues that they came from; those that come meanwhile stay, and those that do not say
    /// where they came from.
    /// </summary>
    /// <returns>How many went, and how many stay because they do not say.</returns>
    /// <exception cref="BrokerException">The broker cannot be used, or a message's queue is not there.</exception>
    public Task<(long Moved, long Strays)> Return(string name, CancellationToken cancellation) => Connected(async connection =>
    {
        var count = await Count(connection, name, cancellation)
            ?? throw new BrokerException($"the broker {settings} has no queue {name}: nothing has failed there yet.");
        await using var channel = await Confirming(connection, cancellation);
        var (moved, strays) = (0L, 0L);
        while (moved + strays < count && await channel.BasicGetAsync(name, autoAck: false, cancellation) is { } message)
        {
            // What is not acknowledged when the connection closes stays in the queue.
            if ((BrokerTopology.OriginOf(name) ?? Text(message, DiedIn)) is not { } target)
            {
                strays++;
                continue;
            }

            await Move(channel, message, target, moved);
            moved++;
        }

        return (moved, strays);
    }, cancellation);

    /// <summary>Messages in a queue; null where there is none.</summary>
    public static async Task<long?> Count(IConnection connection, string queue, CancellationToken cancellation)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        try
        {
            return (await channel.QueueDeclarePassiveAsync(queue, cancellation)).MessageCount;
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return null;
        }
    }

    async Task<IReadOnlyList<string>> Peek(IConnection connection, string name, CancellationToken cancellation)
    {
        await using var channel = await Confirming(connection, cancellation);
        var (messages, faults) = (new List<BasicGetResult>(), new List<string>());
        while (messages.Count < MostPeeked && await channel.BasicGetAsync(name, autoAck: false, cancellation) is { } message)
            messages.Add(message);
        foreach (var message in messages)
        {
            var size = $"{message.Body.Length} bytes";
            faults.Add(Text(message, FaultMessage) ?? (Text(message, DiedIn) is { } queue ? $"delivered too often on {queue}, {size}" : size));
            if (message.BasicProperties.Headers?.TryGetValue(Deliveries, out var given) == true
                && Convert.ToInt64(given, CultureInfo.InvariantCulture) >= MostGivenBack)
                await Move(channel, message, name, 0, asItIs: true);
            else
                await channel.BasicNackAsync(message.DeliveryTag, multiple: false, requeue: true, cancellation);
        }

        return faults;
    }

    /// <summary>
    /// Acknowledges a message in its old queue only when the broker has it in the new one. The caller cannot cancel this: nobody
    /// would know whether it went. For the limit see <see cref="StageSender"/>.
    /// </summary>
    async Task Move(IChannel channel, BasicGetResult message, string target, long moved, bool asItIs = false)
    {
        var properties = new BasicProperties(message.BasicProperties) { Persistent = true };
        properties.ClearUserId();
        properties.Headers = message.BasicProperties.Headers?
            .Where(h => asItIs ? h.Key != Deliveries : !Ours.Any(o => h.Key.StartsWith(o, StringComparison.Ordinal)))
            .ToDictionary(StringComparer.Ordinal);
        try
        {
            await channel.BasicPublishAsync("", target, mandatory: true, properties, message.Body)
                .AsTask()
                .WaitAsync(TimeSpan.FromSeconds(settings.PublishTimeoutSeconds), CancellationToken.None);
        }
        catch (PublishException e)
        {
            throw new BrokerException(e.IsReturn
                ? $"the broker {settings} has no queue {target}. Start 'ingest serve' with this broker first. The message stays; {moved} returned before it."
                : $"the broker {settings} did not take a message for {target}; the queue may be full. The message stays; {moved} returned before it.");
        }

        await channel.BasicAckAsync(message.DeliveryTag, multiple: false, CancellationToken.None);
    }

    async Task<T> Connected<T>(Func<IConnection, Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await new Connections(settings).Open("ingest errors", cancellation);
            return await work(connection);
        }
        catch (Exception e)
            when (e is not (BrokerException or OperationCanceledException)
                || e is OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new BrokerException(BrokerFaults.Describe(e, settings));
        }
    }

    static Task<IChannel> Confirming(IConnection connection, CancellationToken cancellation) =>
        connection.CreateChannelAsync(new CreateChannelOptions(true, true), cancellation);

    static string? Text(BasicGetResult message, string header) =>
        message.BasicProperties.Headers?.TryGetValue(header, out var value) == true && value is byte[] text ? Encoding.UTF8.GetString(text) : null;
}

/// <summary>The broker cannot do what was asked; the message says why and what to do.</summary>
sealed class BrokerException(string message) : Exception(message);
