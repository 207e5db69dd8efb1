using Ingest.EndToEnd.Tests;

namespace Ingest.Broker.Tests.Faults;

/// <summary>Row 18: no queue takes an event.</summary>
[Collection(nameof(OneBroker))]
public sealed class UnroutableTests(SharedBroker shared)
{
    [BrokerFact]
    public async Task It_waits_with_a_warning_and_holds_up_no_other()
    {
        await using var desk = await Desk.OpenAsync(shared.Broker, watched: false);
        await desk.WatchAsync(Desk.Rejected);
        var serving = desk.Serve();
        var articles = desk.Records("article", 5);
        desk.Account.Submit("rejected");
        await desk.PublishAsync(articles[..3]);
        await desk.PublishAsync("""{"id":"rejected","text":""}""", null);
        await desk.PublishAsync(articles[3..]);
        await desk.UntilAsync(() => desk.Account.CountUnroutable() == 5, "5 events that no queue takes");
        await desk.UntilAsync(() => Ready(serving).Contains("5 events waiting because no queue is bound to Ingest.Contracts.V1:CanonicalArticlePublished", StringComparison.Ordinal), "a warning");
        Assert.StartsWith("200", Ready(serving), StringComparison.Ordinal);
        await desk.WaitForAsync(Desk.Watch, c => c.Ready == 1);

        // They outlive the process.
        serving.Kill();
        serving.Start();
        await desk.WatchAsync(Desk.Published);
        var balance = await desk.SettleAsync();
        Assert.Equal(6, balance.Log.Count);
        Assert.Equal(0, balance.Repeated);
        Assert.Equal(desk.Account.Received.Where(r => r.Type == Desk.Published).Select(r => r.Position).Order(), desk.Account.Received.Where(r => r.Type == Desk.Published).Select(r => r.Position));
        await desk.UntilAsync(() => !Ready(serving).Contains("no queue is bound", StringComparison.Ordinal), "no warning");
        Assert.Equal(0, desk.Account.CountUnroutable());
    }

    [BrokerFact]
    public async Task One_that_is_damaged_meanwhile_holds_up_no_other_and_is_sent_when_it_is_mended_and_somebody_asks()
    {
        await using var desk = await Desk.OpenAsync(shared.Broker, watched: false);
        var serving = desk.Serve();
        await desk.PublishAsync(desk.Records("article", 3));
        await desk.UntilAsync(() => desk.Account.CountUnroutable() == 3, "3 events that no queue takes");
        desk.Account.Execute("CREATE TABLE kept AS SELECT * FROM results; UPDATE results SET result = x'00' WHERE article = 1");
        await desk.WatchAsync(Desk.Published);
        await desk.WaitForAsync(Desk.Watch, c => c.Ready == 2);
        await desk.UntilAsync(() => Ready(serving).Contains("1 event skipped because their data in the ledger is damaged, the first at position 1", StringComparison.Ordinal), "a warning");

        desk.Account.Execute("UPDATE results SET result = (SELECT k.result FROM kept k WHERE k.article = results.article); DROP TABLE kept");
        Assert.Equal((0, "1 event will be retried. A running server picks it up within seconds.\n"), (desk.At.Run("errors", "retry", "--events") is var retry ? retry.Exit : 0, retry.Errors));
        Assert.Equal(0, (await desk.SettleAsync()).Repeated);
        await desk.UntilAsync(() => !Ready(serving).Contains("damaged", StringComparison.Ordinal), "no warning");
    }

    static string Ready(Serving serving)
    {
        using var answer = serving.Http.GetAsync("/health/ready").GetAwaiter().GetResult();
        return $"{(int)answer.StatusCode} {answer.Content.ReadAsStringAsync().GetAwaiter().GetResult()}";
    }
}
