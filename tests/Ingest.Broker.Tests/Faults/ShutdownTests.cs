using System.Diagnostics;
using Ingest.EndToEnd.Tests;

namespace Ingest.Broker.Tests.Faults;

/// <summary>Row 21: SIGTERM with a hundred under way.</summary>
[Collection(nameof(OneBroker))]
public sealed class ShutdownTests(SharedBroker shared)
{
    [BrokerFact]
    public async Task It_finishes_what_it_has_and_loses_nothing()
    {
        await using var desk = await Desk.OpenAsync(shared.Broker);
        var serving = desk.Serve();
        await desk.PublishAsync(desk.Records("before", 5));
        await desk.SettleAsync();
        var (queued, posted) = (desk.Records("queued", 100, paragraphs: 200), string.Concat(desk.Records("posted", 100, paragraphs: 50)));
        var posting = serving.Submit(posted);
        await desk.PublishAsync(queued);
        var answers = await posting;
        Assert.All(answers, a => Assert.Equal(202, (int)a["status"]!));
        var clock = Stopwatch.StartNew();
        Assert.Equal(0, serving.Stop());
        // Its own limit is 30 s.
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 45);
        desk.Account.Balance().AssertNothingTwice();
        Assert.Equal(new QueueCounts(0, 0), await shared.Broker.CountAsync(Desk.AcceptErrors, desk.VirtualHost));

        serving.Start();
        var balance = await desk.SettleAsync();
        Assert.Equal(205, balance.Log.Count);
        Assert.Equal(0, balance.Repeated);
    }

    [BrokerFact]
    public async Task What_it_cannot_finish_within_its_limit_stays_in_the_queue()
    {
        await using var desk = await Desk.OpenAsync(shared.Broker);
        desk.At.Environment["Ingest__ShutdownSeconds"] = "3";
        var serving = desk.Serve();
        await desk.PublishAsync(desk.Records("before", 5));
        await desk.SettleAsync();
        using (desk.Account.Lock())
        {
            await desk.PublishAsync(desk.Records("locked", 100));
            await desk.WaitForAsync(Desk.Accept, c => c.Unacknowledged == 100);
            serving.Stop();
            await desk.WaitForAsync(Desk.Accept, c => c is { Ready: 100, Unacknowledged: 0 });
        }

        Assert.Equal(new QueueCounts(0, 0), await shared.Broker.CountAsync(Desk.AcceptErrors, desk.VirtualHost));
        serving.Start();
        Assert.Equal(105, (await desk.SettleAsync()).Log.Count);
    }
}
