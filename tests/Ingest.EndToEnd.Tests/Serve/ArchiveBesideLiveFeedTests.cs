using System.Text.Json.Nodes;
using static Ingest.EndToEnd.Tests.Workplace;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>An archive that is imported beside a live feed parts no live story, and every way to decide agrees.</summary>
public sealed class ArchiveBesideLiveFeedTests : IDisposable
{
    readonly Workplace at = new();

    public void Dispose() => at.Dispose();

    [Fact]
    public async Task An_archive_parts_no_live_story_in_a_run_in_its_ledger_in_a_server_and_in_replays()
    {
        var records = new (string Id, int Seed, int? DaysAgo)[]
        {
            ("unstated", 1, null), ("unstated, archive", 1, 60), ("unstated, again", 1, null),
            ("stated", 2, 20), ("stated, archive", 2, 80), ("stated, again", 2, 1), ("stated, archive again", 2, 3000),
            ("old", 3, 3000), ("old, a year later", 3, 2635), ("old, a day after that", 3, 2634),
        }.Select(r => Record(r.Id, r.Seed, r.DaysAgo)).ToList();
        string[] firsts = ["unstated", "unstated", "unstated", "stated", "stated", "stated", "stated", "old", "old, a year later", "old, a year later"];

        at.Write("in.jsonl", string.Concat(records.Select(r => r.ToJsonString() + "\n")));
        foreach (var options in (string[][])[[], ["--ledger", "ran.db"]])
        {
            var lines = at.Run(["run", "in.jsonl", "--output", "-", .. options]).Lines;
            var ids = lines.ToDictionary(l => (string)l["articleId"]!, l => (string)l["id"]!);
            Assert.Equal(firsts, lines.Select(l => ids[(string)l["story"]!["id"]!]));
        }

        using (var server = Serving.Start(at, "--ledger", "served.db"))
        {
            var ids = new Dictionary<string, string>();
            foreach (var (record, first) in records.Zip(firsts))
            {
                var state = await server.Decided(record);
                ids[(string)state["articleId"]!] = (string)record["id"]!;
                Assert.Equal(first, ids[(string)state["storyId"]!]);
            }
        }

        foreach (var ledger in (string[])["ran.db", "served.db"])
        {
            var replay = at.Run("replay", "--ledger", ledger, "--to", "again-" + ledger);
            Assert.Equal((0, "10 decisions: 10 the same, 0 different.\n"), (replay.Exit, replay.Output));
        }
    }

    /// <summary>A copy with a passage of its own, so that it is found by its shingles.</summary>
    static JsonObject Record(string id, int seed, int? daysAgo)
    {
        var record = new JsonObject { ["id"] = id, ["text"] = Text([.. Paragraphs(35_000 + seed, 6), .. Paragraphs(id.Length + 35_100, 1)]) };
        if (daysAgo is { } days)
            record["received"] = DateTimeOffset.UtcNow.AddDays(-days).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
        return record;
    }
}
