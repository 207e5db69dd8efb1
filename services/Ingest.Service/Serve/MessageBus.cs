using System.Net.Mime;
using Ingest.Contracts.V1;
using Ingest.Service.Accept;
using Ingest.Service.Broker;
using Ingest.Service.Deduplicate;
using Ingest.Service.Normalise;
using Ingest.Service.Operations;
using MassTransit;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ingest.Service.Serve;

/// <summary>
/// Consumes from RabbitMQ, through MassTransit where the setting does not name <see cref="QueueConsumers"/>: connects and connects again, brings
/// each message on the queue of a stage to that stage's consumer, acknowledges what it handled and moves to the error queue what it could not. All
/// that Ingest has of MassTransit stands here and in <see cref="SubmissionDeserializer"/>. Without a broker there is no bus.
/// </summary>
static class MessageBus
{
    public static void Add(IServiceCollection services, ServiceSettings settings, Roles roles)
    {
        if (settings.RabbitMq.Consumer == QueueConsumer.Native)
        {
            services.AddHostedService<QueueConsumers>();
            return;
        }

        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingRabbitMq((context, rabbit) =>
            {
                Connect(rabbit, settings.RabbitMq, $"ingest {roles}");
                foreach (var collection in context.GetRequiredService<Collections>().All)
                    Endpoints(collection, rabbit, settings, roles);
            });
        });
        services.Configure<MassTransitHostOptions>(host => host.StopTimeout = TimeSpan.FromSeconds(settings.ShutdownSeconds));
        services.AddLogging(logging => logging.AddFilter(nameof(MassTransit), LogLevel.Warning));
    }

    static void Connect(IRabbitMqBusFactoryConfigurator rabbit, BrokerSettings settings, string name) =>
        rabbit.Host(settings.Host, (ushort)settings.EffectivePort, settings.VirtualHost, name, host =>
        {
            host.Username(settings.Username);
            host.Password(settings.Password);
            host.Heartbeat(TimeSpan.FromSeconds(10));
            host.MaxMessageSize(Connections.LargestMessage);
            host.ContinuationTimeout(TimeSpan.FromSeconds(settings.PublishTimeoutSeconds));
            if (settings.Tls)
                host.UseSsl(tls =>
                {
                    tls.Protocol = System.Security.Authentication.SslProtocols.None;
                    tls.ServerName = settings.TlsServerName ?? settings.Host;
                    if (settings.TlsAuthority is { } authority)
                        tls.CertificateValidationCallback = Connections.Trusting(authority);
                });
        });

    static void Endpoints(CollectionStages collection, IRabbitMqBusFactoryConfigurator rabbit, ServiceSettings settings, Roles roles)
    {
        var services = collection.Services;
        var prefetch = settings.Prefetch();
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        foreach (var (stage, queue) in BrokerTopology.Stages(collection.Name).Where(s => roles.Has(s.Stage)))
            rabbit.ReceiveEndpoint(queue, endpoint =>
            {
                endpoint.PrefetchCount = prefetch;
                endpoint.ConcurrentMessageLimit = prefetch;
                foreach (var (name, value) in BrokerTopology.QueueArguments(settings.RabbitMq))
                    endpoint.SetQueueArgument(name, value);
                // Nobody waits for an answer; what went wrong stands in the error queue.
                endpoint.PublishFaults = false;
                // Else what is published would come to the queues of every collection: see BrokerTopology.DeclareSubmissions.
                endpoint.ConfigureConsumeTopology = false;
                switch (stage)
                {
                    case Role.Accept:
                        endpoint.ClearSerialization();
                        endpoint.AddSerializer(new SubmissionDeserializer(new ContentType("application/json")), isSerializer: true);
                        endpoint.AddDeserializer(new SubmissionDeserializer(new ContentType("application/json")), isDefault: true);
                        endpoint.AddDeserializer(new SubmissionDeserializer(new ContentType(Envelope.ContentType)));
                        var accept = services.GetRequiredService<AcceptConsumer>();
                        Handle<SubmitArticles>(endpoint, m => accept.Consume(Queued(m), stopping));
                        break;
                    case Role.Normalise:
                        var normalise = services.GetRequiredService<NormaliseConsumer>();
                        Handle<NormaliseArticles>(endpoint, m => normalise.Consume(m.Message, stopping));
                        break;
                    case Role.Deduplicate:
                        var deduplicate = services.GetRequiredService<DeduplicateConsumer>();
                        Handle<DeduplicateArticles>(endpoint, m => deduplicate.Consume(m.Message, stopping));
                        break;
                }
            });
    }

    static QueuedMessage Queued(ConsumeContext<SubmitArticles> message)
    {
        var sent = message.ReceiveContext.GetPayload<RabbitMqBasicConsumeContext>().Properties;
        return QueueConsumers.Queued(message.ReceiveContext.Body.GetBytes(), sent, message.MessageId);
    }

    /// <summary>
    /// Where the program's end cuts a handling off, the message goes back to its queue. That is what happens to one that is
    /// cancelled, and only to one: for any other exception, an <see cref="OperationCanceledException"/> of somebody else's too, it
    /// would go to the error queue (measured with MassTransit 8.5.12 and RabbitMQ.Client 7.2.2: of 100 that were cut off 95 went
    /// there, of 100 that were cancelled none; those are in their queue at once).
    /// </summary>
    static void Handle<T>(IReceiveEndpointConfigurator endpoint, Func<ConsumeContext<T>, Task> consume)
        where T : class => endpoint.Handler<T>(async message =>
        {
            try
            {
                await consume(message);
            }
            catch (OperationCanceledException) when (message.ReceiveContext is BaseReceiveContext received)
            {
                received.Cancel();
                throw;
            }
        });
}
