using System.Diagnostics;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>Stages in processes of their own without a broker: the ledger is between them, and none decides nothing and says that it is ready.</summary>
public sealed class RolesWithoutBrokerTests : IDisposable
{
    readonly Workplace at = new();

    public void Dispose() => at.Dispose();

    [Theory]
    [InlineData("normalise", true)]
    [InlineData("accept,normalise", true)]
    [InlineData("normalise,publish", false)]
    [InlineData("accept,normalise,publish", false)]
    public void Cleaning_for_nobody_is_refused(string roles, bool option)
    {
        if (!option)
            at.Environment["Ingest__Roles"] = roles;
        var ended = at.Run(["serve", "--url", "http://127.0.0.1:0", .. option ? (string[])["--roles", roles] : []]);
        Assert.Equal((2, ""), (ended.Exit, ended.Output));
        var said = Assert.Single(ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("ingest: ", said, StringComparison.Ordinal);
        Assert.Contains("Add deduplicate to the roles", said, StringComparison.Ordinal);
        Assert.Contains("--rabbitmq", said, StringComparison.Ordinal);
        Assert.False(File.Exists(at.PathTo("ingest.db")));
    }

    [Theory]
    [InlineData("accept|normalise,deduplicate,publish")]
    [InlineData("accept|deduplicate,publish")]
    [InlineData("accept,publish|deduplicate")]
    [InlineData("accept|deduplicate,publish|normalise,deduplicate")]
    public async Task What_one_process_accepts_another_decides_within_seconds(string roles)
    {
        using var servers = new RoleServers(at, roles);
        var clock = Stopwatch.StartNew();
        Assert.Equal("canonical", (string)(await servers.First.Decided("a", Workplace.Article("Bree")))["outcome"]!["outcome"]!);
        Assert.Equal("duplicate", (string)(await servers.First.Decided("b", Workplace.Article("Bree")))["outcome"]!["outcome"]!);
        // Those that were left behind are taken up after half a minute; these are not.
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
        // Each tells of them, whoever decided.
        foreach (var server in servers.All)
        {
            Assert.Equal(2, (await server.Events(2)).Count);
            server.WaitForReady();
        }

        servers.Stop();
    }

    [Fact]
    public async Task Nothing_is_lost_when_the_process_that_decides_is_killed()
    {
        using var servers = new RoleServers(at, "accept|deduplicate,publish");
        var accepted = new List<string>();
        for (var round = 0; round < 3; round++)
        {
            var lines = string.Concat(Enumerable.Range(0, 200).Select(i => Workplace.RecordOf($"{round}/{i}", Workplace.Text(Workplace.Paragraphs(i / 2 + 100 * round)))));
            accepted.AddRange((await servers.First.Submit(lines)).Select(a => (string)a["article"]!["articleId"]!));
            // In the middle of its work, at another moment each time.
            await servers.First.Until("some are decided", () => Task.FromResult(Book.Count(at.PathTo("ingest.db"), "decisions") > 200 * round + 50 * round));
            servers.Last.Kill();
            // While nobody decides.
            accepted.Add((string)(await servers.First.Submit(Workplace.RecordOf($"{round}/late", Workplace.Text(Workplace.Paragraphs(1000 + round)))))[0]["article"]!["articleId"]!);
            servers.Last.Start();
        }

        await servers.Last.Events(accepted.Count);
        servers.Stop();
        Book.Audit(at.PathTo("ingest.db"), accepted);
    }

    [Fact]
    public async Task A_process_that_accepts_what_nobody_decides_is_not_ready_and_says_what_to_start_until_it_runs()
    {
        using var accepting = new RoleServers(at, "accept");
        var server = accepting.First;
        var article = (await server.Article("a", Workplace.Article("Bree"))).ArticleId;
        var clock = Stopwatch.StartNew();
        server.WaitForReady();
        await server.Until("it is not ready", async () => (await server.Ask("/health/ready")).Status == 503);
        Assert.InRange(clock.Elapsed.TotalSeconds, 5, 30);
        var answer = await server.Ask("/health/ready");
        var reason = Assert.Single(answer.Json["reasons"]!.AsObject());
        Assert.Equal("waiting", reason.Key);
        Assert.Contains("ingest serve --roles normalise,deduplicate,publish", (string)reason.Value!, StringComparison.Ordinal);
        Assert.Contains("--rabbitmq", (string)reason.Value!, StringComparison.Ordinal);
        // A new start would not help it, and it takes more.
        Assert.Equal(200, (await server.Ask("/health/live")).Status);
        Assert.Equal("accepted", (string)(await server.Get($"/v1/articles/{article}"))["stage"]!);
        var second = (await server.Article("b", Workplace.Article("Bree"))).ArticleId;

        using var deciding = new RoleServers(at, "normalise,deduplicate,publish");
        Assert.Equal("canonical", (string)(await server.Settled(article))["outcome"]!["outcome"]!);
        Assert.Equal("duplicate", (string)(await server.Settled(second))["outcome"]!["outcome"]!);
        server.WaitForReady();
    }
}
