using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ingest.Contracts.V1;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation;
using Ingest.EndToEnd.Tests;
using Ingest.EndToEnd.Tests.Serve;
using Ingest.Ledger.Articles;
using Ingest.Service.Broker;
using RabbitMQ.Client;
using RawArticle = Ingest.Core.Articles.RawArticle;

namespace Ingest.Broker.Tests.Faults;

/// <summary>What becomes of an article does not depend on which processes run which stages. Without a broker: <c>OneOutcomeTests</c> and <c>RolesWithoutBrokerTests</c>.</summary>
[Collection(nameof(OneBroker))]
public sealed class TopologyTests(SharedBroker shared)
{
    const string All = "", Three = "accept|normalise|deduplicate,publish", CleaningFirst = "accept,normalise|deduplicate,publish", Between = "accept,deduplicate,publish|normalise";

    [BrokerTheory]
    [InlineData(All)]
    [InlineData(Three)]
    [InlineData(CleaningFirst)]
    [InlineData(Between)]
    public async Task What_is_no_record_is_rejected_at_once_after_a_failure_and_in_a_replay(string roles)
    {
        await using var desk = await Desk.OpenAsync(shared.Broker);
        using var servers = Servers(desk, roles);
        await PublishAsync(desk, Mixture.Malformed(1));
        await desk.UntilAsync(() => desk.Account.CountDecided() == 4, "4 decisions");
        await AssertMalformed(servers.First, 4);

        // The same again, but for a while nobody can write a decision.
        desk.Account.Execute("CREATE TRIGGER refuse BEFORE INSERT ON decisions BEGIN SELECT RAISE(ABORT, 'refused by the test'); END");
        await PublishAsync(desk, Mixture.Malformed(2));
        await desk.UntilAsync(() => desk.Account.Failed().Count == 4, "4 failed articles");
        desk.Account.Execute("DROP TRIGGER refuse");
        Assert.Equal(0, desk.At.Run("errors", "retry", "--all").Exit);
        await desk.UntilAsync(() => desk.Account.CountDecided() == 8, "4 more decisions");
        await AssertMalformed(servers.Last, 8);
        foreach (var decided in desk.Account.Decided())
            desk.Account.Submit(decided.Id, desk.Account.Decided().Count(d => d.Id == decided.Id));
        await desk.SettleAsync();
        Assert.All(desk.Account.Received, r => Assert.Equal(Desk.Rejected, r.Type));
        Assert.Equal(new QueueCounts(0, 0), await shared.Broker.CountAsync(Desk.AcceptErrors, desk.VirtualHost));
        servers.Stop();

        foreach (var options in (string[][])[[], ["--normaliser"]])
        {
            var replay = desk.At.Run(["replay", "--to", $"replayed{options.Length}.db", .. options]);
            Assert.Equal((0, "8 decisions: 8 the same, 0 different.\n"), (replay.Exit, replay.Output));
        }
    }

    [BrokerTheory]
    [InlineData(All, true)]
    [InlineData(Three, true)]
    [InlineData(Three, true, "Native")]
    [InlineData(Three, false)]
    [InlineData(Between, false)]
    public async Task Servers_tell_what_a_run_tells(string roles, bool queue, string? consumer = null)
    {
        await using var desk = await Desk.OpenAsync(shared.Broker, consumer: consumer);
        var expected = Mixture.Run(desk.At);
        using var servers = Servers(desk, roles);
        if (queue)
            foreach (var wave in Mixture.Waves)
            {
                var before = desk.Account.CountDecided();
                await PublishAsync(desk, wave);
                await desk.UntilAsync(() => desk.Account.CountDecided() + desk.Account.Failed().Count == before + wave.Count, "a decision about each of the wave");
            }
        else
            await Mixture.Submit(servers.First);
        await Mixture.AssertTells(servers.Last, expected);

        // The exchanges have what the feed of the log has.
        await desk.WaitForAsync(Desk.Watch, c => c.Ready == expected.Count);
        var told = (await shared.Broker.PeekAsync(Desk.Watch, desk.VirtualHost)).Select(m => JsonNode.Parse(m.Text)!["message"]!).OrderBy(e => (long)e["position"]!).Select(e => e.ToJsonString());
        Assert.Equal((await servers.First.Events(expected.Count)).Select(e => e["event"]!.ToJsonString()), told);
        servers.Stop();
        Mixture.AssertSame(expected, Mixture.Run(desk.At, "--ledger", "ingest.db"));
    }

    [BrokerTheory]
    [InlineData("accept", "normalise", Three)]
    [InlineData("accept,normalise", "deduplicate", CleaningFirst)]
    public async Task A_process_whose_articles_nobody_decides_is_not_ready_and_says_which_stage_to_look_for_until_it_runs(string roles, string missing, string topology)
    {
        await using var desk = await Desk.OpenAsync(shared.Broker);
        using var first = Servers(desk, roles);
        var server = first.First;
        var article = (await server.Article("a", Workplace.Article("Bree"))).ArticleId;
        var clock = Stopwatch.StartNew();
        server.WaitForReady();
        await server.Until("it is not ready", async () => (await server.Ask("/health/ready")).Status == 503);
        Assert.InRange(clock.Elapsed.TotalSeconds, 5, 30);
        var reason = Assert.Single((await server.Ask("/health/ready")).Json["reasons"]!.AsObject());
        Assert.Equal("waiting", reason.Key);
        Assert.Contains($"a process with the stage {missing}", (string)reason.Value!, StringComparison.Ordinal);
        Assert.Equal(200, (await server.Ask("/health/live")).Status);
        Assert.Equal("accepted", (string)(await server.Get($"/v1/articles/{article}"))["stage"]!);

        using var rest = Servers(desk, topology[(roles.Length + 1)..]);
        Assert.Equal("canonical", (string)(await server.Settled(article))["outcome"]!["outcome"]!);
        server.WaitForReady();
    }

