using System.Text;
using System.Text.Json.Nodes;
using static Ingest.EndToEnd.Tests.Workplace;

namespace Ingest.EndToEnd.Tests;

/// <summary>What a source says beside different articles is taken out, and evidence is given for it.</summary>
public sealed class LearningTests : IDisposable
{
    internal const string Advert = "Get our app and miss no story from your own street again.";

    readonly Workplace at = new();

    public void Dispose() => at.Dispose();

    /// <summary>An article in whose middle its source advertises.</summary>
    internal static string Advertised(int number)
    {
        var paragraphs = Paragraphs(9000 + number);
        return Text([$"Number {number} of the {paragraphs[0].Split(' ')[3]} series", .. paragraphs[..2], Advert, .. paragraphs[2..]]);
    }

    static string Feed(int articles, string? feed = "coast") => string.Concat(Enumerable.Range(1, articles).Select(i =>
        new JsonObject { ["id"] = $"a{i}", ["feed"] = feed, ["text"] = Advertised(i) }.ToJsonString() + "\n"));

    static bool Keeps(JsonNode line) => line["article"]!["body"]!.AsArray().Any(p => ((string)p!).Contains(Advert, StringComparison.Ordinal));

    static JsonNode Block(JsonNode line) => Assert.Single(line["removed"]!.AsArray(), b => (string)b!["rule"]! == "source.repeated")!;

    [Fact]
    public void A_run_looks_its_whole_input_over_first()
    {
        at.Write("in.jsonl", Feed(4));
        var lines = at.Run("run", "in.jsonl", "--output", "-").Lines;
        Assert.All(lines, l => Assert.False(Keeps(l)));
        Assert.All(lines, l =>
        {
            Assert.Equal(Advert, (string)Block(l)["text"]!);
            Assert.Equal("furniture", (string)Block(l)["kind"]!);
            Assert.Equal(3, (int)Block(l)["repeated"]!["articles"]!);
            Assert.Equal(new[] { "a1", "a2", "a3", "a4" }.Except([(string)l["id"]!]), Block(l)["repeated"]!["ids"]!.AsArray().Select(i => (string)i!));
        });
        // The same from standard input, which can be read only once.
        var input = at.Run(Encoding.UTF8.GetBytes(Feed(4)), "run", "-", "--output", "-").Lines;
        Assert.Equal(lines.Select(l => l["removed"]!.ToJsonString()), input.Select(l => l["removed"]!.ToJsonString()));
    }

    [Fact]
    public void A_stream_learns_from_what_came_before()
    {
        at.Write("in.jsonl", Feed(8));
        var lines = at.Run("run", "in.jsonl", "--output", "-", "--stream").Lines;
        Assert.Equal([true, true, false, false, false, false, false, false], lines.Select(Keeps));
        Assert.All(at.Run("run", "in.jsonl", "--output", "-", "--no-learning").Lines, l => Assert.True(Keeps(l)));
    }

    [Fact]
    public void A_source_is_the_feed_the_publisher_the_site_or_the_folder_if_asked()
    {
        at.Write("publisher.jsonl", Feed(4).Replace("\"feed\":", "\"publisher\":", StringComparison.Ordinal));
        Assert.All(at.Run("run", "publisher.jsonl", "--output", "-").Lines, l => Assert.False(Keeps(l)));
        at.Write("site.jsonl", string.Concat(Enumerable.Range(1, 4).Select(i =>
            new JsonObject { ["id"] = $"a{i}", ["url"] = $"https://{(i % 2 == 0 ? "www." : "")}coast.example/{i}", ["text"] = Advertised(i) }.ToJsonString() + "\n")));
        Assert.All(at.Run("run", "site.jsonl", "--output", "-").Lines, l => Assert.False(Keeps(l)));
        at.Write("none.jsonl", Feed(4, feed: null));
        Assert.All(at.Run("run", "none.jsonl", "--output", "-").Lines, l => Assert.True(Keeps(l)));
        for (var i = 1; i <= 4; i++)
            at.Write($"coast/{i}.txt", Advertised(i));
        Assert.All(at.Run("run", "coast", "--output", "-").Lines, l => Assert.True(Keeps(l)));
        Assert.All(at.Run("run", "coast", "--output", "-", "--source-from", "folder").Lines, l => Assert.False(Keeps(l)));
    }

    [Fact]
    public void One_source_teaches_another_nothing()
    {
        at.Write("in.jsonl", string.Concat(Enumerable.Range(1, 6).Select(i =>
            new JsonObject { ["id"] = $"a{i}", ["feed"] = $"feed {i}", ["text"] = Advertised(i) }.ToJsonString() + "\n")));
        Assert.All(at.Run("run", "in.jsonl", "--output", "-").Lines, l => Assert.True(Keeps(l)));
    }

    [Fact]
    public void Explain_names_the_articles()
    {
        at.Write("in.jsonl", Feed(4));
        var explained = at.Run("run", "in.jsonl", "--explain").Output;
        Assert.Contains("source.repeated [in 3 other articles of its source: a2, a3, a4]", explained, StringComparison.Ordinal);
    }

    [Fact]
    public void Sources_shows_what_was_learnt_and_leaves_the_ledger_as_it_is()
    {
        at.Write("in.jsonl", Feed(6) + Feed(2, "hills\u001b[31m"));
        at.Run("run", "in.jsonl", "--ledger", "kept.db", "--output", "out.jsonl");
        var before = File.ReadAllBytes(at.PathTo("kept.db"));
        var all = at.Run("sources", "--ledger", "kept.db");
        Assert.Equal(0, all.Exit);
        Assert.Matches("│ coast +│ +6 │ .* │ +[0-9]+ % │ furniture [0-9]+ %", all.Output);
        Assert.DoesNotContain('\u001b', all.Output);
        var one = at.Run("sources", "coast", "--ledger", "kept.db");
        Assert.Contains("coast: 6 articles; of the text of the last 6, ", one.Output, StringComparison.Ordinal);
        Assert.Matches("│ Get our app and miss no story .* │ +4 or more │ +100 % │ a1, a2, a3", one.Output);
        Assert.Equal(before, File.ReadAllBytes(at.PathTo("kept.db")));
        var none = at.Run("sources", "coats", "--ledger", "kept.db");
        Assert.Equal(1, none.Exit);
        Assert.Contains("no article of the source 'coats'. 'ingest sources' lists the sources. Did you mean 'coast'?", none.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_exclude_each_other_are_refused()
    {
        at.Write("in.jsonl", Feed(1));
        var both = at.Run("run", "in.jsonl", "--stream", "--no-learning");
        Assert.Equal(2, both.Exit);
        Assert.Contains("--no-learning and --stream cannot be combined", both.Errors, StringComparison.Ordinal);
        var other = at.Run("run", "in.jsonl", "--source-from", "file");
        Assert.Equal(2, other.Exit);
        Assert.Contains("folder", other.Errors, StringComparison.Ordinal);
    }
}
