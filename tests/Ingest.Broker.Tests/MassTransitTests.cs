using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ingest.Contracts.V1;
using Ingest.EndToEnd.Tests;
using MassTransit;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Ingest.Broker.Tests;

/// <summary>Programs with MassTransit as it comes, and without it, on both sides of the service.</summary>
[Collection(nameof(ClientsBroker))]
public sealed class MassTransitTests(SharedBroker shared) : IAsyncLifetime, IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    readonly Workplace at = new();
    readonly string host = $"messages-{Guid.NewGuid():N}";
    readonly ConcurrentQueue<Heard> heard = new();

    Broker Broker => shared.Broker;

    Uri Address => Broker.AddressOf(host);

    public Task InitializeAsync() => Broker.Missing is null ? Broker.AddVirtualHostAsync(host) : Task.CompletedTask;

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => at.Dispose();

    [BrokerFact]
    public async Task A_consumer_as_it_comes_gets_each_event_typed_and_with_its_message_id()
    {
        var bus = await Listening(_ => { });
        await using var stopping = new Stopping(bus);
        using var serving = Serve();
        var events = await Decide(serving);

        AssertHeard(events);
        Assert.All(heard, h => Assert.Equal("application/vnd.masstransit+json", h.ContentType));
    }

    [BrokerFact]
    public async Task Plain_events_are_read_by_a_raw_deserializer_and_by_a_client_without_MassTransit()
    {
        var bus = await Listening(endpoint => endpoint.UseRawJsonDeserializer());
        await using var stopping = new Stopping(bus);
        await using var connection = await Broker.ConnectAsync(Address);
        var raw = await RawListener(connection);
        at.Environment["Ingest__RabbitMq__Events"] = "Plain";
        using var serving = Serve();
        var events = await Decide(serving);

        AssertHeard(events);
        await Until(() => raw.Count >= events.Count, () => $"{raw.Count} raw events");
        Assert.Equal(events.Count, raw.Count);
        foreach (var told in events)
        {
            var message = Assert.Single(raw, m => m.Properties.MessageId == (string)told["event"]!["eventId"]!);
            Assert.Equal(("application/json", (string)told["type"]!, DeliveryModes.Persistent), (message.Properties.ContentType!, message.Properties.Type!, message.Properties.DeliveryMode));
            Assert.Equal((long)told["position"]!, message.Properties.Headers!["ingest-position"]);
            Assert.True(JsonNode.DeepEquals(told["event"], JsonNode.Parse(message.Body)));
        }
    }

    [BrokerTheory]
    [InlineData("exchange:ingest.accept", true)]
    // queue: declares the queue, as a classic one: that does for classic queues only.
    [InlineData("queue:ingest.accept", false)]
    public async Task What_a_producer_as_it_comes_sends_and_publishes_is_decided(string to, bool quorum)
    {
        at.Environment["Ingest__RabbitMq__QuorumQueues"] = quorum ? "true" : "false";
        using var serving = Serve();
        var bus = Bus(_ => { });
        await bus.StartAsync();
        await using var stopping = new Stopping(bus);
        var endpoint = await bus.GetSendEndpoint(new Uri(to));
        await endpoint.Send(new SubmitArticles([Raw(Copy.First), Raw(Copy.Duplicate)])).WaitAsync(Patience);
        await bus.Publish(new SubmitArticles([Raw(Copy.WithoutBody)])).WaitAsync(Patience);

        var events = await serving.Events(3);
        Assert.Equal(["ArticleRejected", "CanonicalArticlePublished", "DuplicateDetected"], events.Select(e => (string)e["type"]!).Order(StringComparer.Ordinal));
        Assert.Equal(["herald/7", "herald/8", "wire/1"], events.Select(e => (string)e["event"]!["id"]!).Order(StringComparer.Ordinal));
        Assert.Equal(new QueueCounts(0, 0), await Broker.WaitForAsync("ingest.accept", c => c == new QueueCounts(0, 0), virtualHost: host));
    }

    [BrokerFact]
    public async Task Stages_in_processes_of_their_own_hand_articles_on_whichever_starts_first()
    {
        using var accept = Serve("--roles", "accept,publish");
        await accept.Submit(Copy.First.ToJsonString() + "\n");
        using var normalise = Serve("--roles", "normalise");
        using var deduplicate = Serve("--roles", "deduplicate");
        await accept.Submit(Copy.Duplicate.ToJsonString() + "\n");

        var events = await accept.Events(2);
        Assert.Equal(["herald/7", "wire/1"], events.Select(e => (string)e["event"]!["id"]!).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("inequivalent", accept.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("inequivalent", normalise.Log, StringComparison.Ordinal);
    }

    [BrokerFact]
    public async Task A_queue_that_somebody_declared_otherwise_keeps_the_service_from_being_ready_and_is_named()
    {
        await using var connection = await Broker.ConnectAsync(Address);
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync("ingest.accept", durable: true, exclusive: false, autoDelete: false);
        using var serving = Serving.StartUnready(at, "--rabbitmq", Address.ToString());
        await Until(() => serving.Log.Contains("already has a queue with different settings", StringComparison.Ordinal), () => serving.Log);
        using (var answer = await serving.Http.GetAsync("/health/ready"))
            Assert.Contains("inequivalent arg", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await channel.QueueDeleteAsync("ingest.accept");
        serving.WaitForReady();
        await Until(() => Broker.CountAllAsync(host).GetAwaiter().GetResult().ContainsKey("ingest.accept"), () => serving.Log);
    }

    Serving Serve(params string[] options) => Serving.Start(at, ["--rabbitmq", Address.ToString(), .. options]);

    /// <summary>Has one article of each outcome decided, one after the other, and returns the feed.</summary>
    static async Task<List<JsonNode>> Decide(Serving serving)
    {
        JsonObject[] records = [Copy.First, Copy.Duplicate, Copy.Revision, Copy.WithoutBody];
        for (var i = 0; i < records.Length; i++)
        {
            await serving.Submit(records[i].ToJsonString() + "\n");
            await serving.Events(1, after: i);
        }

        var events = await serving.Events(records.Length);
        Assert.Equal(["CanonicalArticlePublished", "DuplicateDetected", "CanonicalArticleRevised", "ArticleRejected"], events.Select(e => (string)e["type"]!));
        return events;
    }

    async Task<IBusControl> Listening(Action<IRabbitMqReceiveEndpointConfigurator> configure)
    {
        var bus = Bus(rabbit =>
        {
            // An endpoint for each: a raw deserializer takes any JSON for whatever its endpoint consumes.
            Endpoint<CanonicalArticlePublished>(rabbit);
            Endpoint<CanonicalArticleRevised>(rabbit);
            Endpoint<DuplicateDetected>(rabbit);
            Endpoint<ArticleRejected>(rabbit);
        });
        void Endpoint<T>(IRabbitMqBusFactoryConfigurator rabbit)
            where T : class => rabbit.ReceiveEndpoint($"desk.{typeof(T).Name}", endpoint =>
            {
                configure(endpoint);
                endpoint.Handler<T>(Hear);
            });
        await bus.StartAsync();
        return bus;
    }

    IBusControl Bus(Action<IRabbitMqBusFactoryConfigurator> configure) => MassTransit.Bus.Factory.CreateUsingRabbitMq(rabbit =>
    {
        rabbit.Host(Address);
        configure(rabbit);
    });

    Task Hear<T>(ConsumeContext<T> context)
        where T : class
    {
        heard.Enqueue(new Heard(typeof(T).Name, context.MessageId, context.ReceiveContext.ContentType?.MediaType, JsonSerializer.SerializeToNode(context.Message, Json)!));
        return Task.CompletedTask;
    }

    void AssertHeard(List<JsonNode> events)
    {
        Until(() => heard.Count >= events.Count, () => $"{heard.Count} events were heard").GetAwaiter().GetResult();
        Assert.Equal(events.Count, heard.Count);
        foreach (var told in events)
        {
            var one = Assert.Single(heard, h => h.Type == (string)told["type"]!);
            Assert.Equal((string)told["event"]!["eventId"]!, one.MessageId.ToString());
            Assert.True(JsonNode.DeepEquals(told["event"], one.Message), $"{told["event"]}\n{one.Message}");
        }
    }

    async Task<ConcurrentQueue<PeekedMessage>> RawListener(IConnection connection)
    {
        var messages = new ConcurrentQueue<PeekedMessage>();
        var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync("raw", durable: true, exclusive: false, autoDelete: false);
        foreach (var type in Service.Outcomes.Event.Names)
        {
            await channel.ExchangeDeclareAsync($"Ingest.Contracts.V1:{type}", ExchangeType.Fanout, durable: true);
            await channel.QueueBindAsync("raw", $"Ingest.Contracts.V1:{type}", "");
        }

        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, message) =>
        {
            messages.Enqueue(new PeekedMessage(message.BasicProperties, message.Body.ToArray(), message.Redelivered));
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false);
        };
        await channel.BasicConsumeAsync("raw", autoAck: false, consumer);
        return messages;
    }

    static RawArticle Raw(JsonObject record) => record.Deserialize<RawArticle>(Json)!;

    static async Task Until(Func<bool> holds, Func<string> otherwise)
    {
        for (var clock = System.Diagnostics.Stopwatch.StartNew(); !holds(); await Task.Delay(20))
            Assert.True(clock.Elapsed < Patience, otherwise());
    }

    sealed record Heard(string Type, Guid? MessageId, string? ContentType, JsonNode Message);

    sealed class Stopping(IBusControl bus) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await bus.StopAsync(TimeSpan.FromSeconds(10));
    }
}
