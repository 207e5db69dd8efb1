using System.Net.Mime;
using Ingest.Service.Accept;
using Ingest.Service.Deduplicate;
using Ingest.Service.Normalise;
using Ingest.Service.Operations;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Ingest.Service.Broker;

/// <summary>
/// The message bus: RabbitMQ where a host is configured, else MassTransit's in-memory transport. The same consumers on the same endpoints, one for each stage
/// that this process runs, called after it.
/// </summary>
static class MessageBus
{
    /// <summary>Where messages go that were delivered too often.</summary>
    public const string DeadLetters = "ingest.dead";

    public static void Add(IServiceCollection services, ServiceSettings settings, Roles roles)
    {
        var broker = settings.RabbitMq;
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            if (roles.Has(Role.Accept))
                bus.AddConsumer<AcceptConsumer>();
            if (roles.Has(Role.Normalise))
                bus.AddConsumer<NormaliseConsumer>();
            if (roles.Has(Role.Deduplicate))
                bus.AddConsumer<DeduplicateConsumer>();
            if (broker.IsConfigured)
                bus.UsingRabbitMq((context, rabbit) => RabbitMq(context, rabbit, broker, roles));
            else
                bus.UsingInMemory((context, memory) => Endpoints(context, roles, (queue, configure) => memory.ReceiveEndpoint(queue, endpoint =>
                {
                    endpoint.ConcurrentMessageLimit = broker.Prefetch;
                    configure(endpoint);
                })));
        });
        services.Configure<MassTransitHostOptions>(host => host.StopTimeout = TimeSpan.FromSeconds(settings.ShutdownSeconds));
    }

    static void RabbitMq(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit, BrokerSettings settings, Roles roles)
    {
        rabbit.Host(settings.Host, (ushort)settings.EffectivePort, settings.VirtualHost, $"ingest {roles}", host =>
        {
            host.Username(settings.Username);
            host.Password(settings.Password);
            host.Heartbeat(TimeSpan.FromSeconds(10));
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
        Endpoints(context, roles, (queue, configure) => rabbit.ReceiveEndpoint(queue, endpoint =>
        {
            endpoint.PrefetchCount = settings.Prefetch;
            endpoint.ConcurrentMessageLimit = settings.Prefetch;
            foreach (var (name, value) in QueueArguments(settings))
                endpoint.SetQueueArgument(name, value);
            configure(endpoint);
        }));
    }

    /// <summary>How the queues of the stages are declared.</summary>
    public static Dictionary<string, object?> QueueArguments(BrokerSettings settings) => settings.QuorumQueues
        ? new(StringComparer.Ordinal)
        {
            ["x-queue-type"] = "quorum",
            ["x-delivery-limit"] = settings.DeliveryLimit,
            ["x-dead-letter-exchange"] = DeadLetters,
            // The broker gives a dead message up only when the dead-letter queue has it.
            ["x-dead-letter-strategy"] = "at-least-once",
            ["x-overflow"] = "reject-publish",
        }
        : [];

    static void Endpoints(IBusRegistrationContext context, Roles roles, Action<string, Action<IReceiveEndpointConfigurator>> add)
    {
        Add(Role.Accept, StageSender.AcceptQueue, endpoint =>
        {
            endpoint.ClearSerialization();
            endpoint.AddSerializer(new SubmissionDeserializer(new ContentType("application/json")), isSerializer: true);
            endpoint.AddDeserializer(new SubmissionDeserializer(new ContentType("application/json")), isDefault: true);
            endpoint.AddDeserializer(new SubmissionDeserializer(new ContentType(Envelope.ContentType)));
            endpoint.ConfigureConsumer<AcceptConsumer>(context);
        });
        Add(Role.Normalise, StageSender.NormaliseQueue, endpoint => endpoint.ConfigureConsumer<NormaliseConsumer>(context));
        Add(Role.Deduplicate, StageSender.DeduplicateQueue, endpoint => endpoint.ConfigureConsumer<DeduplicateConsumer>(context));

        void Add(Role role, string queue, Action<IReceiveEndpointConfigurator> configure)
        {
            if (roles.Has(role))
                add(queue, endpoint =>
                {
                    // Nobody waits for an answer; what went wrong stands in the error queue.
                    endpoint.PublishFaults = false;
                    configure(endpoint);
                });
        }
    }
}
