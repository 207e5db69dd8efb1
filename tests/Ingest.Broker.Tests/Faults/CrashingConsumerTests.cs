namespace Ingest.Broker.Tests.Faults;

/// <summary>Row 24: a message that takes every consumer along with it.</summary>
[Collection(nameof(OneBroker))]
public sealed class CrashingConsumerTests(SharedBroker shared)
{
    [BrokerFact]
    public async Task It_ends_with_the_dead_letters()
    {
        await using var desk = await Desk.OpenAsync(shared.Broker);
        var serving = desk.Serve();
        serving.Stop();
        var record = desk.Record("crashing");
        await desk.PublishAsync(record, "11111111-2222-3333-4444-555555555555");
        var deliveries = 0;
        while (true)
        {
            await using var connection = await shared.Broker.ConnectAsync(desk.Address);
            await using var channel = await connection.CreateChannelAsync();
            if (await channel.BasicGetAsync(Desk.Accept, autoAck: false) is null)
            {
                if (await shared.Broker.ReadyAsync(Desk.Dead, desk.VirtualHost) == 1)
                    break;
                Assert.True(deliveries < 30, "It is delivered for ever, or is gone.");
                await Task.Delay(50);
                continue;
            }

            deliveries++;
        }

        // The first one and as many repetitions as are allowed.
        Assert.Equal(21, deliveries);
        var dead = Assert.Single(await shared.Broker.PeekAsync(Desk.Dead, desk.VirtualHost));
        Assert.Equal(record, dead.Text);
        Assert.Equal("11111111-2222-3333-4444-555555555555", dead.Properties.MessageId);

        serving.Start();
        await desk.PublishAsync(desk.Records("after", 5));
        Assert.Equal(5, (await desk.SettleAsync()).Log.Count);
        Assert.Equal(1, await shared.Broker.ReadyAsync(Desk.Dead, desk.VirtualHost));
    }
}
