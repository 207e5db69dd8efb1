using System.Text;
using Ingest.Broker.Tests.Faults;
using RabbitMQ.Client;

namespace Ingest.Broker.Tests;

/// <summary>What may take the messages from the queues leaves the same behind, so that one can take the other's place on a running broker.</summary>
[Collection(nameof(ClientsBroker))]
public sealed class ConsumersTests(SharedBroker shared)
{
    [BrokerFact]
    public async Task A_failed_message_lies_in_the_same_error_queue_with_the_same_headers()
    {
        await using var desk = await Desk.OpenAsync(shared.Broker);
        var id = Guid.NewGuid().ToString();
        // The loop first: it declares the queue, and the library, which declares it each time, would not get on with another.
        foreach (var (consumer, count) in ((string, int)[])[("Native", 1), ("MassTransit", 2)])
        {
            desk.At.Environment["Ingest__RabbitMq__Consumer"] = consumer;
            var serving = desk.Serve();
            await desk.PublishAsync([(Encoding.UTF8.GetBytes("no JSON"), new BasicProperties
            {
                ContentType = "application/json", MessageId = id, CorrelationId = "mine", Priority = 1,
                Headers = new Dictionary<string, object?>(StringComparer.Ordinal) { ["mine"] = 7L },
            })]);
            await desk.WaitForAsync(Desk.AcceptErrors, c => c.Ready == count);
            Assert.Equal(0, serving.Stop());
        }

        var errors = await shared.Broker.PeekAsync(Desk.AcceptErrors, desk.VirtualHost);
        Assert.All(errors, e => Assert.Equal(("no JSON", "application/json", id, "mine"), (e.Text, e.Properties.ContentType, e.Properties.MessageId, e.Properties.CorrelationId)));
        var headers = errors.Select(e => e.Properties.Headers!.Where(h => h.Key != "x-delivery-count").ToDictionary(h => h.Key, h => h.Value is byte[] text ? Encoding.UTF8.GetString(text) : h.Value, StringComparer.Ordinal)).ToList();
        Assert.All(headers, h => Assert.Equal(7L, h["mine"]));
        var (own, library) = (headers[0], headers[1]);
        // What the library says of itself, and what is another each time or names the queue in another way.
        string[] libraries = ["MT-Fault-ConsumerType", "MT-Fault-MessageType", "MT-Host-MassTransitVersion"];
        string[] different = ["MT-Fault-InputAddress", "MT-Fault-StackTrace", "MT-Fault-Timestamp", "MT-Host-ProcessId", "x-dotnet-pub-seq-no"];
        Assert.True(
            own.Keys.Order(StringComparer.Ordinal).SequenceEqual(library.Keys.Except(libraries).Order(StringComparer.Ordinal))
            && own.Keys.Except(different).All(k => Equals(own[k], library[k])),
            $"{string.Join('\n', own)}\n\n{string.Join('\n', library)}");
        Assert.All(different, n => Assert.NotEqual("", own[n]));
    }
}
