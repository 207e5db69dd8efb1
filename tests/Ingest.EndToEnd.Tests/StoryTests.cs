using System.Text.Json.Nodes;
using Ingest.Contracts.Tests;
using static Ingest.EndToEnd.Tests.Workplace;

namespace Ingest.EndToEnd.Tests;

/// <summary>Copies and versions of one text are joined into stories, in the order of the inputs.</summary>
public sealed class StoryTests : IDisposable
{
    static readonly string Seeds = Repository.PathTo("seeds");

    static readonly Lazy<List<JsonNode>> seedLines = new(() =>
    {
        using var place = new Workplace();
        return place.Run("run", Seeds, "--output", "-").Lines;
    });

    readonly Workplace at = new();

    public void Dispose() => at.Dispose();

    [Fact]
    public void The_seeds_are_twelve_stories()
    {
        var lines = seedLines.Value;
        Assert.Equal(27, lines.Count);
        Assert.Equal(12, lines.Select(StoryId).Distinct().Count());
        var wire = lines.Where(l => StoryId(l) == StoryId(Seed(lines, "06"))).Take(3).ToList();
        Assert.Equal(["canonical", "duplicate", "duplicate"], wire.Select(l => (string)l["outcome"]!));
        Assert.Equal([null, "revision", "excerpt"], wire.Select(l => (string?)l["story"]!["relation"]));
        Assert.Equal([1, 2, 2], wire.Select(l => (int)l["story"]!["version"]!));
        var (second, third) = ((string)Seed(lines, "06")["id"]!, (string)Seed(lines, "07")["id"]!);
        Assert.Equal([second, third, third], wire.Select(l => (string)l["story"]!["canonical"]!));
        Assert.Equal([null, second, third], wire.Select(l => (string?)l["story"]!["matched"]));
    }

