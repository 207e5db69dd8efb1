using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Ingest.Checker;

/// <summary>Those who read what comes out.</summary>
sealed class Followers(Account account)
{
    static readonly string[] Exchanges =
        [.. new[] { "CanonicalArticlePublished", "CanonicalArticleRevised", "DuplicateDetected", "ArticleRejected" }
            .Select(t => "Ingest.Contracts.V1:" + t)];
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Follows the feed over all interruptions. A deployment that has a past is followed from its end on.</summary>
    public async Task Feed(Uri url, string run, CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromSeconds(30) };
        var after = 0L;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var page = JsonDocument.Parse(await http.GetByteArrayAsync($"/v1/events?after={after}&wait=5&limit=1000", stop));
                foreach (var told in page.RootElement.GetProperty("events").EnumerateArray())
                {
                    var id = told.GetProperty("event").GetProperty("id").GetString()!;
                    after = told.GetProperty("position").GetInt64();
                    if (id.StartsWith(run, StringComparison.Ordinal))
                        account.Decided(id, after);
                    else
                        account.Passed(after);
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or JsonException or TaskCanceledException
                && !stop.IsCancellationRequested)
            {
                await Task.Delay(Pause, CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>A durable queue of our own on all exchanges of events.</summary>
    public static async Task Bind(Uri broker, string queue)
    {
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-queue-type"] = "quorum" });
        foreach (var exchange in Exchanges)
        {
            await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true);
            await channel.QueueBindAsync(queue, exchange, "");
        }
    }

    /// <summary>Reads events from the queue, and deletes it at the end.</summary>
    public async Task Events(Uri broker, string queue, string run, CancellationToken stop)
    {
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(stop);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stop);
        await channel.BasicQosAsync(0, 500, false, stop);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            using (var json = JsonDocument.Parse(delivery.Body))
            {
                var told = json.RootElement.TryGetProperty("message", out var message) ? message : json.RootElement;
                if (told.GetProperty("id").GetString() is { } id && id.StartsWith(run, StringComparison.Ordinal))
                    account.Published(id, delivery.BasicProperties.MessageId ?? "none");
            }

            await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false);
        };
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer, stop);
        await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await channel.QueueDeleteAsync(queue, cancellationToken: CancellationToken.None);
        }
        catch (OperationInterruptedException)
        {
            // The broker goes before us.
        }
    }
}
