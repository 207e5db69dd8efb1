using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ingest.EndToEnd.Tests;
using RabbitMQ.Client;

namespace Ingest.Broker.Tests;

/// <summary><c>ingest errors</c> and <c>ingest check</c> with a broker. A virtual host of its own: the names of the queues are fixed.</summary>
[Collection(nameof(ClientsBroker))]
public sealed class ErrorQueueTests(SharedBroker shared) : IDisposable
{
    const string ErrorQueue = "ingest.accept_error";

    readonly Workplace at = new();

    Broker Broker => shared.Broker;

    public void Dispose() => at.Dispose();

    [BrokerTheory]
    [EachConsumer]
    public async Task Messages_that_could_not_be_read_are_shown_stay_and_go_back_when_told_to(string consumer)
    {
        var virtualHost = $"errors-shown-{consumer}";
        at.Environment["Ingest__RabbitMq__Consumer"] = consumer;
        await Broker.AddVirtualHostAsync(virtualHost);
        at.Environment["Ingest__RabbitMq__VirtualHost"] = virtualHost;
        var address = $"amqp://guest:guest@127.0.0.1:{Broker.Port}";
        using var serving = Serving.Start(at, "--rabbitmq", address);
        var empty = at.Run("errors", "list", "--rabbitmq", address);
        Assert.Equal((0, ""), (empty.Exit, empty.Errors));
        Assert.Matches($"│ {ErrorQueue} +│ no queue │", empty.Output);
        Assert.Matches("│ ingest.dead +│ +0 │", empty.Output);

        await using var connection = await Broker.ConnectAsync(Broker.AddressOf(virtualHost));
        await using var channel = await Publishing.OpenAsync(connection);
        await Publishing.PublishAsync(channel, "ingest.accept", "no JSON \e[2J", "[]", "{} {}", "x");
        await Broker.WaitForAsync(ErrorQueue, c => c.Ready == 4, virtualHost: virtualHost);
        // More often than a quorum queue of RabbitMQ 4 lets a message be given back.
        for (var look = 0; look < 25; look++)
        {
            var list = at.Run("errors", "list", "--rabbitmq", address);
            Assert.Equal((0, ""), (list.Exit, list.Errors));
            Assert.True(Regex.IsMatch(list.Output, $"│ {ErrorQueue} +│ +4 │ The (message is not JSON|list of articles is empty)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)), list.Output);
            Assert.DoesNotContain('\e', list.Output);
        }

        await Broker.WaitForAsync(ErrorQueue, c => c == new QueueCounts(4, 0), virtualHost: virtualHost);
        Assert.All(await Broker.PeekAsync(ErrorQueue, virtualHost), m => Assert.True(Deliveries(m) < 10, $"{Deliveries(m)}"));
        var check = at.Run("check", "--rabbitmq", address, "--url", serving.Url);
        Assert.True(check.Exit == 0, check.Output);
        Assert.Matches($"broker    ok     amqp://guest@127.0.0.1:{Broker.Port}/{virtualHost}: RabbitMQ [0-9.]+.*, quorum queues.\n", check.Output);
        Assert.Contains($"\nqueues    warn   {ErrorQueue} has 4 messages that could not be handled; see 'ingest errors list'.\n", check.Output, StringComparison.Ordinal);

        // Nobody takes them: what went back stays to be seen.
        serving.Stop();
        var retry = at.Run("errors", "retry", "--queue", ErrorQueue, "--rabbitmq", address);
        Assert.Equal((0, "", $"4 messages returned from {ErrorQueue} to where they came from.\n"), (retry.Exit, retry.Output, retry.Errors));
        await Broker.WaitForAsync(ErrorQueue, c => c.Ready == 0, virtualHost: virtualHost);
        await Broker.WaitForAsync("ingest.accept", c => c.Ready == 4, virtualHost: virtualHost);
        var back = await Broker.PeekAsync("ingest.accept", virtualHost);
        Assert.Equal(["[]", "no JSON \e[2J", "x", "{} {}"], back.Select(m => m.Text).Order(StringComparer.Ordinal));
        Assert.All(back, m => Assert.DoesNotContain(m.Properties.Headers?.Keys ?? [], k => k.StartsWith("MT-Fault", StringComparison.Ordinal)));
    }

    [BrokerFact]
    public async Task A_message_that_goes_back_is_accepted_once_it_can_be_read()
    {
        const string VirtualHost = "errors-mended";
        await Broker.AddVirtualHostAsync(VirtualHost);
        at.Environment["Ingest__RabbitMq__VirtualHost"] = VirtualHost;
        at.Environment["Ingest__RabbitMq__Host"] = "127.0.0.1";
        at.Environment["Ingest__RabbitMq__Port"] = $"{Broker.Port}";
        using var serving = Serving.Start(at);
        await using var connection = await Broker.ConnectAsync(Broker.AddressOf(VirtualHost));
        await using var channel = await Publishing.OpenAsync(connection);
        // As a fault of an earlier version of the program would have left them.
        await channel.QueueDeclareAsync(ErrorQueue, durable: true, exclusive: false, autoDelete: false);
        var record = new JsonObject { ["id"] = "mended", ["text"] = Workplace.Article("Bree") }.ToJsonString();
        var headers = new Dictionary<string, object?>(StringComparer.Ordinal) { ["MT-Fault-Message"] = "An old fault.", ["MT-Reason"] = "fault", ["mine"] = "stays" };
        await channel.BasicPublishAsync("", ErrorQueue, mandatory: true, new BasicProperties { Persistent = true, ContentType = "application/json", MessageId = $"{Guid.NewGuid()}", Headers = headers }, Encoding.UTF8.GetBytes(record));
        var dead = new JsonObject { ["id"] = "dead", ["text"] = Workplace.Article("Cove") }.ToJsonString();
        await channel.BasicPublishAsync("", "ingest.dead", mandatory: true, new BasicProperties { Persistent = true, Headers = new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-first-death-queue"] = "ingest.accept" } }, Encoding.UTF8.GetBytes(dead));

        Assert.Contains("│ An old fault.", at.Run("errors", "list").Output, StringComparison.Ordinal);
        Assert.Equal($"1 message returned from {ErrorQueue} to where it came from.\n", at.Run("errors", "retry", "--queue", ErrorQueue).Errors);
        Assert.Equal("mended", (string)(await serving.Events(1))[0]["event"]!["id"]!);
        Assert.Equal("1 message returned from ingest.dead to where it came from.\n", at.Run("errors", "retry", "--queue", "ingest.dead").Errors);
        Assert.Equal("dead", (string)(await serving.Events(1, after: 1))[0]["event"]!["id"]!);
        Assert.Equal("0 messages returned from ingest.dead to where they came from.\n", at.Run("errors", "retry", "--queue", "ingest.dead").Errors);

        var nowhere = at.Run("errors", "retry", "--queue", "ingest.normalise_error");
        Assert.Equal((1, ""), (nowhere.Exit, nowhere.Output));
        Assert.Contains("has no queue ingest.normalise_error: nothing has failed there yet.", nowhere.Errors, StringComparison.Ordinal);
    }

    [BrokerFact]
    public async Task A_message_whose_queue_is_gone_stays_where_it_is()
    {
        const string VirtualHost = "errors-gone";
        await Broker.AddVirtualHostAsync(VirtualHost);
        var address = $"amqp://guest:guest@127.0.0.1:{Broker.Port}/{VirtualHost}";
        await using var connection = await Broker.ConnectAsync(Broker.AddressOf(VirtualHost));
        await using var channel = await Publishing.OpenAsync(connection);
        await channel.QueueDeclareAsync(ErrorQueue, durable: true, exclusive: false, autoDelete: false);
        await Publishing.PublishAsync(channel, ErrorQueue, "one", "two");
        var retry = at.Run("errors", "retry", "--queue", ErrorQueue, "--rabbitmq", address);
        Assert.Equal((1, ""), (retry.Exit, retry.Output));
        Assert.Contains("has no queue ingest.accept. Start 'ingest serve' with this broker first. The message stays; 0 returned before it.", retry.Errors, StringComparison.Ordinal);
        await Broker.WaitForAsync(ErrorQueue, c => c == new QueueCounts(2, 0), virtualHost: VirtualHost);
        // Without a ledger here, the broker is what there is to look at.
        var list = at.Run("errors", "list", "--rabbitmq", address);
        Assert.Equal((0, ""), (list.Exit, list.Errors));
        Assert.Matches($"│ {ErrorQueue} +│ +2 │ 3 bytes", list.Output);
        var refused = at.Run("check", "--url", "http://127.0.0.1:9", "--rabbitmq", $"amqp://guest:wrong@127.0.0.1:{Broker.Port}/{VirtualHost}");
        Assert.Equal(1, refused.Exit);
        Assert.Contains("broker    WRONG  the broker amqp://guest@127.0.0.1:", refused.Output, StringComparison.Ordinal);
        Assert.Contains(" refused the credentials: check Ingest:RabbitMq:Username and Password.", refused.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", refused.Output, StringComparison.Ordinal);
    }

    static long Deliveries(PeekedMessage message) => message.Properties.Headers?.TryGetValue("x-delivery-count", out var count) == true ? Convert.ToInt64(count) : 0;
}
