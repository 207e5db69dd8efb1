using System.Diagnostics;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>faults.md, row 28: the ledger's files are taken away under a running service.</summary>
public sealed class Row28LedgerGoneTests
{
    [Fact]
    public async Task Moved_away_nothing_is_accepted_until_it_is_back()
    {
        using var at = new Workplace();
        using var server = Serving.Start(at);
        await server.Decided("0", Text(0));
        File.Move(at.PathTo("ingest.db"), at.PathTo("elsewhere.db"));
        var refused = await server.Article("1", Text(1));
        Assert.Equal((503, "ledger-unavailable"), (refused.Status, refused.Problem));
        Assert.Contains("ingest.db was moved or deleted", await NotReady(server), StringComparison.Ordinal);
        Assert.Equal(503, (await server.Ask("/v1/events")).Status);
        // A restart would begin an empty ledger.
        Assert.Equal(200, (await server.Ask("/health/live")).Status);
        File.Move(at.PathTo("elsewhere.db"), at.PathTo("ingest.db"));
        server.WaitForReady();
        await server.Decided("1", Text(1));
        Assert.Equal(2, (await server.Events(2)).Count);
    }

    [Fact]
    public async Task A_log_that_was_deleted_asks_for_a_restart_which_loses_nothing()
    {
        using var at = new Workplace();
        using var server = Serving.Start(at);
        var accepted = (await server.Submit(string.Concat(Enumerable.Range(0, 100).Select(i => Workplace.RecordOf($"{i}", Text(i)))))).Select(a => (string)a["article"]!["articleId"]!).ToList();
        File.Delete(at.PathTo("ingest.db-wal"));
        Assert.Contains("ingest.db-wal", await NotReady(server), StringComparison.Ordinal);
        await server.Until("only a restart helps", async () => (await server.Ask("/health/live")).Status == 503);
        server.Kill();
        server.Start();
        await server.Events(100);
        Book.Audit(at.PathTo("ingest.db"), accepted);
    }

    static string Text(int seed) => Workplace.Text(Workplace.Paragraphs(seed));

    /// <returns>Why it is not ready.</returns>
    static async Task<string> NotReady(Serving server)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (await server.Ask("/health/ready") is { Status: 503 } answer && (string?)answer.Json["reasons"]!["ledger-file"] is { } reason)
                return reason;
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), "Not noticed within 5 s.");
            await Task.Delay(50);
        }
    }
}
