using System.Text;
using System.Text.Json.Nodes;
using Ingest.Contracts.Tests;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>
/// The seeds and what is odd, as records with ids of their own, so that every way in takes the same. Articles of one story are in different waves: whoever waits for the decisions of a wave
/// knows the order of all that counts.
/// </summary>
static class Mixture
{
    public static readonly IReadOnlyList<IReadOnlyList<byte[]>> Waves =
    [
        [
            .. Directory.EnumerateFiles(Repository.PathTo("seeds"), "*.txt").Order(StringComparer.Ordinal).Where(f => Wave(f) == 0).Select(Seed),
            Record("plain", Text(900), ("feed", "wire/english")),
            // What has to be mended or left out, and is noted.
            [.. "{\"id\":\"windows-1252\",\"text\":\"The old caf"u8, 0xe9, .. " by the river opened again on Monday, with a piano where the counter stood.\"}"u8],
            Record("date", Text(901), ("published", "last Friday")),
            Record("mojibake", Text(902) + "\nThe cafÃ© at the bridge opens again â€“ so said its owner, MÃ¼ller.\n"),
            Utf8($$"""{"id":"surrogates","text":"The old mill \ud800 opened again on Monday \udc00, with shelves where the rollers stood."}"""),
            Record("zero", Text(903) + "\nThe library\u0000 opens on Sundays too.\n"),
            [.. "\ufeff"u8, .. Record("marked", Text(904))],
            Utf8($$"""{"text":{{JsonValue.Create(Text(905)).ToJsonString()}},"id":7,"more":{"text":[1] } }"""),
            Record("told", Text(907), ("headline", "A headline of its own"), ("bylines", new JsonArray("Ada Reed", new JsonObject { ["name"] = "Ben Moor" })), ("agency", "Reuters"),
                ("publisher", "Harbour Gazette"), ("dateline", "BREE"), ("published", "2026-03-02 08:00:00"), ("language", "en"), ("url", "https://gazette.example/mill"), ("feed", "wire/english")),
            // Two articles under one id.
            Record("twice", Text(908)),
            // What is no article.
            Record("blank", " \n\t\n", ("feed", "wire/english")),
            Record("furniture", "Share this article\n\nRead more\n"),
            Record("document", "%PDF-1.7\n1 0 obj\n"),
            Record("archive", "PK\u0003\u0004 and what follows it"),
        ],
        [
            .. Directory.EnumerateFiles(Repository.PathTo("seeds"), "*.txt").Order(StringComparer.Ordinal).Where(f => Wave(f) == 1).Select(Seed),
            Record("twice", Text(909)),
            Record("copy", Text(900), ("feed", "wire/copies")),
        ],
        [
            .. Directory.EnumerateFiles(Repository.PathTo("seeds"), "*.txt").Order(StringComparer.Ordinal).Where(f => Wave(f) == 2).Select(Seed),
            Record("copy of the second", Workplace.Text(Workplace.Paragraphs(909)[..3])),
            Record("fuller", Text(900) + "\n" + Text(910), ("feed", "wire/late")),
        ],
    ];

    public static IReadOnlyList<byte[]> All { get; } = [.. Waves.SelectMany(w => w)];

    /// <summary>No article can be made of these, and no way in makes one of them. Each is another article, if they are told apart by their content.</summary>
    public static IReadOnlyList<byte[]> Malformed(int round) =>
    [
        Utf8($"{12 + round}"),
        Utf8($$"""{"id":"no text {{round}}"}"""),
        Utf8($$"""{"id":"a number {{round}}","text":{{round}}}"""),
        // No UTF-8, and no text either.
        [.. Utf8($$"""{"id":"caf{{round}}"""), 0xe9, .. "\"}"u8],
    ];

    /// <summary>As JSON Lines.</summary>
    public static byte[] Lines(IEnumerable<byte[]> records) => [.. records.SelectMany(r => r.Append((byte)'\n'))];

    /// <summary>What <c>run</c> makes of it all, in order: what every other way must come to.</summary>
    public static List<JsonNode> Run(Workplace at, params string[] options)
    {
        at.Write("mixture.jsonl", Lines(All));
        var run = at.Run(["run", "mixture.jsonl", "--output", "-", .. options]);
        Assert.True(run is { Exit: 0, Errors: "" }, run.Errors);
        Assert.Equal(All.Count, run.Lines.Count);
        return run.Lines;
    }

