using System.Text.Json;
using System.Text.Json.Serialization;
using Ingest.Contracts.V1;
using Ingest.Ledger;
using Ingest.Service.Operations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ingest.Service.Broker;

/// <summary>
/// Hands articles to a stage that another process runs. The articles are in the ledger: a message that is lost only costs time. It
/// has a connection of its own: a send through the bus that a broker's end interrupts may never come back (measured with
/// MassTransit 8.5.12 and RabbitMQ.Client 7.2.2: of 16 senders at work 11 to 20 had not come back 15 s after each of three
/// restarts, and 16 not 87 s after the last, while others sent thousands of messages; here each fails within its limit).
/// </summary>
sealed class StageSender(
    Connections connections, BrokerSettings settings, IHostApplicationLifetime lifetime, ILogger<StageSender> logger) : IAsyncDisposable
{
    /// <summary>Articles in a message: a hop then costs little for each.</summary>
    const int MostInMessage = 64;

    /// <summary>Bytes of results in a message; a larger one goes alone.</summary>
    const int MostBytesInMessage = 1 << 20;

    /// <summary>More than an <see cref="Envelope"/> adds.</summary>
    const int EnvelopeBytes = 1024;

    static readonly TimeSpan LookForReader = TimeSpan.FromSeconds(1);

    readonly SemaphoreSlim gate = new(1, 1);
    (IConnection Connection, IChannel Channel)? link;

    TimeSpan Limit => TimeSpan.FromSeconds(settings.PublishTimeoutSeconds);

    /// <returns>When the broker has the messages.</returns>
    /// <exception cref="Exception">It has not, or not all of them; they may be sent again.</exception>
    public async Task Normalise(IReadOnlyList<ArticleNumber> articles)
    {
        foreach (var some in articles.Chunk(MostInMessage))
            {
                var message = new NormaliseArticles([.. some.Select(a => a.Value)]);
                var json = JsonSerializer.SerializeToUtf8Bytes(message, StageJson.Default.NormaliseArticles);
                await Send(BrokerTopology.NormaliseQueue, nameof(NormaliseArticles), json);
            }
    }

    /// <inheritdoc cref="Normalise"/>
    public async Task Deduplicate(IReadOnlyList<NormalisedArticle> articles)
    {
        foreach (var some in articles.InPortions(MostInMessage, MostBytesInMessage, a => a.Result.Length))
            await SendResults(some);
    }

    /// <summary>One that the broker does not take goes on without its result, as one that failed: so it reaches the errors.</summary>
    async Task SendResults(NormalisedArticle[] some)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(new DeduplicateArticles(some), StageJson.Default.DeduplicateArticles);
        try
        {
            await Send(BrokerTopology.DeduplicateQueue, nameof(DeduplicateArticles), json);
        }
        catch (Exception e) when (BrokerFaults.MostBytes(e) is { } most && json.Length > most - EnvelopeBytes)
        {
            if (some is not [{ Fault: null } alone])
            {
                foreach (var article in some)
                    await SendResults([article]);
                return;
            }

            logger.TooLarge(alone.Article, json.Length, most);
            await SendResults([new NormalisedArticle(alone.Article, ReadOnlyMemory<byte>.Empty)
            {
                Fault = new NormalisationFault("MessageTooLarge", BrokerFaults.TooLarge(json.Length, most)),
            }]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (link is { } open)
            await open.Connection.DisposeAsync();
        gate.Dispose();
    }

    /// <summary>The queue is declared by the probe of any process; until there is one, this waits.</summary>
    async Task Send(string queue, string type, byte[] json)
    {
        var id = Guid.NewGuid();
        var body = Envelope.Of(id, type, json);
        for (var told = false; ; told = true)
        {
            var channel = await Channel();
            try
            {
                var properties = new BasicProperties
                {
                    MessageId = id.ToString(),
                    Type = type,
                    ContentType = Envelope.ContentType,
                    DeliveryMode = DeliveryModes.Persistent,
                };
                // A limit of our own: a broker that is stuck answers nothing, and after its restart the client itself may hang
                // (rabbitmq-dotnet-client#1930, open with 7.2.2).
                await channel.BasicPublishAsync("", queue, mandatory: true, properties, body).AsTask().WaitAsync(Limit);
                connections.Takes();
                return;
            }
            catch (PublishException e) when (e.IsReturn)
            {
                if (!told)
                    logger.NobodyReads(queue);
                await Task.Delay(LookForReader, lifetime.ApplicationStopping);
            }
            catch
            {
                await Drop(channel);
                throw;
            }
        }
    }

    async Task<IChannel> Channel()
    {
        await gate.WaitAsync();
        try
        {
            if (link is { } open && open.Channel.IsOpen)
                return open.Channel;
            if (link is { } broken)
                await connections.Close(broken.Connection);
            link = null;
            var connection = await connections.Open("ingest stages", lifetime.ApplicationStopping);
            link = (connection, await connection.CreateChannelAsync(new CreateChannelOptions(true, true), CancellationToken.None));
            return link.Value.Channel;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Gives a channel up that failed, with its connection; the next message opens another.</summary>
    async Task Drop(IChannel failed)
    {
        await gate.WaitAsync();
        try
        {
            if (link is { } open && ReferenceEquals(open.Channel, failed))
            {
                link = null;
                await connections.Close(open.Connection);
            }
        }
        finally
        {
            gate.Release();
        }
    }
}

/// <summary>The JSON form of messages between stages: that of every message of the contract.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NormaliseArticles))]
[JsonSerializable(typeof(DeduplicateArticles))]
[JsonSerializable(typeof(Enveloped<NormaliseArticles>))]
[JsonSerializable(typeof(Enveloped<DeduplicateArticles>))]
sealed partial class StageJson : JsonSerializerContext;
