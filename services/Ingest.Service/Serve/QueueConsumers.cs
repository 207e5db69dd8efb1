using System.Globalization;
using System.Text;
using Ingest.Service.Accept;
using Ingest.Service.Broker;
using Ingest.Service.Deduplicate;
using Ingest.Service.Normalise;
using Ingest.Service.Operations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Ingest.Service.Serve;

/// <summary>Brings the messages on the queue of each stage of this process, for each collection, to that stage's consumer, in MassTransit's place: see <see cref="QueueLoop"/>.</summary>
sealed class QueueConsumers(
    ServiceSettings settings, Topology topology, Connections connections, Collections collections, IHostApplicationLifetime lifetime, ILogger<QueueConsumers> logger)
    : BackgroundService
{
    readonly CancellationTokenSource giveUp = new();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await using var limit = cancellationToken.Register(giveUp.Cancel);
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        giveUp.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        from collection in collections.All
        from stage in BrokerTopology.Stages(collection.Name)
        where topology.Roles.Has(stage.Stage)
        let handle = Handler(stage.Stage, collection.Services)
        select new QueueLoop(stage.Queue, handle, settings.Prefetch(), connections, settings.RabbitMq, topology.Roles, [collection.Name], logger)
            .Run(stoppingToken, giveUp.Token));

    Func<QueueDelivery, Task> Handler(Role stage, IServiceProvider services)
    {
        var stopping = lifetime.ApplicationStopping;
        switch (stage)
        {
            case Role.Accept:
                var accept = services.GetRequiredService<AcceptConsumer>();
                return m => accept.Consume(Queued(m.Body, m.Properties, Guid.TryParse(m.Properties.MessageId, out var id) ? id : null), stopping);
            case Role.Normalise:
                var normalise = services.GetRequiredService<NormaliseConsumer>();
                return m => normalise.Consume(Envelope.Read(m.Body.Span, StageJson.Default.EnvelopedNormaliseArticles), stopping);
            default:
                var deduplicate = services.GetRequiredService<DeduplicateConsumer>();
                return m => deduplicate.Consume(Envelope.Read(m.Body.Span, StageJson.Default.EnvelopedDeduplicateArticles), stopping);
        }
    }

    /// <summary>What came on the queue of submissions, by either way.</summary>
    public static QueuedMessage Queued(ReadOnlyMemory<byte> body, IReadOnlyBasicProperties properties, Guid? id)
    {
        return new QueuedMessage(
            body, properties.ContentType, properties.ContentEncoding, Header(QueuedMessage.FileNameHeader), Header(QueuedMessage.ColumnsHeader), id)
        {
            Collection = Header(QueuedMessage.CollectionHeader),
        };

        // A name may be a number for its sender.
        string? Header(string name) => properties.Headers?.TryGetValue(name, out var value) != true ? null
            : value is byte[] text ? Encoding.UTF8.GetString(text) : Convert.ToString(value, CultureInfo.InvariantCulture);
    }
}
