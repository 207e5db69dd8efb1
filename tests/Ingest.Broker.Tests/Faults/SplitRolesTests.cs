using Ingest.EndToEnd.Tests;

namespace Ingest.Broker.Tests.Faults;

/// <summary>The stages in processes of their own, on one ledger and one broker.</summary>
[Collection(nameof(OneBroker))]
public sealed class SplitRolesTests(SharedBroker shared)
{
    [BrokerFact]
    public async Task Each_is_killed_under_load_and_nothing_is_lost()
    {
        await using var desk = await Desk.OpenAsync(shared.Broker);
        Serving[] servers = [desk.Serve("--roles", "accept"), desk.Serve("--roles", "normalise"), desk.Serve("--roles", "deduplicate,publish")];
        await servers[0].Submit(string.Concat(desk.Records("posted", 100)));
        await desk.PublishAsync(desk.Records("queued", 100));
        Assert.Equal(0, (await desk.SettleAsync()).Repeated);

        await using var load = Load.On(desk, "load", () => [servers[0]]);
        foreach (var server in servers)
        {
            var before = load.Accepted;
            await desk.UntilAsync(() => load.Accepted > before + 50, "50 more accepted articles");
            server.Kill();
            await Task.Delay(500);
            server.Start();
        }

        await load.EndAsync();
        var balance = await desk.SettleAsync(TimeSpan.FromSeconds(90));
        Assert.True(balance.Submitted > 350, balance.ToString());
        Assert.Empty(balance.Failed);
        foreach (var queue in (string[])["ingest.normalise", "ingest.deduplicate"])
        {
            await desk.WaitForAsync(queue, c => c is { Ready: 0, Unacknowledged: 0 });
            Assert.Equal(new QueueCounts(0, 0), await shared.Broker.CountAsync(queue + "_error", desk.VirtualHost));
        }

        Assert.Equal(balance.Log.Count, (await servers[2].Events(balance.Log.Count)).Count);
        Assert.All(servers, s => Assert.Equal(0, s.Stop()));
    }

    [BrokerTheory]
    [EachConsumer]
    public async Task What_a_stage_cannot_finish_before_it_ends_stays_in_its_queue(string consumer)
    {
        await using var desk = await Desk.OpenAsync(shared.Broker, consumer: consumer);
        desk.At.Environment["Ingest__ShutdownSeconds"] = "3";
        // The queue of a stage is there once a process has had the stage; from then on it keeps what comes while there is none.
        var normalise = desk.Serve("--roles", "normalise");
        var deduplicate = desk.Serve("--roles", "deduplicate,publish");
        Assert.Equal(0, normalise.Stop());
        Assert.Equal(0, deduplicate.Stop());
        var accept = desk.Serve("--roles", "accept");
        await accept.Submit(string.Concat(desk.Records("posted", 100)));
        await desk.WaitForAsync("ingest.normalise", c => c.Ready > 0);
        normalise.Start();
        await desk.WaitForAsync("ingest.normalise", c => c is { Ready: 0, Unacknowledged: 0 });
        await desk.WaitForAsync("ingest.deduplicate", c => c.Ready > 0);
        using (desk.Account.Lock())
        {
            deduplicate = desk.ServeUnready(desk.Address, "--roles", "deduplicate,publish");
            await desk.WaitForAsync("ingest.deduplicate", c => c is { Ready: 0, Unacknowledged: > 0 });
            Assert.Equal(0, deduplicate.Stop());
            await desk.WaitForAsync("ingest.deduplicate", c => c is { Ready: > 0, Unacknowledged: 0 });
        }

        deduplicate.Start();
        Assert.Equal(100, (await desk.SettleAsync()).Log.Count);
        var counts = await shared.Broker.CountAllAsync(desk.VirtualHost);
        Assert.All(counts.Where(c => c.Key.EndsWith("_error", StringComparison.Ordinal)), c => Assert.Equal(new QueueCounts(0, 0), c.Value));
    }
}

/// <summary>More comes than is decided.</summary>
[Collection(nameof(OneBroker))]
public sealed class BackpressureTests(SharedBroker shared)
{
    [BrokerFact]
    public async Task The_queue_keeps_what_the_ledger_does_not_take()
    {
        const int Most = 50;
        await using var desk = await Desk.OpenAsync(shared.Broker);
        desk.At.Environment["Ingest__Accept__MostUnfinished"] = $"{Most}";
        desk.At.Environment["Ingest__RabbitMq__Prefetch"] = "20";
        // What the queue keeps is not finished, however long it waits.
        desk.At.Environment["Ingest__ShutdownSeconds"] = "3";
        var accepting = desk.Serve("--roles", "accept");
        await desk.PublishAsync(desk.Records("queued", 400));
        await desk.UntilAsync(() => desk.Account.CountUnfinished() >= Most, "as many articles as may wait");
        await Task.Delay(3000);
        // Those that looked at the same moment all found room.
        Assert.InRange(desk.Account.CountUnfinished(), Most, Most + 20);
        var counts = await shared.Broker.CountAsync(Desk.Accept, desk.VirtualHost);
        Assert.Equal(400, counts.Ready + counts.Unacknowledged + desk.Account.CountUnfinished());
        using (var answer = await accepting.Http.PostAsync("/v1/articles", new StringContent(desk.Record("refused"), null, "application/json")))
        {
            Assert.Equal(429, (int)answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
        }

        Assert.Equal(0, accepting.Stop());
        desk.At.Environment.Clear();
        desk.Serve();
        var balance = await desk.SettleAsync();
        Assert.Equal(400, balance.Log.Count);
        Assert.Equal(0, balance.Repeated);
    }
}
