using System.Diagnostics;
using Ingest.EndToEnd.Tests;

namespace Ingest.Broker.Tests.Faults;

/// <summary>Row 21: SIGTERM with a hundred under way.</summary>
[Collection(nameof(OneBroker))]
public sealed class ShutdownTests(SharedBroker shared)
{
    [BrokerTheory]
    [EachConsumer(Always = true)]
    public async Task It_finishes_what_it_has_and_loses_nothing(string consumer)
    {
        await using var desk = await Desk.OpenAsync(shared.Broker, consumer: consumer);
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

    [BrokerTheory]
    // The lane waits for the ledger.
    [InlineData("accept,normalise,deduplicate,publish", 30, "MassTransit")]
    [InlineData("accept,normalise,deduplicate,publish", 30, "Native")]
    // The consumer does.
    [InlineData("accept", 30, "MassTransit")]
    // Its limit is reached before the ledger has said no.
    [InlineData("accept,normalise,deduplicate,publish", 2, "MassTransit")]
    [InlineData("accept,normalise,deduplicate,publish", 2, "Native")]
    public async Task What_it_cannot_finish_goes_back_to_the_queue_and_nobody_waits_for_it(string roles, int limit, string consumer)
    {
        await using var desk = await Desk.OpenAsync(shared.Broker, consumer: consumer);
        var serving = desk.Serve();
        await desk.PublishAsync(desk.Records("before", 5));
        await desk.SettleAsync();
        serving.Stop();
        desk.At.Environment["Ingest__ShutdownSeconds"] = $"{limit}";
        serving = desk.Serve("--roles", roles);
        using (desk.Account.Lock())
        {
            await desk.PublishAsync(desk.Records("locked", 100));
            await desk.WaitForAsync(Desk.Accept, c => c.Unacknowledged == 100);
            var clock = Stopwatch.StartNew();
            serving.Stop();
            // SQLite itself waits 5 s for a lock.
            Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
            await desk.WaitForAsync(Desk.Accept, c => c is { Ready: 100, Unacknowledged: 0 });
        }

        Assert.Equal(new QueueCounts(0, 0), await shared.Broker.CountAsync(Desk.AcceptErrors, desk.VirtualHost));
        // A second delivery is all that it has cost them.
        var errors = await shared.Broker.PeekAsync(Desk.Accept, desk.VirtualHost);
        Assert.All(errors, m => Assert.Equal(1L, Convert.ToInt64(m.Properties.Headers!["x-delivery-count"], System.Globalization.CultureInfo.InvariantCulture)));
        desk.Serve();
        var balance = await desk.SettleAsync();
        Assert.Equal(105, balance.Log.Count);
        Assert.Equal(0, balance.Repeated);
    }
}
