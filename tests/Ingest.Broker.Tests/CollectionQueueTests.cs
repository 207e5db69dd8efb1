using System.Text;
using System.Text.Json.Nodes;
using Ingest.Broker.Tests.Faults;
using Ingest.EndToEnd.Tests;
using RabbitMQ.Client;

namespace Ingest.Broker.Tests;

/// <summary>Collections over the broker: queues and exchanges of their own, and a header that names one on any queue.</summary>
[Collection(nameof(OneBroker))]
public sealed class CollectionQueueTests(SharedBroker shared)
{
    const string Header = "ingest-collection", Sport = "ingest.accept.sport";

    [BrokerTheory]
    [EachConsumer]
    public async Task What_is_sent_to_a_collection_is_told_by_that_one(string consumer)
    {
        await using var desk = await DeclaredAsync(consumer);
        var channel = await desk.ChannelAsync();
        // One process has both, the other three the stages of each.
        desk.Serve("--roles", "accept");
        desk.Serve("--roles", "normalise");
        desk.Serve("--roles", "deduplicate,publish");
        foreach (var collection in (string[])["", ".sport"])
        {
            await channel.QueueDeclareAsync($"watch{collection}", durable: true, exclusive: false, autoDelete: false);
            foreach (var type in Desk.Types)
                await channel.QueueBindAsync($"watch{collection}", Desk.Exchange(type) + collection, "");
        }

        var record = desk.Record("1");
        await Send(channel, Desk.Accept, record, null);
        await Send(channel, Sport, record, null);
        await Send(channel, Desk.Accept, desk.Record("2"), "sport");
        await Send(channel, Sport, desk.Record("3"), "default");
        // As producers with the contract send and publish.
        await channel.BasicPublishAsync(Sport, "", mandatory: true, Properties(null), Encoding.UTF8.GetBytes(desk.Record("4")));
        await channel.BasicPublishAsync(Desk.Exchange("SubmitArticles"), "", mandatory: true, Properties(null), Encoding.UTF8.GetBytes(desk.Record("6")));
        await channel.BasicPublishAsync(Desk.Exchange("SubmitArticles") + ".sport", "", mandatory: true, Properties(null), Encoding.UTF8.GetBytes(desk.Record("5")));

        var told = new Dictionary<string, SortedSet<string>>(StringComparer.Ordinal) { ["watch"] = [], ["watch.sport"] = [] };
        await desk.UntilAsync(() => Collect(channel, told).GetAwaiter().GetResult() == 7, "all seven are told");
        Assert.Equal(["1", "3", "6"], told["watch"]);
        Assert.Equal(["1", "2", "4", "5"], told["watch.sport"]);
        // And nothing else comes.
        foreach (var queue in (string[])[Desk.Accept, Sport, Desk.AcceptErrors])
            await desk.WaitForAsync(queue, c => c is { Ready: 0, Unacknowledged: 0 });
        Assert.Equal(7, await Collect(channel, told));
    }

    [BrokerFact]
    public async Task One_that_nobody_declared_is_an_error_and_one_that_nobody_serves_waits()
    {
        await using var desk = await DeclaredAsync();
        var channel = await desk.ChannelAsync();
        var first = desk.Serve("--collections", "default");
        await Send(channel, Desk.Accept, desk.Record("1"), "sprot");
        await Send(channel, Desk.Accept, desk.Record("2"), "sport");
        await desk.WaitForAsync(Desk.AcceptErrors, c => c.Ready == 1);
        await desk.WaitForAsync(Sport, c => c.Ready == 1);
        var failed = (await channel.BasicGetAsync(Desk.AcceptErrors, autoAck: true))!;
        Assert.Contains("unknown-collection", Encoding.UTF8.GetString((byte[])failed.BasicProperties.Headers!["MT-Fault-Message"]!), StringComparison.Ordinal);
        Assert.Equal(202, (int)(await first.Http.PostAsync("/v1/articles", new StringContent(desk.Record("3"), Encoding.UTF8, "application/json"))).StatusCode);
        var second = desk.Serve("--collections", "sport");
        Assert.Equal("2", await FirstId(second, "/v1/collections/sport"));
        // Both run, each with a lane, a feed and a turn to publish of its own.
        Assert.Equal("3", await FirstId(first, "/v1"));
        var checkd = desk.At.Run("check", "--url", "http://127.0.0.1:9", "--rabbitmq", desk.Address.ToString());
        Assert.Equal(0, checkd.Exit);
        Assert.Contains("queues    ok     sport: ingest.accept.sport 0", checkd.Output, StringComparison.Ordinal);
        Assert.Contains("ingest.accept_error", desk.At.Run("errors", "list", "--rabbitmq", desk.Address.ToString()).Output, StringComparison.Ordinal);
        Assert.Contains("ingest.accept.sport_error", desk.At.Run("errors", "list", "--collection", "sport", "--rabbitmq", desk.Address.ToString()).Output, StringComparison.Ordinal);
        Assert.Contains("--queue takes ingest.accept.sport_error", desk.At.Run("errors", "retry", "--collection", "sport", "--queue", "ingest.accept_error").Errors, StringComparison.Ordinal);
    }

    async Task<Desk> DeclaredAsync(string? consumer = null)
    {
        var desk = await Desk.OpenAsync(shared.Broker, watched: false, consumer);
        desk.At.Write("appsettings.json", """{"Ingest":{"Collections":{"sport":{}}}}""");
        return desk;
    }

    static async Task<string> FirstId(Serving server, string path) =>
        (string)(await server.Get($"{path}/events?wait=30"))["events"]![0]!["event"]!["id"]!;

    static async Task<int> Collect(IChannel channel, Dictionary<string, SortedSet<string>> told)
    {
        foreach (var (queue, ids) in told)
            while (await channel.BasicGetAsync(queue, autoAck: true) is { } got)
            {
                var message = JsonNode.Parse(Encoding.UTF8.GetString(got.Body.Span))!["message"]!;
                Assert.True(ids.Add((string)message["id"]!), $"{message["id"]} was told twice.");
                Assert.Equal(queue == "watch" ? null : "sport", (string?)message["collection"]);
                Assert.Equal(queue == "watch" ? "default" : "sport", Encoding.UTF8.GetString((byte[])got.BasicProperties.Headers![Header]!));
            }

        return told.Values.Sum(t => t.Count);
    }

    static Task Send(IChannel channel, string queue, string record, string? collection) =>
        channel.BasicPublishAsync("", queue, mandatory: true, Properties(collection), Encoding.UTF8.GetBytes(record)).AsTask();

    static BasicProperties Properties(string? collection) => new()
    {
        ContentType = "application/json", MessageId = Guid.NewGuid().ToString(), Persistent = true,
        Headers = collection is null ? null : new Dictionary<string, object?>(StringComparer.Ordinal) { [Header] = collection },
    };
}
