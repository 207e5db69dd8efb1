using System.Text;
using Ingest.EndToEnd.Tests;

namespace Ingest.Broker.Tests.Faults;

/// <summary>Row 8: the same message, the same message id, the same article.</summary>
[Collection(nameof(OneBroker))]
public sealed class RepeatedMessageTests(SharedBroker shared)
{
    [BrokerFact]
    public async Task The_article_counts_not_the_message()
    {
        await using var desk = await Desk.OpenAsync(shared.Broker);
        var serving = desk.Serve();
        string Id() => Guid.NewGuid().ToString();

        // The same message twice.
        var (once, twice) = (desk.Record("twice"), Id());
        desk.Account.Submit("twice");
        await desk.PublishAsync(once, twice);
        await desk.PublishAsync(once, twice);

        // The same message id with another body.
        var shares = Id();
        desk.Account.Submit("other", articles: 2);
        await desk.PublishAsync(desk.Record("other"), shares);
        await desk.PublishAsync(desk.Record("other"), shares);

        // The same article under another message id.
        var same = desk.Record("same");
        desk.Account.Submit("same");
        await desk.PublishAsync(same, Id());
        await desk.PublishAsync(same, Id());
        await desk.PublishAsync(same, null);
        await desk.SettleAsync();

        // And all of it once more, delivered a second time to a new process.
        serving.Stop();
        await desk.PublishAsync(once, twice);
        await desk.PublishAsync(same, Id());
        Assert.Equal(2, (await shared.Broker.PeekAsync(Desk.Accept, desk.VirtualHost)).Count);
        Assert.All(await shared.Broker.PeekAsync(Desk.Accept, desk.VirtualHost), m => Assert.True(m.Redelivered));
        serving.Start();
        var balance = await desk.SettleAsync();
        Assert.Equal(4, balance.Log.Count);
        Assert.Equal(0, balance.Repeated);
    }

    [BrokerFact]
    public async Task Articles_without_an_id_are_told_apart_by_the_message_id()
    {
        await using var desk = await Desk.OpenAsync(shared.Broker);
        var serving = desk.Serve();
        var (first, second, third) = ($$"""{"text":{{Text(1)}}}""", $$"""{"text":{{Text(2)}}}""", $$"""{"text":{{Text(3)}}}""");
        var (one, other) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
        // 1: the same message twice. 2: the same message id with another body. 3: the same body under another message id, which nothing says is the same submission.
        foreach (var (body, id) in new[] { (first, one), (first, one), (second, one), (first, other) })
            await desk.PublishAsync(body, id);
        // 4: nothing tells these apart.
        await desk.PublishAsync(third, null);
        await desk.PublishAsync(third, null);
        await desk.UntilAsync(() => desk.Account.CountDecided() >= 4, "4 decisions");
        await desk.WaitForAsync(Desk.Accept, c => c is { Ready: 0, Unacknowledged: 0 });

        serving.Stop();
        await desk.PublishAsync(first, one);
        await shared.Broker.PeekAsync(Desk.Accept, desk.VirtualHost);
        serving.Start();
        await desk.WaitForAsync(Desk.Accept, c => c is { Ready: 0, Unacknowledged: 0 });
        // Their ids are those of the articles, which nobody knew before.
        foreach (var decided in desk.Account.Decided())
            desk.Account.Submit(decided.Article.ToString());
        var balance = await desk.SettleAsync();
        Assert.Equal(4, balance.Log.Count);
        Assert.Equal(3, balance.Log.Select(d => d.Story).Distinct().Count());

        static string Text(int seed) => System.Text.Json.JsonSerializer.Serialize(Workplace.Text(Workplace.Paragraphs(seed)));
    }
}