    /// <summary>Another version of the program cleans: the test plays it.</summary>
    [BrokerFact]
    public async Task A_result_of_other_rules_that_comes_over_the_broker_keeps_their_version()
    {
        const string Other = "0.another";
        await using var desk = await Desk.OpenAsync(shared.Broker);
        using (var server = Servers(desk, "normalise"))
            server.Stop();
        using var servers = Servers(desk, "accept|deduplicate,publish");
        (string Id, string Text)[] articles = [("a", Workplace.Article("Bree")), ("b", Workplace.Article("Bree")), ("c", " ")];
        var ids = new List<string>();
        foreach (var (id, text) in articles)
            ids.Add((await servers.First.Article(id, text)).ArticleId);
        var channel = await desk.ChannelAsync();
        var waiting = new List<long>();
        for (var clock = Stopwatch.StartNew(); waiting.Count < 3;)
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), "The articles do not come to the queue.");
            if (await channel.BasicGetAsync(BrokerTopology.NormaliseQueue, autoAck: true) is { } got)
                waiting.AddRange(JsonNode.Parse(got.Body.Span)!["message"]!["articles"]!.AsArray().Select(n => (long)n!));
        }

        // In the order of the ledger.
        Assert.Equal([1, 2, 3], waiting.Order());
        var cleaned = articles.Select((a, i) => new NormalisedArticle(i + 1, StoredResult.Write(new Normaliser().Normalise(RawArticle.OfText(a.Id, a.Text)) with { Normaliser = Other }, a.Text))).ToList();
        var message = Envelope.Of(Guid.NewGuid(), nameof(DeduplicateArticles), JsonSerializer.SerializeToUtf8Bytes(new DeduplicateArticles(cleaned), StageJson.Default.DeduplicateArticles));
        await channel.BasicPublishAsync("", BrokerTopology.DeduplicateQueue, mandatory: true, new BasicProperties { MessageId = Guid.NewGuid().ToString(), ContentType = Envelope.ContentType }, message);

        string[] outcomes = ["canonical", "duplicate", "rejected"];
        foreach (var (id, i) in ids.Select((id, i) => (id, i)))
        {
            var state = await servers.First.Settled(id);
            Assert.Equal((outcomes[i], Other), ((string)state["outcome"]!["outcome"]!, (string)state["outcome"]!["normaliser"]!));
        }

        servers.Stop();
        var run = desk.At.Run("replay", "--to", "plain.db");
        Assert.Equal((0, "3 decisions: 3 the same, 0 different.\n"), (run.Exit, run.Output));
        Assert.Equal(0, desk.At.Run("replay", "--to", "cleaned.db", "--normaliser").Exit);
        Assert.Equal(Enumerable.Repeat(Other, 3), Versions(desk, "plain.db"));
        Assert.Equal(Enumerable.Repeat(Other, 3), Versions(desk, "ingest.db"));
        Assert.Equal(Enumerable.Repeat(Normaliser.Version, 3), Versions(desk, "cleaned.db"));
    }

    static RoleServers Servers(Desk desk, string roles) => new(desk.At, roles, "--rabbitmq", desk.Address.ToString());

    static Task PublishAsync(Desk desk, IEnumerable<byte[]> records) =>
        desk.PublishAsync(records.Select(r => (r, new BasicProperties { ContentType = "application/json", MessageId = Guid.NewGuid().ToString() })));

    static List<string> Versions(Desk desk, string ledger)
    {
        using var file = Ledger.LedgerFile.OpenExisting(desk.At.PathTo(ledger));
        return [.. new Ledger.DecisionLog(file).After(default, 100, Ledger.Texts.All).Select(e => e.Decision.Normaliser == e.Text!.Result().Normaliser ? e.Decision.Normaliser : "the log and the result differ")];
    }

    static async Task AssertMalformed(Serving server, int count)
    {
        var log = await server.Events(count);
        Assert.Equal(count, log.Count);
        foreach (var entry in log)
        {
            Assert.Equal(("ArticleRejected", "malformed-record"), ((string)entry["type"]!, (string)entry["event"]!["rejection"]!["reason"]!));
            var state = await server.Get($"/v1/articles/{entry["event"]!["articleId"]}");
            Assert.Equal(("decided", "rejected", "malformed-record"), ((string)state["stage"]!, (string)state["outcome"]!["outcome"]!, (string)state["outcome"]!["rejection"]!["reason"]!));
            Assert.Null(state["outcome"]!["article"]);
            Assert.Null(state["storyId"]);
        }
    }
}
