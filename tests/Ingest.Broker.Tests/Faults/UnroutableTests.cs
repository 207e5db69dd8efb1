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

    static string Ready(Serving serving)
    {
        using var answer = serving.Http.GetAsync("/health/ready").GetAwaiter().GetResult();
        return $"{(int)answer.StatusCode} {answer.Content.ReadAsStringAsync().GetAwaiter().GetResult()}";
    }
}
