using System.Text;
using System.Text.Json.Nodes;
using Ingest.Core.Normalisation;
using Ingest.Ledger.Articles;
using static Ingest.EndToEnd.Tests.Workplace;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>What becomes of an article, and what it is called, does not depend on how the program was started. With a broker: <c>Ingest.Broker.Tests</c>.</summary>
public sealed class OneOutcomeTests : IDisposable
{
    readonly Workplace at = new();

    public void Dispose() => at.Dispose();

    [Fact]
    public async Task A_run_its_ledger_and_a_replay_of_it_tell_the_same()
    {
        var expected = Mixture.Run(at);
        Mixture.AssertConsistent(expected);
        Assert.All(expected, o => Assert.Equal(Normaliser.Version, (string)o["normaliser"]!));
        Assert.Equal(["blank empty", "furniture no-body", "document binary", "archive binary"], expected.Where(o => o["rejection"] is not null).Select(o => $"{o["id"]} {o["rejection"]!["reason"]}"));
        Mixture.AssertSame(expected, Mixture.Run(at, "--ledger", "ingest.db"));
        // Known, and not decided again.
        Mixture.AssertSame(expected, Mixture.Run(at, "--ledger", "ingest.db"));
        Assert.Equal(expected.Count, Book.Decisions(at.PathTo("ingest.db")).Count);
        foreach (var (to, options) in new[] { ("plain.db", (string[])[]), ("cleaned.db", ["--normaliser"]), ("half.db", ["--from", "12"]) })
        {
            var replay = at.Run(["replay", "--to", to, .. options]);
            var count = expected.Count - (options is ["--from", _] ? 11 : 0);
            Assert.Equal((0, $"{count} decisions: {count} the same, 0 different.\n"), (replay.Exit, replay.Output));
        }

        foreach (var ledger in (string[])["ingest.db", "plain.db", "cleaned.db", "half.db"])
        {
            using var server = Serving.Start(at, "--ledger", ledger);
            await Mixture.AssertTells(server, expected);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("accept|normalise,deduplicate,publish")]
    [InlineData("accept,publish|deduplicate")]
    public async Task Servers_tell_what_a_run_tells(string roles)
    {
        var expected = Mixture.Run(at);
        using var servers = new RoleServers(at, roles);
        await Mixture.Submit(servers.First);
        await Mixture.AssertTells(servers.First, expected);
        await Mixture.AssertTells(servers.Last, expected);
        servers.Stop();
        // And the ledger is the same to a run.
        Mixture.AssertSame(expected, Mixture.Run(at, "--ledger", "ingest.db"));
    }

    [Fact]
    public async Task What_is_submitted_from_files_has_the_ids_that_a_run_gives_it()
    {
        at.Write("a.txt", Article("Bree"));
        at.Write("b.txt", [.. Encoding.UTF8.GetBytes(Text(Paragraphs(1))), .. "The caf"u8, 0xe9, .. " opened again on Monday, said its owner.\n"u8]);
        at.Write("c.txt", Article("Bree") + "\nThe library opens on Sundays too, from noon until five, and on holidays until three in the afternoon.\n");
        at.Write("d.jsonl", [.. Mixture.Record("named", Article("Dorn")), (byte)'\n', .. Encoding.UTF8.GetBytes(new JsonObject { ["text"] = Article("Bree"), ["published"] = "last Friday" }.ToJsonString())]);
        string[] files = ["a.txt", "b.txt", "c.txt", "d.jsonl"];
        var run = at.Run(["run", .. files, "--output", "-"]);
        Assert.Equal(["a.txt", "b.txt", "c.txt", "named", "d.jsonl:2"], run.Lines.Select(l => (string)l["id"]!));
        Mixture.AssertConsistent(run.Lines);

        using var server = Serving.Start(at);
        foreach (var file in files)
        {
            // One by one, so that their order is known.
            Assert.Equal(0, at.Run("submit", file, "--to", server.Url).Exit);
            await server.Until("all is decided", () => Task.FromResult(Book.Count(at.PathTo("ingest.db"), "unfinished") == 0));
        }

        foreach (var line in run.Lines)
        {
            var state = await server.Get($"/v1/articles/{line["articleId"]}");
            Assert.Equal(((string)line["id"]!, (string?)line["story"]!["id"]), ((string)state["id"]!, (string?)state["storyId"]));
            Assert.Equal(line["article"]!.ToJsonString(), state["outcome"]!["article"]!.ToJsonString());
            Assert.Equal(line["story"]!.ToJsonString(), state["outcome"]!["story"]!.ToJsonString());
        }

        // Known to a run on the server's ledger, and to the server by whatever way it comes again.
        Assert.Equal(run.Lines.Select(l => (string)l["articleId"]!), at.Run(["run", .. files, "--output", "-", "--ledger", "ingest.db"]).Lines.Select(l => (string)l["articleId"]!));
        Assert.True((bool)(await server.Article("a.txt", Article("Bree"))).Json["known"]!);
        Assert.Equal(run.Lines.Count, Book.Decisions(at.PathTo("ingest.db")).Count);
    }

    [Fact]
    public async Task What_is_no_record_is_rejected_by_a_run_and_stays_so_in_its_ledger_and_in_replays()
    {
        at.Write("in.jsonl", Mixture.Lines([Mixture.Record("sound", Article("Bree")), .. Mixture.Malformed(1), Mixture.Record("copy", Article("Bree"))]));
        var plain = at.Run("run", "in.jsonl", "--output", "-").Lines;
        AssertMalformed(plain);
        var kept = at.Run("run", "in.jsonl", "--output", "-", "--ledger", "ingest.db").Lines;
        Mixture.AssertSame(plain, kept);
        foreach (var (to, options) in new[] { ("plain.db", (string[])[]), ("cleaned.db", ["--normaliser"]) })
        {
            var replay = at.Run(["replay", "--to", to, .. options]);
            Assert.Equal((0, $"{plain.Count} decisions: {plain.Count} the same, 0 different.\n"), (replay.Exit, replay.Output));
            using var server = Serving.Start(at, "--ledger", to);
            await Mixture.AssertTells(server, plain);
        }

        // Over HTTP nobody needs to wait for the outcome.
        using var source = Serving.Start(at, "--ledger", "ingest.db");
        foreach (var record in Mixture.Malformed(2))
            Assert.Equal("malformed-record", (await source.Post("/v1/articles", "application/json", record)).Problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("accept|deduplicate,publish")]
    public async Task What_is_no_record_is_rejected_when_it_is_tried_again_after_a_failure(string roles)
    {
        at.Write("first.jsonl", Mixture.Lines([Mixture.Record("sound", Article("Bree"))]));
        Assert.Equal(0, at.Run("run", "first.jsonl", "--output", "-", "--ledger", "ingest.db").Exit);
        Book.Execute(at.PathTo("ingest.db"), "CREATE TRIGGER refuse BEFORE INSERT ON decisions BEGIN SELECT RAISE(ABORT, 'refused by the test'); END");
        at.Write("in.jsonl", Mixture.Lines(Mixture.Malformed(1)));
        Assert.Equal(1, at.Run("run", "in.jsonl", "--output", "-", "--ledger", "ingest.db").Exit);
        Assert.Equal(4, Book.Count(at.PathTo("ingest.db"), "errors"));
        Book.Execute(at.PathTo("ingest.db"), "DROP TRIGGER refuse");

        using var servers = new RoleServers(at, roles);
        Assert.Equal(0, at.Run("errors", "retry", "--all").Exit);
        await servers.First.Events(5);
        servers.Stop();
        Assert.Equal(4, Book.Decisions(at.PathTo("ingest.db")).Count(d => d.Rejection == "malformed-record"));
        var replay = at.Run("replay", "--to", "cleaned.db", "--normaliser");
        Assert.Equal((0, "5 decisions: 5 the same, 0 different.\n"), (replay.Exit, replay.Output));
    }

    [Fact]
    public async Task The_feed_of_a_record_comes_back_with_its_outcome_its_state_and_each_of_the_four_events()
    {
        var text = Paragraphs(1);
        byte[][] records =
        [
            Mixture.Record("first", Text(text), ("feed", "wire/first")), Mixture.Record("copy", Text(text), ("feed", "wire/copy")),
            Mixture.Record("fuller", Text([.. text, .. Paragraphs(2)]), ("feed", "wire/fuller")), Mixture.Record("blank", " ", ("feed", "wire/blank")), Mixture.Record("none", Text(Paragraphs(3))),
        ];
        string?[] feeds = ["wire/first", "wire/copy", "wire/fuller", "wire/blank", null];
        at.Write("in.jsonl", Mixture.Lines(records));
        Assert.Equal(feeds, at.Run("run", "in.jsonl", "--output", "-").Lines.Select(l => (string?)l["feed"]));

        using var server = Serving.Start(at);
        foreach (var record in records)
        {
            var state = await server.Settled((await server.Post("/v1/articles", "application/json", record)).ArticleId);
            var feed = feeds[(int)(long)state["position"]! - 1];
            Assert.Equal((feed, feed), ((string?)state["feed"], (string?)state["outcome"]!["feed"]));
        }

        var log = await server.Events(5);
        Assert.Equal(["CanonicalArticlePublished", "DuplicateDetected", "CanonicalArticleRevised", "ArticleRejected", "CanonicalArticlePublished"], log.Select(e => (string)e["type"]!));
        Assert.Equal(feeds, log.Select(e => (string?)e["event"]!["feed"]));
    }

    [Fact]
    public async Task Two_articles_under_one_id_are_two()
    {
        var (one, other) = (Paragraphs(1), Paragraphs(2));
        at.Write("in.jsonl", Mixture.Lines(
        [
            Mixture.Record("same", Text(one)), Mixture.Record("same", Text(other)), Mixture.Record("same", Text(one)), Mixture.Record("copy of one", Text(one)), Mixture.Record("copy of the other", Text(other)),
        ]));
        foreach (var options in (string[][])[[], ["--ledger", "ingest.db"]])
        {
            var lines = at.Run(["run", "in.jsonl", "--output", "-", .. options]).Lines;
            var ids = lines.Select(l => (string)l["articleId"]!).ToList();
            Assert.Equal(4, ids.Distinct().Count());
            // The same article again is the same article.
            Assert.Equal(ids[0], ids[2]);
            Assert.Equal([ids[0], ids[1], ids[0], ids[0], ids[1]], lines.Select(l => (string)l["story"]!["id"]!));
            Assert.Equal([null, null, null, ids[0], ids[1]], lines.Select(l => (string?)l["story"]!["matchedArticleId"]));
            Assert.Equal([null, null, null, "same", "same"], lines.Select(l => (string?)l["story"]!["matched"]));
        }

        using var server = Serving.Start(at);
        Assert.Equal(4, (await server.Events(4)).Select(e => (string)e["event"]!["articleId"]!).Distinct().Count());
    }

    /// <summary>As if an older program had cleaned the articles of a ledger.</summary>
    [Fact]
    public async Task The_version_of_the_rules_is_that_of_those_who_made_the_result()
    {
        const string Older = "0";
        Assert.Equal(1, Normaliser.Version.Length);
        at.Write("in.jsonl", Mixture.Lines([Mixture.Record("first", Article("Bree")), Mixture.Record("copy", Article("Bree")), Mixture.Record("blank", " ")]));
        var lines = at.Run("run", "in.jsonl", "--output", "-", "--ledger", "ingest.db").Lines;
        // The format, and the version as a literal of one byte: see StoredResult.
        using (var book = Book.Open(at.PathTo("ingest.db")))
        {
            book.CreateFunction<byte[], byte[]>("older", stored => [2, 0x0b, (byte)Older[0], .. StoredResult.Whole(stored)[3..]]);
            book.Execute($"UPDATE results SET result = older(result); UPDATE decisions SET normaliser = '{Older}'");
        }

        Assert.Equal(0, at.Run("replay", "--to", "plain.db").Exit);
        Assert.Equal(0, at.Run("replay", "--to", "cleaned.db", "--normaliser").Exit);
        foreach (var (ledger, version) in new[] { ("ingest.db", Older), ("plain.db", Older), ("cleaned.db", Normaliser.Version) })
        {
            Assert.Equal(3, Book.Count(at.PathTo(ledger), $"decisions WHERE normaliser = '{version}'"));
            using var server = Serving.Start(at, "--ledger", ledger);
            foreach (var line in lines)
                Assert.Equal(version, (string)(await server.Get($"/v1/articles/{line["articleId"]}"))["outcome"]!["normaliser"]!);
        }
    }

    static void AssertMalformed(List<JsonNode> lines)
    {
        Assert.Equal(["canonical", "rejected", "rejected", "rejected", "rejected", "duplicate"], lines.Select(l => (string)l["outcome"]!));
        Assert.All(lines[1..5], l => Assert.Equal(("malformed-record", null), ((string)l["rejection"]!["reason"]!, l["article"])));
    }
}
