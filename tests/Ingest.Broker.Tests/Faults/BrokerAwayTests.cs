using System.Diagnostics;
using Ingest.EndToEnd.Tests;

namespace Ingest.Broker.Tests.Faults;

/// <summary>Row 5: the broker is stopped, killed, and does not answer, while articles come over the queue and HTTP.</summary>
public sealed class BrokerAwayTests(SharedBroker shared) : IClassFixture<SharedBroker>
{
    [BrokerTheory]
    [EachConsumer]
    public async Task Consumers_come_back_the_log_goes_out_and_nothing_is_lost(string consumer)
    {
        var broker = shared.Broker;
        // All stages in one process, and each in one of its own: there the broker carries what is handed on, too.
        await using var one = await Desk.OpenAsync(broker, consumer: consumer);
        await using var split = await Desk.OpenAsync(broker, consumer: consumer);
        one.At.Environment["Ingest__RabbitMq__PublishTimeoutSeconds"] = split.At.Environment["Ingest__RabbitMq__PublishTimeoutSeconds"] = "5";
        var serving = one.Serve();
        Serving[] stages = [split.Serve("--roles", "accept"), split.Serve("--roles", "normalise"), split.Serve("--roles", "deduplicate,publish")];
        await broker.SettleAsync();
        await using var load = Load.On(one, "load", () => [serving]);
        await using var splitLoad = Load.On(split, "load", () => [stages[0]]);
        await one.UntilAsync(() => load.Accepted > 50 && splitLoad.Accepted > 50, "50 accepted articles");

        await broker.StopAsync();
        await IsNotReady(one, serving);
        await broker.StartAsync();
        await IsBack(one, serving, "stopped");

        await one.UntilAsync(() => one.Account.CountDecided() > 100, "100 decisions");
        broker.Kill();
        await IsNotReady(one, serving);
        await broker.StartAsync();
        await IsBack(one, serving, "killed");

        var clock = Stopwatch.StartNew();
        broker.Pause();
        try
        {
            // HTTP goes on: the log keeps what is to be sent. That it cannot be sent is known after our own 5 s, not after the heartbeat's 20.
            using var answer = await serving.Http.PostAsync("/v1/articles", new StringContent(one.Records("paused", 1)[0], null, "application/json"));
            Assert.Equal(202, (int)answer.StatusCode);
            await stages[0].Submit(string.Concat(split.Records("paused", 20)));
            await IsNotReady(one, serving);
            if (TimeSpan.FromSeconds(20) - clock.Elapsed is { Ticks: > 0 } rest)
                await Task.Delay(rest);
        }
        finally
        {
            broker.Continue();
        }

        await IsBack(one, serving, "continued");
        await load.EndAsync();
        await splitLoad.EndAsync();
        var balance = await one.SettleAsync(TimeSpan.FromSeconds(90));
        Assert.True(balance.Submitted > 150, balance.ToString());
        await split.SettleAsync(TimeSpan.FromSeconds(90));
        // An event may come once more, and the broker counts some time after it has acted.
        await split.UntilAsync(
            () =>
            {
                split.CollectAsync().GetAwaiter().GetResult();
                return broker.CountAllAsync(split.VirtualHost).GetAwaiter().GetResult().Values.All(c => c is { Ready: 0, Unacknowledged: 0 });
            },
            "all queues are empty");
        split.Account.Balance().AssertClean();
        Assert.All([serving, .. stages], s => Assert.Equal(0, s.Stop()));
    }

    /// <summary>The broker has a fault of its own: our limit for a broker that does not answer is 5 s, that of its heartbeat twice 10.</summary>
    static Task IsNotReady(Desk desk, Serving serving) => desk.UntilAsync(() => (int)serving.Http.GetAsync("/health/ready").GetAwaiter().GetResult().StatusCode == 503, "not ready while the broker is away", TimeSpan.FromSeconds(30));

    /// <summary>What is sent to the queue now is decided within 30 s.</summary>
    static async Task IsBack(Desk desk, Serving serving, string word)
    {
        var clock = Stopwatch.StartNew();
        await desk.PublishAsync(desk.Records(word, 1));
        await desk.UntilAsync(() => desk.Account.Decided().Exists(d => d.Id == $"{word}-1"), $"a decision about what was sent after the broker was {word}", TimeSpan.FromSeconds(30) - clock.Elapsed);
        serving.WaitForReady();
    }
}

/// <summary>Row 6: a handler takes longer than the broker waits for an acknowledgement.</summary>
[Collection(nameof(Alone))]
public sealed class ConsumerTimeoutTests
{
    [BrokerTheory]
    [EachConsumer]
    public async Task The_endpoint_resumes(string consumer)
    {
        await using var broker = await Broker.StartNewAsync(new BrokerSettings { ConsumerTimeout = TimeSpan.FromSeconds(8) });
        await using var desk = await Desk.OpenAsync(broker, consumer: consumer);
        var serving = desk.Serve();
        for (var round = 1; round <= 2; round++)
        {
            using (desk.Account.Lock())
            {
                await desk.PublishAsync(desk.Records($"slow{round}", 20));
                await desk.WaitForAsync(Desk.Accept, c => c.Unacknowledged == 20);
                await desk.UntilAsync(() => broker.LogTail(400).Split("delivery acknowledgement").Length > round, "a channel that the broker closed");
                // What comes meanwhile waits too.
                await desk.PublishAsync(desk.Records($"meanwhile{round}", 5));
                // The endpoint is there again although its first handlers have not ended.
                if (round == 2)
                    await desk.WaitForAsync(Desk.Accept, c => c is { Ready: 0, Unacknowledged: 25 }, TimeSpan.FromSeconds(60));
            }

            await desk.SettleAsync();
            await desk.PublishAsync(desk.Records($"after{round}", 5));
            var balance = await desk.SettleAsync();
            Assert.Equal(30 * round, balance.Log.Count);
            Assert.Equal(0, balance.Repeated);
        }

        Assert.Equal(new QueueCounts(0, 0), await broker.CountAsync(Desk.Dead, desk.VirtualHost));
        Assert.Equal(new QueueCounts(0, 0), await broker.CountAsync(Desk.AcceptErrors, desk.VirtualHost));
        using var live = await serving.Http.GetAsync("/health/live");
        Assert.Equal(200, (int)live.StatusCode);
        Assert.Equal(0, serving.Stop());
    }
}
