using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using static Ingest.EndToEnd.Tests.Workplace;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>What would become of an article, asked without submitting it.</summary>
public sealed class AnalyseTests : IDisposable
{
    readonly Workplace at = new();

    public void Dispose() => at.Dispose();

    [Fact]
    public async Task What_is_said_is_what_is_decided_and_nothing_is_kept_of_the_question()
    {
        using var server = Serving.Start(at);
        var first = await server.Decided("bree/1", Article("Bree"));
        var before = await Kept(server);
        var copy = Article("Bree").Replace("On Monday", "Later", StringComparison.Ordinal) + "\nShare this article\n";
        var analysis = await Analysed(server, "application/json", RecordOf("bree/2", copy));
        Assert.Null(analysis["notCompared"]);
        var article = Assert.Single(analysis["articles"]!.AsArray())!;
        var near = Assert.Single(article["near"]!.AsArray())!;
        Assert.Equal(("duplicate", "bree/1"), ((string)article["outcome"]!["outcome"]!, (string)article["outcome"]!["story"]!["canonical"]!));
        Assert.Equal((string)first["storyId"]!, (string)near["storyId"]!);
        Assert.Equal(["share"], article["outcome"]!["removed"]!.AsArray().Select(r => ((string)r!["rule"]!).Split('.')[0]));
        // Whatever is asked, and however often.
        foreach (var (type, body) in new (string, byte[])[]
            { ("text/plain", Bytes(Text(Paragraphs(5)))), ("text/html", Bytes("<html><body><p>Mill at Dell.</p></body></html>")), ("application/zip", Zip(Article("Bree"), Article("Eden"), " ")) })
        {
            var one = await Analysed(server, type, body);
            Assert.Equal(one.ToJsonString(), (await Analysed(server, type, body)).ToJsonString());
        }

        Assert.Equal(before, await Kept(server));
        var decided = (await server.Decided("bree/2", copy))["outcome"]!;
        foreach (var field in new[] { "articleId", "id", "outcome", "article", "removed", "notes", "story" })
            Assert.Equal(decided[field]?.ToJsonString(), article["outcome"]![field]?.ToJsonString());
        Assert.Equal((string)decided["story"]!["relation"]!, (string)near["relation"]!);
        // The index has learnt nothing either: what was asked about is nobody's copy.
        Assert.Equal("canonical", (string)(await server.Decided("other", Text(Paragraphs(5))))["outcome"]!["outcome"]!);
    }

    [Fact]
    public async Task Of_a_file_each_article_is_told_of_and_what_is_none_is_rejected_by_name()
    {
        using var server = Serving.Start(at);
        await server.Decided("bree", Article("Bree"));
        var articles = (await Analysed(server, "application/zip", Zip(Article("Bree"), string.Join("\n\n", Paragraphs(1)), " ")))["articles"]!.AsArray();
        Assert.Equal([("0.txt", "duplicate"), ("1.txt", "canonical"), ("2.txt", "rejected")], articles.Select(a => ((string)a!["outcome"]!["id"]!, (string)a["outcome"]!["outcome"]!)));
        Assert.Equal("empty", (string)articles[2]!["outcome"]!["rejection"]!["reason"]!);
        Assert.Equal("exact", (string)articles[0]!["near"]![0]!["relation"]!);
        var rejected = await Analysed(server, "application/json", "[");
        Assert.Equal("malformed-record", (string)rejected["articles"]![0]!["outcome"]!["rejection"]!["reason"]!);
        foreach (var (type, body, status, problem) in new[]
            { ("application/pdf", "%PDF", 415, "unsupported-media-type"), ("text/plain", new string('a', 17 << 20), 413, "too-large"), ("text/csv?columns=x", "a", 400, "invalid-parameter") })
        {
            var (path, kind) = type.Contains('?', StringComparison.Ordinal) ? ("/v1/analyse?columns=x", "text/csv") : ("/v1/analyse", type);
            var refused = await server.Post(path, kind, body);
            Assert.Equal((status, problem), (refused.Status, refused.Problem));
        }
    }

    [Fact]
    public async Task A_process_that_does_not_decide_says_so_and_cleans()
    {
        using var servers = new RoleServers(at, "accept|normalise,deduplicate,publish");
        await servers.First.Decided("bree", Article("Bree"));
        var analysis = await Analysed(servers.First, "text/plain", Article("Bree"));
        Assert.Contains("its stages are accept", (string)analysis["notCompared"]!, StringComparison.Ordinal);
        Assert.Empty(analysis["articles"]![0]!["near"]!.AsArray());
        Assert.Equal("Mill at Bree reopens as a library", (string)analysis["articles"]![0]!["outcome"]!["article"]!["headline"]!);
        Assert.Equal(404, (await servers.Last.Post("/v1/analyse", "text/plain", "x")).Status);
    }

    [Fact]
    public async Task Who_has_no_key_is_told_nothing()
    {
        at.Environment["Ingest__Security__ApiKeys"] = Convert.ToHexString(SHA256.HashData("sesame"u8));
        using var server = Serving.Start(at);
        Assert.Equal(401, (await server.Post("/v1/analyse", "text/plain", Article("Bree"))).Status);
        Assert.Equal(200, (await server.Post("/v1/analyse", "text/plain", Article("Bree"), ("Authorization", "Bearer sesame"))).Status);
    }

    static Task<JsonNode> Analysed(Serving server, string type, string body) => Analysed(server, type, Bytes(body));

    static async Task<JsonNode> Analysed(Serving server, string type, byte[] body)
    {
        var answer = await server.Post("/v1/analyse", type, body);
        Assert.True(answer.Status == 200, answer.Body);
        return answer.Json;
    }

    /// <summary>All that the ledger has, table by table, and the feed.</summary>
    async Task<string> Kept(Serving server)
    {
        using var ledger = Book.Open(at.PathTo("ingest.db"));
        var all = new StringBuilder((await server.Get("/v1/events?after=0")).ToJsonString());
        var tables = Rows(ledger, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("decisions", tables);
        foreach (var table in tables)
            all.Append(table).Append('\n').Append(Rows(ledger, $"SELECT * FROM {table}"));
        return all.ToString();
    }

    static string Rows(Microsoft.Data.Sqlite.SqliteConnection ledger, string query)
    {
        using var command = ledger.CreateCommand();
        command.CommandText = query;
        using var rows = command.ExecuteReader();
        var all = new StringBuilder();
        while (rows.Read())
            all.AppendJoin('|', Enumerable.Range(0, rows.FieldCount).Select(i => rows.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes) : $"{rows.GetValue(i)}")).Append('\n');
        return all.ToString();
    }

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    static byte[] Zip(params string[] texts)
    {
        var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (text, i) in texts.Select((t, i) => (t, i)))
            {
                using var member = zip.CreateEntry($"{i}.txt").Open();
                member.Write(Bytes(text));
            }

        return packed.ToArray();
    }
}
