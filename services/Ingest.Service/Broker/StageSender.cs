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
/// Hands articles of a collection to a stage that another process runs. The articles are in the ledger: a message that is lost only costs time. It
/// has a connection of its own: a send through the bus that a broker's end interrupts may never come back (measured with
/// MassTransit 8.5.12 and RabbitMQ.Client 7.2.2: of 16 senders at work 11 to 20 had not come back 15 s after each of three
/// restarts, and 16 not 87 s after the last, while others sent thousands of messages; here each fails within its limit).
/// </summary>
sealed class StageSender(
    LedgerStore ledger, Connections connections, BrokerSettings settings, IHostApplicationLifetime lifetime, ILogger<StageSender> logger) : IAsyncDisposable
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
                await Send(Role.Normalise, nameof(NormaliseArticles), json);
            }
    }

    /// <inheritdoc cref="Normalise"/>
    public async Task Deduplicate(IReadOnlyList<NormalisedArticle> articles)
    {
        foreach (var some in articles.InPortions(MostInMessage, MostBytesInMessage, a => a.Result.Length))
            await SendResults(some);
    }

    /// <summary>Hands a submission on to the queue of the collection that it names.</summary>
    /// <inheritdoc cref="Normalise"/>
    public Task Submit(QueuedMessage message, string collection)
    {
        var headers = new Dictionary<string, object?>(StringComparer.Ordinal) { [QueuedMessage.CollectionHeader] = collection };
        if (message.FileName is { } file)
            headers[QueuedMessage.FileNameHeader] = file;
        if (message.Columns is { } columns)
            headers[QueuedMessage.ColumnsHeader] = columns;
        var properties = new BasicProperties { DeliveryMode = DeliveryModes.Persistent, Headers = headers };
        if (message.ContentType is { } type)
            properties.ContentType = type;
        if (message.ContentEncoding is { } coding)
            properties.ContentEncoding = coding;
        if (message.Id is { } id)
            properties.MessageId = id.ToString();
        return Send(BrokerTopology.QueueOf(Role.Accept, collection), properties, message.Body);
    }

    /// <summary>One that the broker does not take goes on without its result, as one that failed: so it reaches the errors.</summary>
    async Task SendResults(NormalisedArticle[] some)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(new DeduplicateArticles(some), StageJson.Default.DeduplicateArticles);
        try
        {
            await Send(Role.Deduplicate, nameof(DeduplicateArticles), json);
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

    Task Send(Role stage, string type, byte[] json)
    {
        var id = Guid.NewGuid();
        var properties = new BasicProperties
        {
            MessageId = id.ToString(),
            Type = type,
            ContentType = Envelope.ContentType,
            DeliveryMode = DeliveryModes.Persistent,
        };
        return Send(BrokerTopology.QueueOf(stage, ledger.Collection), properties, Envelope.Of(id, type, json));
    }

    /// <summary>The queue is declared by the probe of any process; until there is one, this waits.</summary>
    async Task Send(string queue, BasicProperties properties, ReadOnlyMemory<byte> body)
    {
        for (var told = false; ; told = true)
        {
            var channel = await Channel();
            try
            {
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