    [Fact]
    public void The_seeds_of_other_forms_tell_stories_of_the_texts()
    {
        var lines = seedLines.Value.Where(l => ((string)l["id"]!).Contains("/forms/", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            ["crawl.warc.gz", "feed.xml", "feed.xml", "iptc-7901.txt", "mail.eml", "newsml-g2.xml", "ninjs.json", "nitf.xml", "page.html", "table.csv", "table.csv", "texts.zip", "texts.zip"],
            lines.Select(l => ((string)l["id"]!).Split("/forms/")[1].Split('#')[0]));
        Assert.Equal(Enumerable.Repeat("exact", 12).Prepend("excerpt"), lines.Select(l => (string?)l["story"]!["relation"]).OrderDescending(StringComparer.Ordinal));
    }

    [Fact]
    public void The_table_puts_copies_below_the_canonical_of_their_story()
    {
        var table = at.Run("run", Seeds).Output.Split('\n');
        var canonical = Array.FindIndex(table, l => l.StartsWith("07-wire-update3.txt ", StringComparison.Ordinal));
        Assert.Contains("  revision 0.", table[canonical], StringComparison.Ordinal);
        Assert.Matches("^├ 06-wire-update2.txt .*  first  ", table[canonical + 1]);
        Assert.Matches("^├ 08-newspaper-reprint.txt .*  excerpt  0.[0-9]{2} 0.[0-9]{2}  ", table[canonical + 2]);
        Assert.Contains("27 articles: 12 stories, 15 duplicates (exact 12, excerpt 2, revision 1), 0 rejected. ", string.Join('\n', table), StringComparison.Ordinal);
    }

    [Fact]
    public void A_story_whose_canonical_came_too_late_to_be_shown_is_headed_by_its_first()
    {
        var first = Paragraphs(0);
        var records = Enumerable.Range(1, 210).Select(i => RecordOf($"{i}", Text(Paragraphs(i)))).Prepend(RecordOf("copy", Text(first))).Prepend(RecordOf("first", Text(first)));
        at.Write("in.jsonl", string.Concat(records) + RecordOf("full", Text([.. first, .. Paragraphs(-1)])));
        var table = at.Run("run", "in.jsonl").Output.Split('\n');
        Assert.Matches("^in.jsonl:1 .*  first  ", table[2]);
        Assert.Matches("^└ in.jsonl:2 .*  exact    1.00 1.00  ", table[3]);
        Assert.Equal("", table[4]);
        Assert.All(table[5..203], row => Assert.StartsWith("in.jsonl:", row, StringComparison.Ordinal));
        Assert.Equal("… and 13 more; --output FILE writes all of them.", table[204]);
    }

    [Fact]
    public void Stories_with_copies_stand_apart_and_all_others_together()
    {
        at.Write("in.jsonl", string.Concat(new[] { 1, 2, 3, 2, 4, 4, 5, 6 }.Select((seed, i) => RecordOf($"{i}", Text(Paragraphs(seed))))));
        var table = at.Run("run", "in.jsonl").Output.Split('\n').Skip(2).TakeWhile(l => !l.StartsWith('─'));
        Assert.Equal(["in.jsonl:1", "", "in.jsonl:2", "└ in.jsonl:4", "", "in.jsonl:3", "", "in.jsonl:5", "└ in.jsonl:6", "", "in.jsonl:7", "in.jsonl:8"], table.Select(l => l.Split("  ")[0]));
    }

    [Fact]
    public void Every_article_that_is_not_rejected_has_a_place_in_a_story()
    {
        at.Write("odd.jsonl", "[1]\n" + Record("1", "Bree") + Record("2", "Cove"));
        var lines = at.Run("run", Seeds, "odd.jsonl", "--output", "-").Lines;
        Assert.All(lines, line =>
        {
            var story = line["story"];
            string?[] match = ["relation", "resemblance", "containment", "matched"];
            switch ((string)line["outcome"]!)
            {
                case "rejected":
                    Assert.Null(story);
                    break;
                case "canonical":
                    Assert.All(match, field => Assert.Null(story![field!]));
                    Assert.Equal((string)line["id"]!, (string)story!["canonical"]!);
                    break;
                default:
                    Assert.All(match, field => Assert.NotNull(story![field!]));
                    Assert.InRange((double)story!["resemblance"]!, 0, 1);
                    Assert.InRange((double)story["containment"]!, 0, 1);
                    break;
            }
        });
        Assert.Equal(["canonical", "duplicate", "rejected"], lines.Select(l => (string)l["outcome"]!).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Decisions_are_made_in_the_order_of_the_inputs_and_each_sees_only_what_came_before()
    {
        // Several batches, which are cleaned in parallel; copies of what came just before and long before.
        var random = new Random(5);
        var sources = new List<int>();
        var texts = new List<List<string>>();
        for (var i = 0; i < 1200; i++)
        {
            var copied = i % 3 == 2 ? sources[random.Next(i % 2 == 0 ? i - 2 : 0, i)] : -1;
            sources.Add(copied < 0 ? i : copied);
            texts.Add(copied < 0 ? Paragraphs(i) : (i % 4) switch
            {
                0 => texts[copied],
                1 => [.. texts[copied].Take(2)],
                2 => [.. texts[copied], .. Paragraphs(10_000 + i, 2)],
                _ => [.. texts[copied].Take(3), .. Paragraphs(10_000 + i, 1)],
            });
        }

        at.Write("all.jsonl", string.Concat(texts.Select((t, i) => RecordOf($"{i}", Text(t)))));
        at.Write("part.jsonl", string.Concat(texts.Take(700).Select((t, i) => RecordOf($"{i}", Text(t)))));
        var all = at.Run("run", "all.jsonl", "--output", "-");
        Assert.Equal((0, ""), (all.Exit, all.Errors));
        Assert.Equal(all.Output, at.Run("run", "all.jsonl", "--output", "-").Output);
        Assert.StartsWith(at.Run("run", "part.jsonl", "--output", "-").Output, all.Output, StringComparison.Ordinal);
        var lines = all.Lines;
        var places = lines.Select((l, i) => (string)l["id"]! == $"{i}" ? i : -1).ToList();
        Assert.Equal(Enumerable.Range(0, 1200), places);
        Assert.All(places, i => Assert.Equal(StoryId(lines[sources[i]]), StoryId(lines[i])));
        Assert.Equal(sources.Distinct().Count(), lines.Select(StoryId).Distinct().Count());
        Assert.All(lines.Where(l => l["story"]!["matched"] is not null), l => Assert.True(int.Parse((string)l["story"]!["matched"]!) < int.Parse((string)l["id"]!)));
        Assert.Equal(["exact", "excerpt", "expanded", "near"], lines.Select(l => (string?)l["story"]!["relation"]).OfType<string>().Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Two_stories_under_one_id_have_two_names()
    {
        at.Write("in.jsonl", RecordOf("1", Text(Paragraphs(1))) + RecordOf("1", Text(Paragraphs(2))) + RecordOf("1", Text(Paragraphs(1))) + RecordOf("2", Text(Paragraphs(2))));
        var stories = at.Run("run", "in.jsonl", "--output", "-").Lines.Select(StoryId).ToList();
        Assert.NotEqual(stories[0], stories[1]);
        Assert.Equal([stories[0], stories[1]], stories.Skip(2));
        // The third is the first again: the same article, which has its outcome.
        Assert.Contains("4 articles: 2 stories, 1 duplicate (exact 1), 0 rejected, 1 repeated. ", at.Run("run", "in.jsonl").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stricter_containment_parts_near_copies()
    {
        at.Write("in.jsonl", Record("1", "Bree") + Record("2", "Cove"));
        Assert.Equal(["canonical", "duplicate"], at.Run("run", "in.jsonl", "--output", "-").Lines.Select(l => (string)l["outcome"]!));
        Assert.Equal(["canonical", "canonical"], at.Run("run", "in.jsonl", "--containment", "1", "--output", "-").Lines.Select(l => (string)l["outcome"]!));
    }

    [Theory]
    [InlineData("duplicate")]
    [InlineData("canonical", "--window-count", "1")]
    [InlineData("canonical", "--window-count", "2")]
    [InlineData("duplicate", "--window-count", "4")]
    public void The_window_forgets_beyond_its_count(string outcome, params string[] options)
    {
        at.Write("in.jsonl", string.Concat(new[] { 1, 2, 3, 1 }.Select((seed, i) => RecordOf($"{i}", Text(Paragraphs(seed))))));
        Assert.Equal(["canonical", "canonical", "canonical", outcome], at.Run(["run", "in.jsonl", "--output", "-", .. options]).Lines.Select(l => (string)l["outcome"]!));
    }

    [Theory]
    [InlineData("2024-03-20T00:00:00Z", "duplicate")]
    [InlineData("2024-04-20T00:00:00Z", "canonical")]
    [InlineData("2024-04-20T00:00:00Z", "duplicate", "--window", "60")]
    [InlineData("2024-03-02T12:00:00Z", "canonical", "--window", "1.25")]
    public void The_window_forgets_beyond_its_days_by_arrival(string received, string outcome, params string[] options)
    {
        at.Write("in.jsonl", Received("1", "2024-03-01T00:00:00Z") + Received("2", received));
        Assert.Equal(["canonical", outcome], at.Run(["run", "in.jsonl", "--output", "-", .. options]).Lines.Select(l => (string)l["outcome"]!));
    }

    [Theory]
    [InlineData("1970-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    public void A_wrong_clock_makes_the_window_forget_nothing_of_its_own_day(string received)
    {
        at.Write("in.jsonl", Received("1", received) + Received("2", received));
        Assert.Equal(["canonical", "duplicate"], at.Run("run", "in.jsonl", "--output", "-").Lines.Select(l => (string)l["outcome"]!));
    }

    static string Received(string id, string received) => new JsonObject { ["id"] = id, ["text"] = Text(Paragraphs(1)), ["received"] = received }.ToJsonString() + "\n";

    static string StoryId(JsonNode line) => (string)line["story"]!["id"]!;

    static JsonNode Seed(List<JsonNode> lines, string number) => lines.Single(l => Path.GetFileName((string)l["id"]!).StartsWith(number, StringComparison.Ordinal));
}
