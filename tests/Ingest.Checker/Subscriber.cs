using System.Text.Json;
using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Ingest.Checker;

/// <summary>Somebody who reads events from a durable queue.</summary>
/// <param name="Name">Ends the queue's name.</param>
/// <param name="IsBound">The queue is bound to the exchanges; otherwise the service sends to it directly.</param>
/// <param name="Most">Events in the queue at most; more are refused. 0 is no limit.</param>
/// <param name="Prefetch">Events that the broker sends ahead.</param>
/// <param name="Work">How long an event takes.</param>
/// <param name="Rest">About how long the queue is left alone after it was read for a while.</param>
sealed record Subscriber(
    string Name, bool IsBound = true, int Most = 0, ushort Prefetch = 500, TimeSpan Work = default, TimeSpan Rest = default)
{
    static readonly string[] Exchanges =
        [.. new[] { "CanonicalArticlePublished", "CanonicalArticleRevised", "DuplicateDetected", "ArticleRejected" }
            .Select(t => "Ingest.Contracts.V1:" + t)];
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200), Visit = TimeSpan.FromSeconds(2);

    public string Queue(string run) => $"{run}-{Name}";

    public async Task Declare(Uri broker, string run)
    {
        await using var connection = await Connect(broker, CancellationToken.None);
        await using var channel = await connection.CreateChannelAsync();
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-queue-type"] = "quorum" };
        if (Most > 0)
            (arguments["x-max-length"], arguments["x-overflow"]) = (Most, "reject-publish");
        await channel.QueueDeclareAsync(Queue(run), durable: true, exclusive: false, autoDelete: false, arguments);
        foreach (var exchange in IsBound ? Exchanges : [])
        {
            await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true);
            await channel.QueueBindAsync(Queue(run), exchange, "");
        }
    }

    /// <summary>Reads over all interruptions, and deletes the queue at the end.</summary>
    /// <param name="number">Its place among the account's subscribers.</param>
    /// <param name="hurry">From here on it neither works nor rests, so that the check ends.</param>
    public async Task Run(Uri broker, Account account, int number, string run, CancellationToken hurry, CancellationToken stop)
    {
        var random = new Random(number);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Read(broker, account, number, run, hurry, stop);
            }
            catch (Exception e)
            {
                if (stop.IsCancellationRequested)
                    break;
                account.Interrupted(e);
                await Task.Delay(Pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(hurry, stop);
            await Task.Delay(Rest * (0.5 + random.NextDouble()), either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Delete(broker, account, run);
    }

    /// <summary>Until it is time to rest, or the connection ends.</summary>
    async Task Read(Uri broker, Account account, int number, string run, CancellationToken hurry, CancellationToken stop)
    {
        await using var connection = await Connect(broker, stop);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stop);
        await channel.BasicQosAsync(0, Prefetch, false, stop);
        var arrived = Channel.CreateUnbounded<(ulong Tag, string? MessageId, byte[] Body)>();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, d) =>
        {
            arrived.Writer.TryWrite((d.DeliveryTag, d.BasicProperties.MessageId, d.Body.ToArray()));
            return Task.CompletedTask;
        };
        channel.ChannelShutdownAsync += (_, _) =>
        {
            arrived.Writer.TryComplete(new IOException("The channel was closed."));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(Queue(run), autoAck: false, consumer, stop);
        using var visit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (Rest > TimeSpan.Zero && !hurry.IsCancellationRequested)
            visit.CancelAfter(Visit);
        try
        {
            await foreach (var (tag, messageId, body) in arrived.Reader.ReadAllAsync(visit.Token))
            {
                if (!hurry.IsCancellationRequested)
                    await Task.Delay(Work, stop);
                if (IdOf(body) is not { } id)
                    account.Unexpected($"an event without a readable id at {Name}, with the message id {messageId}");
                else if (id.StartsWith(run, StringComparison.Ordinal))
                    account.Published(number, id, messageId ?? "none");
                await channel.BasicAckAsync(tag, multiple: false, stop);
            }
        }
        catch (OperationCanceledException) when (visit.IsCancellationRequested)
        {
            // What it has not acknowledged goes back into the queue.
        }
    }

    static string? IdOf(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var told = json.RootElement.TryGetProperty("message", out var message) ? message : json.RootElement;
            return told.GetProperty("id").GetString();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    async Task Delete(Uri broker, Account account, string run)
    {
        try
        {
            await using var connection = await Connect(broker, CancellationToken.None);
            await using var channel = await connection.CreateChannelAsync();
            await channel.QueueDeleteAsync(Queue(run));
        }
        catch (Exception e)
        {
            account.Interrupted(e);
        }
    }

    static Task<IConnection> Connect(Uri broker, CancellationToken stop) =>
        new ConnectionFactory { Uri = broker, AutomaticRecoveryEnabled = false }.CreateConnectionAsync(stop);
}
