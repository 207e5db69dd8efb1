using Ingest.EndToEnd.Tests;

namespace Ingest.Broker.Tests.Faults;

/// <summary>Row 11: one article in a group fails.</summary>
[Collection(nameof(OneBroker))]
public sealed class PoisonousArticleTests(SharedBroker shared)
{
    [BrokerTheory]
    [EachConsumer]
    public async Task It_fails_alone(string consumer)
    {
        await using var desk = await Desk.OpenAsync(shared.Broker, consumer: consumer);
        var serving = desk.Serve();
        var record = desk.Record("earlier", paragraphs: 8);
        desk.Account.Submit("earlier");
        await desk.PublishAsync(record, Guid.NewGuid().ToString());
        await desk.SettleAsync();
        serving.Stop();
        // What is stored of the earlier one cannot be read any more, so nothing can be compared with it.
        desk.Account.Execute("UPDATE results SET result = x'ffff'");

        serving.Start();
        var records = desk.Records("mate", 99);
        // Not the same words: those need no comparison.
        records.Insert(50, record.Replace("earlier", "poison", StringComparison.Ordinal).Replace("\\n\\n", "\\n\\nA word more. ", StringComparison.Ordinal));
        desk.Account.Submit("poison");
        // In one message, and so in one group.
        await desk.PublishAsync($"[{string.Join(',', records)}]", Guid.NewGuid().ToString());
        var balance = await desk.SettleAsync();
        Assert.Equal(100, balance.Log.Count);
        Assert.Equal(["poison"], balance.Failed);
        Assert.DoesNotContain(balance.Log, d => d.Id == "poison");
        Assert.Equal(0, desk.Account.CountUnfinished());
        Assert.Equal(new QueueCounts(0, 0), await shared.Broker.CountAsync(Desk.AcceptErrors, desk.VirtualHost));

        var poison = (await serving.Submit(record.Replace("earlier", "again", StringComparison.Ordinal).Replace("\\n\\n", "\\n\\nA word more. ", StringComparison.Ordinal)))[0];
        await desk.UntilAsync(() => desk.Account.Failed().Contains("again"), "the second poisonous one among the errors");
        Assert.Equal("failed", (string)(await serving.Get((string)poison["article"]!["location"]!))["stage"]!);
    }
}

/// <summary>Row 12: nobody can write to the ledger for 20 s.</summary>
[Collection(nameof(OneBroker))]
public sealed class LockedLedgerTests(SharedBroker shared)
{
    [BrokerFact]
    public async Task Nothing_is_acknowledged_until_it_can_be_written_again()
    {
        await using var desk = await Desk.OpenAsync(shared.Broker);
        var serving = desk.Serve();
        await desk.PublishAsync(desk.Records("before", 1));
        await desk.SettleAsync();
        using (desk.Account.Lock())
        {
            var until = DateTime.UtcNow.AddSeconds(20);
            await desk.PublishAsync(desk.Records("locked", 50));
            await desk.WaitForAsync(Desk.Accept, c => c is { Ready: 0, Unacknowledged: 50 });
            using var answer = await serving.Http.PostAsync("/v1/articles", new StringContent(desk.Record("refused"), null, "application/json"));
            Assert.Equal(503, (int)answer.StatusCode);
            using var ready = await serving.Http.GetAsync("/health/ready");
            var said = await ready.Content.ReadAsStringAsync();
            Assert.Equal(503, (int)ready.StatusCode);
            Assert.Contains("locked by another process", said, StringComparison.Ordinal);
            if (until - DateTime.UtcNow is { Ticks: > 0 } rest)
                await Task.Delay(rest);
            Assert.Equal(new QueueCounts(0, 50), await shared.Broker.CountAsync(Desk.Accept, desk.VirtualHost));
            Assert.Equal(1, desk.Account.CountDecided());
        }

        var balance = await desk.SettleAsync();
        Assert.Equal(51, balance.Log.Count);
        Assert.Equal(0, balance.Repeated);
        // Although nobody submits anything more.
        serving.WaitForReady();
    }
}
