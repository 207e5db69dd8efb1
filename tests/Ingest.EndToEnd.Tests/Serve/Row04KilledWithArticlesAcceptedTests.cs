namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>faults.md, row 4: SIGKILL in embedded mode with N accepted; on restart all N reach their outcome.</summary>
public sealed class Row04KilledWithArticlesAcceptedTests
{
    const int Articles = 1500;

    static string Lines(string name) => string.Concat(Enumerable.Range(0, Articles).Select(i => Workplace.RecordOf($"{name}{i}", Workplace.Text(Workplace.Paragraphs(i / 3, 2)))));

    static async Task<List<string>> Submit(Serving server, string name) => [.. (await server.Submit(Lines(name))).Select(l => (string)l["article"]!["articleId"]!)];

    [Fact]
    public async Task None_decided_before_the_kill_all_decided_after_it()
    {
        using var at = new Workplace();
        using var accepting = Serving.Start(at, "--roles", "accept");
        var accepted = await Submit(accepting, "a");
        accepting.Kill();
        Assert.Equal(Articles, Book.Count(at.PathTo("ingest.db"), "unfinished"));

        using var server = Serving.Start(at);
        await server.Events(Articles);
        Assert.Equal(Articles / 3, Book.Audit(at.PathTo("ingest.db"), accepted).Select(d => d.Story).Distinct().Count());
    }

    [Fact]
    public async Task Killed_at_once_after_the_answer()
    {
        using var at = new Workplace();
        using var server = Serving.Start(at);
        var accepted = await Submit(server, "a");
        server.Kill();
        server.Start();
        await server.Events(Articles);
        // Articles of a family may have been decided in any order, before and after.
        Assert.Equal(Articles / 3, Book.Audit(at.PathTo("ingest.db"), accepted).Select(d => d.Story).Distinct().Count());
    }
}