    /// <summary>Submits all of it over HTTP, each wave when the one before is decided.</summary>
    public static async Task Submit(Serving server)
    {
        foreach (var wave in Waves)
        {
            var answer = await server.Post("/v1/articles:batch", "application/x-ndjson", Lines(wave));
            Assert.True(answer.Status == 200, answer.Body);
            foreach (var line in answer.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!))
                Assert.Equal("decided", (string)(await server.Settled((string)line["article"]!["articleId"]!))["stage"]!);
        }
    }

    /// <summary>A server tells the same outcomes under the same ids.</summary>
    public static async Task AssertTells(Serving server, IReadOnlyList<JsonNode> outcomes)
    {
        var log = await server.Events(outcomes.Count);
        Assert.Equal(outcomes.Count, log.Count);
        foreach (var outcome in outcomes)
        {
            var state = await server.Get($"/v1/articles/{outcome["articleId"]}");
            Assert.Equal(Plain(outcome), Plain(state["outcome"]!));
            Assert.Equal((string?)outcome["feed"], (string?)state["feed"]);
            Assert.Equal((string?)outcome["story"]?["id"], (string?)state["storyId"]);
            Assert.Equal((string)outcome["id"]!, (string)state["id"]!);
            var told = Assert.Single(log, e => (string)e["event"]!["articleId"]! == (string)outcome["articleId"]!)["event"]!;
            Assert.Equal((string?)outcome["feed"], (string?)told["feed"]);
            Assert.Equal((string?)outcome["story"]?["id"], (string?)told["storyId"]);
        }
    }

    public static void AssertSame(IReadOnlyList<JsonNode> expected, IReadOnlyList<JsonNode> outcomes) => Assert.Equal(expected.Select(Plain), outcomes.Select(Plain));

    /// <summary>The stories are told by ids of the output, and each has that of its first article.</summary>
    public static void AssertConsistent(IReadOnlyList<JsonNode> outcomes)
    {
        var before = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (var outcome in outcomes)
        {
            var id = (string)outcome["articleId"]!;
            Assert.True(before.TryAdd(id, outcome), $"{id} is the id of two articles.");
            if (outcome["story"] is not { } story)
            {
                Assert.Equal("rejected", (string)outcome["outcome"]!);
                continue;
            }

            var first = before[(string)story["id"]!];
            Assert.Equal((string)story["id"]!, (string)first["story"]!["id"]!);
            Assert.Null(first["story"]!["relation"]);
            Assert.Equal((string)story["canonical"]!, (string)before[(string)story["canonicalArticleId"]!]["id"]!);
            if (story["relation"] is null)
                Assert.Equal((id, id, null, null), ((string)story["id"]!, (string)story["canonicalArticleId"]!, (string?)story["matchedArticleId"], (string?)story["matched"]));
            else
                Assert.Equal((string)story["matched"]!, (string)before[(string)story["matchedArticleId"]!]["id"]!);
        }
    }

    /// <summary>An outcome as text. What to do about a rejection is told to everybody otherwise, in the sentences behind the first.</summary>
    public static string Plain(JsonNode outcome)
    {
        var copy = outcome.DeepClone();
        if (copy["rejection"] is { } rejection)
            rejection["detail"] = ((string)rejection["detail"]!).Split(". ")[0];
        return copy.ToJsonString();
    }

    public static byte[] Record(string id, string text, params (string Name, JsonNode Value)[] more)
    {
        var record = new JsonObject { ["id"] = id, ["text"] = text };
        foreach (var (name, value) in more)
            record[name] = value.DeepClone();
        return Utf8(record.ToJsonString());
    }

    static byte[] Seed(string file) => Record(Path.GetFileName(file), File.ReadAllText(file));

    /// <summary>Three of the seeds are one story.</summary>
    static int Wave(string file) => Path.GetFileName(file)[..2] switch { "07" => 1, "08" => 2, _ => 0 };

    static string Text(int seed) => Workplace.Text(Workplace.Paragraphs(seed));

    static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
