using System.Text;
using Ingest.EndToEnd.Tests;
using RabbitMQ.Client;

namespace Ingest.Broker.Tests.Faults;

/// <summary>Row 33: a subscriber's queue is full and refuses.</summary>
[Collection(nameof(OneBroker))]
public sealed class FullSubscriberTests(SharedBroker shared)
{
    const string Full = "full";

    [BrokerFact]
    public async Task The_others_have_every_event_and_are_not_flooded_and_the_full_one_gets_the_rest_once_it_has_room()
    {
        await using var desk = await Desk.OpenAsync(shared.Broker);
        await DeclareFullAsync(desk);
        await (await desk.ChannelAsync()).QueueBindAsync(Full, Desk.Exchange(Desk.Published), "");
        var serving = desk.Serve();
        await desk.PublishAsync(desk.Records("article", 40));
        await desk.UntilAsync(() => Health(serving).Contains("refused by a queue that is bound to Ingest.Contracts.V1:CanonicalArticlePublished", StringComparison.Ordinal), "a warning");
        await desk.UntilAsync(() => Collected(desk) >= 40, "all events at the healthy queue");
        Assert.StartsWith("200", Health(serving), StringComparison.Ordinal);
        await Task.Delay(6000);
        await desk.CollectAsync();
        // A probe of the first that was refused, now and then.
        Assert.InRange(desk.Account.Received.Count, 40, 44);
        Assert.Equal(40, desk.Account.Received.Select(r => r.MessageId).Distinct().Count());

        var got = new HashSet<string>();
        await desk.UntilAsync(() => TakeAll(desk, got) == 40, "every event at the full queue, as it is emptied", TimeSpan.FromMinutes(2));
        await desk.UntilAsync(() => !Health(serving).Contains("refused", StringComparison.Ordinal), "no warning");
    }

    [BrokerFact]
    public async Task A_queue_that_is_a_destination_of_its_own_waits_alone_and_is_named()
    {
        await using var desk = await Desk.OpenAsync(shared.Broker);
        await DeclareFullAsync(desk);
        await (await desk.ChannelAsync()).QueueDeclareAsync("roomy", durable: true, exclusive: false, autoDelete: false);
        desk.At.Environment["Ingest__RabbitMq__EventQueues"] = $"{Full}, roomy, missing";
        var serving = desk.Serve();
        await desk.PublishAsync(desk.Records("article", 40));
        await desk.UntilAsync(
            () => Health(serving) is var said && said.Contains("wait for the queue full, which is full", StringComparison.Ordinal)
                && said.Contains("wait for the queue missing, which does not exist", StringComparison.Ordinal),
            "both queues named");
        Assert.StartsWith("200", Health(serving), StringComparison.Ordinal);
        await desk.WaitForAsync("roomy", c => c.Ready == 40);
        await desk.UntilAsync(() => Collected(desk) == 40, "all events at the exchanges");
        serving.Kill();
        serving.Start();
        var got = new HashSet<string>();
        await desk.UntilAsync(() => TakeAll(desk, got) == 40, "every event at the full queue, as it is emptied", TimeSpan.FromMinutes(2));
        Assert.Equal(40, (await shared.Broker.CountAsync("roomy", desk.VirtualHost)).Ready);
    }

    static async Task DeclareFullAsync(Desk desk) => await (await desk.ChannelAsync()).QueueDeclareAsync(
        Full, durable: true, exclusive: false, autoDelete: false,
        new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-max-length"] = 5, ["x-overflow"] = "reject-publish" });

    static int Collected(Desk desk)
    {
        desk.CollectAsync().GetAwaiter().GetResult();
        return desk.Account.Received.Select(r => r.MessageId).Distinct().Count();
    }

    static int TakeAll(Desk desk, HashSet<string> got)
    {
        var channel = desk.ChannelAsync().GetAwaiter().GetResult();
        while (channel.BasicGetAsync(Full, autoAck: true).GetAwaiter().GetResult() is { } message)
            got.Add(message.BasicProperties.MessageId!);
        return got.Count;
    }

    static string Health(Serving serving)
    {
        using var answer = serving.Http.GetAsync("/health/ready").GetAwaiter().GetResult();
        return $"{(int)answer.StatusCode} {answer.Content.ReadAsStringAsync().GetAwaiter().GetResult()}";
    }
}

/// <summary>Rows 29 and 31: what is over the broker's limit of size. Row 43: the broker takes nothing.</summary>
public sealed class BrokerLimitTests
{
    const int Most = 200_000;

