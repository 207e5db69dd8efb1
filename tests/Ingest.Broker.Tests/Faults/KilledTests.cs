using System.Text;
using System.Text.Json.Nodes;
using Ingest.EndToEnd.Tests;
using RabbitMQ.Client;

namespace Ingest.Broker.Tests.Faults;

/// <summary>Row 1: SIGKILL while a handler cleans what it took from the queue.</summary>
[Collection(nameof(OneBroker))]
public sealed class KilledWhileNormalisingTests(SharedBroker shared)
{
    [BrokerTheory]
    [EachConsumer(Always = true)]
    public async Task The_message_is_delivered_again_decided_once_and_told_once(string consumer)
    {
        await using var desk = await Desk.OpenAsync(shared.Broker, consumer: consumer);
        var serving = desk.Serve();
        // Many lines take longest to clean: together seconds, of which the first hundredths suffice.
        var slow = string.Concat(Enumerable.Range(0, 100_000).Select(n => $"Line {n} of the long list of names\n"));
        await desk.PublishAsync($"[{string.Join(',', Enumerable.Range(1, 4).Select(n => Workplace.RecordOf($"slow-{n}", $"{n}\n{slow}")))}]", Guid.NewGuid().ToString());
        for (var n = 1; n <= 4; n++)
            desk.Account.Submit($"slow-{n}");
        while (await shared.Broker.ReadyAsync(Desk.Accept, desk.VirtualHost) > 0)
            await Task.Delay(5);
        serving.Kill();
        Assert.Equal(0, desk.Account.CountDecided());
        await desk.WaitForAsync(Desk.Accept, c => c is { Ready: 1, Unacknowledged: 0 });

        serving.Start();
        var balance = await desk.SettleAsync();
        Assert.Equal(4, balance.Log.Count);
        Assert.Equal(0, balance.Repeated);
    }
}

/// <summary>Row 2: SIGKILL after the ledger's commit, before the acknowledgement.</summary>
[Collection(nameof(OneBroker))]
public sealed class KilledBeforeAcknowledgementTests(SharedBroker shared)
{
    [BrokerTheory]
    [EachConsumer]
    public async Task The_second_delivery_finds_the_decision(string consumer)
    {
        await using var desk = await Desk.OpenAsync(shared.Broker, consumer: consumer);
        await using var proxy = new LoopbackProxy(shared.Broker.Port);
        // The events go out by another process, so that one that was sent could be sent again.
        var publishing = desk.Serve("--roles", "publish");
        var serving = desk.Serve(proxy.Before(desk.Address), "--roles", "accept,normalise,deduplicate");
        await desk.PublishAsync(desk.Records("before", 3));
        await desk.SettleAsync();

        proxy.ToBroker.Hold();
        await desk.PublishAsync(desk.Records("held", 20));
        await desk.UntilAsync(() => desk.Account.CountDecided() == 23, "23 decisions");
        serving.Kill();
        await desk.WaitForAsync(Desk.Accept, c => c is { Ready: 20, Unacknowledged: 0 });

        var again = desk.Serve("--roles", "accept,normalise,deduplicate");
        var balance = await desk.SettleAsync();
        Assert.Equal(23, balance.Log.Count);
        Assert.Equal(0, balance.Repeated);
        Assert.Equal(0, again.Stop());
        Assert.Equal(0, publishing.Stop());
    }
}

/// <summary>Row 3: SIGKILL after the broker's confirm, before the ledger knows of it.</summary>
[Collection(nameof(OneBroker))]
public sealed class KilledBeforeMarkSentTests(SharedBroker shared)
{
    [BrokerFact]
    public async Task The_event_is_sent_again_with_the_same_message_id()
    {
        await using var desk = await Desk.OpenAsync(shared.Broker);
        await using var proxy = new LoopbackProxy(shared.Broker.Port);
        var serving = desk.Serve(proxy.Before(desk.Address));
        await serving.Submit(string.Concat(desk.Records("before", 1)));
        await desk.SettleAsync();

        proxy.ToClient.Hold();
        await serving.Submit(string.Concat(desk.Records("held", 5)));
        await desk.WaitForAsync(Desk.Watch, c => c.Ready == 5);
        await desk.CollectAsync();
        serving.Kill();

        desk.Serve();
        await desk.WaitForAsync(Desk.Watch, c => c.Ready == 5);
        var balance = await desk.SettleAsync();
        Assert.Equal(6, balance.Log.Count);
        Assert.Equal(5, balance.Repeated);
    }
}
