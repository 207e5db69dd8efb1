using MassTransit;
using MassTransit.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ingest.Benchmarks.Load;

/// <summary>An article as the relay sees it.</summary>
public sealed record RelayedArticle(string Id, string Text);

/// <summary>
/// What the service is compared with, in a process of its own as the service is: a bare MassTransit consumer that
/// publishes each message again.
/// </summary>
static class Relay
{
    public const string Queue = "bench.relay";
    public const string Exchange = "Ingest.Benchmarks.Load:RelayedArticle";

    public static async Task Run(Uri broker)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddConsumer<Consumer>();
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(broker);
                rabbit.ReceiveEndpoint(Queue, endpoint =>
                {
                    endpoint.SetQuorumQueue();
                    endpoint.PrefetchCount = 1000;
                    endpoint.ConcurrentMessageLimit = 1000;
                    endpoint.ConfigureConsumeTopology = false;
                    endpoint.UseRawJsonDeserializer(RawSerializerOptions.AnyMessageType, isDefault: true);
                    endpoint.ConfigureConsumer<Consumer>(context);
                });
            });
        });
        await builder.Build().RunAsync();
    }

    sealed class Consumer : IConsumer<RelayedArticle>
    {
        public Task Consume(ConsumeContext<RelayedArticle> context) => context.Publish(context.Message);
    }
}
