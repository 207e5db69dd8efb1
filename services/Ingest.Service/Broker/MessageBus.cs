using System.Text.Json;
using System.Text.Json.Serialization;
using Ingest.Contracts.V1;
using Ingest.Service.Accept;
using Ingest.Service.Deduplicate;
using Ingest.Service.Normalise;
using Ingest.Service.Operations;
using MassTransit;
using MassTransit.Serialization;
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
        // What is read from a message on ingest.accept is read from its bytes: see AcceptConsumer.
        SystemTextJsonMessageSerializer.Options.Converters.Insert(0, new AnyJson());
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
            if (settings.QuorumQueues)
            {
                endpoint.SetQuorumQueue();
                endpoint.SetQueueArgument("x-delivery-limit", settings.DeliveryLimit);
                endpoint.SetQueueArgument("x-dead-letter-exchange", DeadLetters);
                // The broker gives a dead message up only when the dead-letter queue has it.
                endpoint.SetQueueArgument("x-dead-letter-strategy", "at-least-once");
                endpoint.SetQueueArgument("x-overflow", "reject-publish");
            }

            configure(endpoint);
        }));
    }

    static void Endpoints(IBusRegistrationContext context, Roles roles, Action<string, Action<IReceiveEndpointConfigurator>> add)
    {
        if (roles.Has(Role.Accept))
            add(StageSender.AcceptQueue, endpoint =>
            {
                // Whatever is no envelope is taken for the JSON of an article, whatever its content type says.
                endpoint.UseRawJsonDeserializer(RawSerializerOptions.AnyMessageType, isDefault: true);
                endpoint.ConfigureConsumer<AcceptConsumer>(context);
            });
        if (roles.Has(Role.Normalise))
            add(StageSender.NormaliseQueue, endpoint => endpoint.ConfigureConsumer<NormaliseConsumer>(context));
        if (roles.Has(Role.Deduplicate))
            add(StageSender.DeduplicateQueue, endpoint => endpoint.ConfigureConsumer<DeduplicateConsumer>(context));
    }

    /// <summary>Takes any JSON for a submission, so that it reaches the consumer, which says better what is wrong with it.</summary>
    sealed class AnyJson : JsonConverter<SubmitArticles>
    {
        static readonly SubmitArticles Unread = new([]);

        public override bool HandleNull => true;

        public override SubmitArticles Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            reader.Skip();
            return Unread;
        }

        public override void Write(Utf8JsonWriter writer, SubmitArticles value, JsonSerializerOptions options) => throw new NotSupportedException("The service receives submissions, it sends none.");
    }
}