    [BrokerFact]
    public async Task What_is_too_large_for_a_message_goes_to_the_errors_alone()
    {
        await using var broker = await Broker.StartNewAsync(new BrokerSettings { Lines = [$"max_message_size = {Most}"] });
        await using var desk = await Desk.OpenAsync(broker);
        Serving[] servers = [desk.Serve("--roles", "accept"), desk.Serve("--roles", "normalise"), desk.Serve("--roles", "deduplicate,publish")];

        // A text of 370 KB makes an event over the limit, and a result far below it; 60,000 lines make a result over it too.
        var large = Workplace.RecordOf("large", Workplace.Text(Workplace.Paragraphs(7001, 2400)));
        var lines = Workplace.RecordOf("lines", "Results of the weekend\n\n" + string.Join("\n\n", Enumerable.Range(0, 60_000).Select(i => $"{i % 9} {(char)('a' + (i * 7 % 26))}")));
        desk.Account.Submit("large");
        await servers[0].Submit(string.Concat(desk.Records("before", 20)) + large + lines + string.Concat(desk.Records("behind", 20)));
        await desk.UntilAsync(() => desk.Account.CountDecided() == 41 && desk.Account.Failed().SequenceEqual(["lines"]), "41 decided and one that failed", TimeSpan.FromMinutes(2));
        await desk.UntilAsync(() => Received(desk) == 40, "the events of all but the large one");
        Assert.Contains("too large for the broker", await servers[2].Http.GetStringAsync("/health/ready"), StringComparison.Ordinal);

        var errors = desk.At.Run("errors", "list");
        Assert.Contains("MessageTooLarge", errors.Output, StringComparison.Ordinal);
        Assert.Contains("too-large", errors.Output, StringComparison.Ordinal);
        Assert.Contains($"takes {Most} at most", errors.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Ingest:RabbitMq:QuorumQueues", desk.Logs, StringComparison.Ordinal);

        // Still too large: it is tried, and passed over again.
        Assert.Equal(0, desk.At.Run("errors", "retry", "--events").Exit);
        await desk.PublishAsync(desk.Records("later", 5));
        await desk.UntilAsync(() => Received(desk) == 45, "those behind it");
    }

    [BrokerFact]
    public async Task While_the_broker_takes_nothing_the_program_is_not_ready_and_says_why()
    {
        await using var broker = await Broker.StartNewAsync();
        await using var desk = await Desk.OpenAsync(broker);
        desk.At.Environment["Ingest__RabbitMq__PublishTimeoutSeconds"] = "3";
        var serving = desk.Serve();
        await desk.PublishAsync(desk.Records("before", 1));
        await desk.UntilAsync(() => Received(desk) == 1, "an event");
        await broker.LimitMemoryAsync(0.00001);
        await serving.Submit(string.Concat(desk.Records("during", 1)));
        await desk.UntilAsync(() => !IsReady(serving), "not ready");
        // Through several attempts to connect and send.
        for (var i = 0; i < 40; i++)
        {
            Assert.False(IsReady(serving), "ready while nothing can be sent");
            await Task.Delay(200);
        }

        using (var answer = await serving.Http.GetAsync("/health/ready"))
            Assert.Contains("alarm", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await broker.LimitMemoryAsync(0.6);
        await desk.UntilAsync(() => IsReady(serving), "ready again");
        await desk.UntilAsync(() => Received(desk) == 2, "the event");
    }

    static bool IsReady(Serving serving)
    {
        using var answer = serving.Http.GetAsync("/health/ready").GetAwaiter().GetResult();
        return answer.IsSuccessStatusCode;
    }

    static int Received(Desk desk)
    {
        desk.CollectAsync().GetAwaiter().GetResult();
        return desk.Account.Received.Select(r => r.MessageId).Distinct().Count();
    }
}
