namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>faults.md, row 11: one poisonous article in a group of 100; 99 decided, one in the errors.</summary>
public sealed class Row11PoisonousArticleTests
{
    [Theory]
    // Another format: what is stored says so. No article: a fault that nobody foresaw.
    [InlineData("63")]
    [InlineData("{head}0200")]
    public async Task One_that_cannot_be_compared_fails_alone(string damage)
    {
        using var at = new Workplace();
        using var server = Serving.Start(at);
        var ledger = at.PathTo("ingest.db");
        var paragraphs = Workplace.Paragraphs(11_000, 6);
        var before = (await server.Decided("before", Workplace.Text(Workplace.Paragraphs(11_001))))["articleId"]!;
        var damaged = (await server.Decided("damaged", Workplace.Text(paragraphs)))["articleId"]!;
        Assert.Equal(0, server.Stop());
        var text = Workplace.Text(paragraphs);
        Assert.InRange(text.Length, 128, 16_383);
        // The version, the length of the text in two groups of seven bits, and the flags of a rejection: see StoredResult.
        Book.Execute(ledger, $"UPDATE results SET result = x'{damage.Replace("{head}", $"01{text.Length & 127 | 128:x2}{text.Length >> 7:x2}", StringComparison.Ordinal)}' WHERE article = 2");
        server.Start();

        var records = Enumerable.Range(0, 100).Select(i => i == 57
            ? Workplace.RecordOf("poison", Workplace.Text(paragraphs[..4]))
            : Workplace.RecordOf($"sound{i}", Workplace.Text(Workplace.Paragraphs(12_000 + i / 2))));
        var answers = await server.Submit(string.Concat(records));
        await server.Events(99, after: 2);

        var ids = answers.Select(a => (string)a["article"]!["articleId"]!).ToList();
        foreach (var (id, i) in ids.Select((id, i) => (id, i)))
            Assert.Equal(i == 57 ? "failed" : "decided", (string)(await server.Settled(id))["stage"]!);
        Assert.Equal(1, Book.Count(ledger, $"errors e JOIN articles a ON a.article = e.article WHERE a.submitted = 'poison' AND e.stage = 'deduplicate' AND e.attempts = 1"));
        Assert.Equal(1, Book.Count(ledger, "errors"));
        Assert.Equal(0, Book.Count(ledger, "unfinished"));
        var log = Book.Decisions(ledger);
        Assert.Equal(Enumerable.Range(1, 101).Select(p => (long)p), log.Select(d => d.Position));
        Assert.All(log.Skip(2).GroupBy(d => d.Story), family => Assert.InRange(family.Count(), 1, 2));
        Assert.Equal(50, log.Skip(2).Select(d => d.Story).Distinct().Count());

        // It is not tried again by itself, and disturbs nobody after it.
        server.Restart();
        await server.Decided("after", Workplace.Text(Workplace.Paragraphs(11_002)));
        Assert.Equal(1, Book.Count(ledger, "errors WHERE attempts = 1"));

        // What is damaged is named, and nothing else is kept from readers.
        Assert.Equal("ledger-damaged", (await server.Ask($"/v1/articles/{damaged}")).Problem);
        Assert.Equal("decided", (string)(await server.Get($"/v1/articles/{before}"))["stage"]!);
        var page = await server.Get("/v1/events?after=0&limit=4");
        Assert.Equal([1L, 3, 4], page["events"]!.AsArray().Select(e => (long)e!["position"]!));
        var entry = Assert.Single(page["damaged"]!.AsArray())!;
        Assert.Equal(2, (long)entry["position"]!);
        Assert.Contains($"{damaged}", (string)entry["detail"]!, StringComparison.Ordinal);
        Assert.Equal(4, (long)page["next"]!);
    }
}