/// <summary>Row 9: a correction before its original, a copy before what it was copied from.</summary>
[Collection(nameof(OneBroker))]
public sealed class OutOfOrderTests(SharedBroker shared)
{
    [BrokerFact]
    public async Task One_story_in_the_order_of_the_log_whatever_the_dates_say()
    {
        await using var desk = await Desk.OpenAsync(shared.Broker);
        var serving = desk.Serve();
        var text = Workplace.Paragraphs(1);
        var corrected = text.ToList();
        corrected[1] = corrected[1].Replace(corrected[1].Split(' ')[3], "300", StringComparison.Ordinal);
        (string Id, string Json)[] articles =
        [
            ("copy", Json("copy", text[..2], "Harbour Gazette", "2026-03-02T10:00:00Z", null)),
            ("correction", Json("correction", corrected, "Reuters", "2026-03-02T09:00:00Z", "CORRECTED-Mill reopens as a library")),
            ("original", Json("original", text, "Reuters", "2026-03-02T08:00:00Z", "Mill reopens as a library")),
            ("future", Json("future", text, "Harbour Gazette", "2099-01-01T00:00:00Z", null)),
        ];
        foreach (var (id, json) in articles)
        {
            desk.Account.Submit(id);
            await desk.PublishAsync(json, Guid.NewGuid().ToString());
            await desk.UntilAsync(() => desk.Account.CountDecided() == desk.Account.Submitted, "a decision about each");
        }

        var balance = await desk.SettleAsync();
        Assert.Equal(["copy", "correction", "original", "future"], balance.Log.Select(d => d.Id));
        Assert.Single(balance.Log.Select(d => d.Story).Distinct());
        Assert.Equal(desk.Account.Received.Select(r => r.Position).Order(), desk.Account.Received.OrderBy(r => Array.FindIndex(articles, a => a.Id == r.Id)).Select(r => r.Position));
        var story = await serving.Get($"/v1/stories/{balance.Log[0].Article}");
        Assert.Equal(balance.Log[1].Article, (Guid)story["canonical"]!);
        Assert.Equal(4, story["articles"]!.AsArray().Count);

        static string Json(string id, List<string> paragraphs, string publisher, string published, string? headline) => System.Text.Json.JsonSerializer.Serialize(
            new { id, text = Workplace.Text(headline is null ? paragraphs : [headline, .. paragraphs]), agency = "Reuters", publisher, published });
    }
}

/// <summary>Row 10: copies of one text at the same moment, on the workers of two processes, over HTTP and the queue.</summary>
[Collection(nameof(OneBroker))]
public sealed class CopiesAtOnceTests(SharedBroker shared)
{
    const int Copies = 200;

    [BrokerFact]
    public async Task Two_hundred_copies_on_two_processes_are_one_story()
    {
        var runs = LongBrokerFactAttribute.Asked ? 100 : 3;
        await using var desk = await Desk.OpenAsync(shared.Broker);
        var servers = new[] { desk.Serve(), desk.Serve() };
        var split = 0;
        for (var run = 1; run <= runs; run++)
        {
            var text = Workplace.Paragraphs(run, 8);
            // A paper adds a line, cuts one, or prints it all; every tenth comes twice.
            var records = Enumerable.Range(0, Copies).Select(n => Workplace.RecordOf($"{run}/{n}", Workplace.Text((n % 4) switch
            {
                0 => text,
                1 => [.. text, $"Reporting by the desk of {n}."],
                2 => text[..^1],
                _ => [.. text[..^1], text[^1].Replace("The", "A", StringComparison.Ordinal)],
            }))).ToList();
            for (var n = 0; n < Copies; n++)
                desk.Account.Submit($"{run}/{n}");
            var queued = records.Where((_, n) => n % 3 == 0).ToList();
            List<string> Posted(int server) => [.. records.Where((_, n) => n % 3 == server + 1 || n % 10 == 0)];
            await Task.WhenAll(
                desk.PublishAsync(queued),
                servers[0].Submit(string.Concat(Posted(0))),
                servers[1].Submit(string.Concat(Posted(1))));
            await desk.UntilAsync(() => desk.Account.CountDecided() >= run * Copies, $"{run * Copies} decisions");
            if (desk.Account.Decided().Where(d => d.Id.StartsWith($"{run}/", StringComparison.Ordinal)).Select(d => d.Story).Distinct().Count() != 1)
                split++;
        }

        var balance = await desk.SettleAsync(TimeSpan.FromMinutes(3));
        Assert.True(split == 0, $"{split} of {runs} families were split. {balance}");
        Assert.Equal(runs * Copies, balance.Log.Count);
        Assert.Equal(runs, balance.Log.Count(d => d.Relation is null));
        Assert.Equal(runs, desk.Account.Received.Count(r => r.Type == Desk.Published));
    }
}
