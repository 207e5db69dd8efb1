using System.Collections.Concurrent;
using System.Diagnostics;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Ingest.Benchmarks.Load;

/// <summary>
/// The bare ends of a measurement over RabbitMQ, the same for the service and for what it is compared with: a publisher with
/// confirms, and a consumer that counts.
/// </summary>
sealed class Wires : IAsyncDisposable
{
    readonly IConnection publishing, consuming;
    readonly ConcurrentDictionary<string, long> seen = new(StringComparer.Ordinal);
    readonly List<string> declared = [];
    long received;

    Wires(IConnection publishing, IConnection consuming) => (this.publishing, this.consuming) = (publishing, consuming);

    /// <summary>When each message came, in ticks of <see cref="Stopwatch"/>, by a header or the message id.</summary>
    public IReadOnlyDictionary<string, long> Seen => seen;

    public long Received => Interlocked.Read(ref received);

    public static async Task<Wires> Open(Uri broker)
    {
        var factory = new ConnectionFactory { Uri = broker };
        return new Wires(await factory.CreateConnectionAsync(), await factory.CreateConnectionAsync());
    }

    /// <summary>Declares a durable quorum queue of this run's own; it is deleted at the end.</summary>
    public async Task<string> Declare(params string[] exchanges)
    {
        var queue = $"bench.{Guid.NewGuid():N}";
        declared.Add(queue);
        await using var channel = await publishing.CreateChannelAsync();
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        foreach (var exchange in exchanges)
        {
            await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true);
            await channel.QueueBindAsync(queue, exchange, "");
        }

        return queue;
    }

    /// <summary>Counts what comes on a queue, and acknowledges it, many at a time.</summary>
    /// <param name="key">What a message is remembered by; null where only the number counts.</param>
    public async Task Consume(string queue, Func<BasicDeliverEventArgs, string?>? key = null)
    {
        var channel = await consuming.CreateChannelAsync();
        await channel.BasicQosAsync(0, 2000, false);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            if (key?.Invoke(delivery) is { } name)
                seen.TryAdd(name, Stopwatch.GetTimestamp());
            if (Interlocked.Increment(ref received) % 100 == 0 || key is not null)
                await channel.BasicAckAsync(delivery.DeliveryTag, multiple: true);
        };
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer);
    }

    /// <summary>
    /// Publishes with confirms, many of them outstanding. The library delays publishers that have used half of what its limiter
    /// allows: it is given more than is used.
    /// </summary>
    public async Task Publish(string queue, IEnumerable<byte[]> bodies, string contentType = "application/json", int outstanding = 512)
    {
        await using var channel = await publishing.CreateChannelAsync(
            new CreateChannelOptions(true, true, new ThrottlingRateLimiter(outstanding * 4)));
        var waiting = new Queue<Task>();
        foreach (var body in bodies)
        {
            var properties = new BasicProperties
            {
                DeliveryMode = DeliveryModes.Persistent, ContentType = contentType, MessageId = Guid.NewGuid().ToString()
            };
            waiting.Enqueue(channel.BasicPublishAsync("", queue, mandatory: true, properties, body, CancellationToken.None).AsTask());
            while (waiting.Count >= outstanding)
                await waiting.Dequeue();
        }

        await Task.WhenAll(waiting);
    }

    public async Task WaitFor(long messages)
    {
        var clock = Stopwatch.StartNew();
        while (Received < messages)
        {
            if (clock.Elapsed > TimeSpan.FromMinutes(10))
                throw new TimeoutException($"Only {Received} of {messages} messages came.");
            await Task.Delay(5);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await using (var channel = await publishing.CreateChannelAsync())
            foreach (var queue in declared)
                await channel.QueueDeleteAsync(queue);
        await publishing.DisposeAsync();
        await consuming.DisposeAsync();
    }
}
