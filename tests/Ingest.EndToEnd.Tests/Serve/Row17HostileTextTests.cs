using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>faults.md, row 17: 1 MB without a space, a million tags, regex bait, right-to-left marks, ZWJ, U+202E; linear time within the budget.</summary>
[Collection(SharedServing.Tests.Name)]
public sealed class Row17HostileTextTests(SharedServing shared)
{
    public static TheoryData<string> Baits => ["no space", "tags", "nested tags", "spaces", "regex", "urls", "dots", "lines", "quotes", "combining", "dashes"];

    [Theory]
    [MemberData(nameof(Baits))]
    public async Task Bait_is_decided_within_the_budget(string bait)
    {
        var text = bait switch
        {
            "no space" => new string('a', 1_000_000),
            "tags" => string.Concat(Enumerable.Repeat("<b>", 1_000_000)),
            "nested tags" => string.Concat(Enumerable.Repeat("<p><a href=\"", 80_000)),
            "spaces" => "a" + new string(' ', 1_000_000) + "b",
            "regex" => string.Concat(Enumerable.Repeat("aaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", 30_000)),
            "urls" => string.Concat(Enumerable.Repeat("http://a.b/?", 80_000)),
            "dots" => new string('.', 1_000_000),
            "lines" => string.Concat(Enumerable.Repeat("x\n", 200_000)),
            "quotes" => string.Concat(Enumerable.Repeat("“(“[", 200_000)),
            "combining" => "e" + new string('\u0301', 500_000),
            _ => string.Concat(Enumerable.Repeat("(AP) - ", 140_000)),
        };
        var state = await shared.Server.Decided($"r17-{bait}", text);
        // Whatever it is, it was not the clock that decided.
        Assert.NotEqual("time-budget-exceeded", (string?)state["outcome"]!["rejection"]?["reason"]);
        // A copy is decided just so: the comparison is no bait either.
        var copy = await shared.Server.Decided($"r17-{bait}-copy", text + " And a word.");
        Assert.NotEqual("time-budget-exceeded", (string?)copy["outcome"]!["rejection"]?["reason"]);
    }

    [Theory]
    [InlineData("\u200f")]
    [InlineData("\u202e")]
    [InlineData("\u2066")]
    [InlineData("\u200d")]
    [InlineData("👩‍👩‍👧‍👦")]
    public async Task Marks_of_direction_and_joiners_stay_where_they_are(string mark)
    {
        var paragraphs = Workplace.Paragraphs(17_000 + mark[0] + mark.Length, 4);
        paragraphs[1] = paragraphs[1].Insert(20, mark);
        var name = $"r17-mark-{(int)mark[0]:x}";
        var state = await shared.Server.Decided(name, Workplace.Text(paragraphs));
        Assert.Equal("canonical", (string)state["outcome"]!["outcome"]!);
        var block = state["outcome"]!["article"]!["blocks"]!.AsArray().Single(b => ((string)b!["text"]!).StartsWith(paragraphs[1][..20], StringComparison.Ordinal))!;
        Assert.Equal(paragraphs[1].Length, (int)block["length"]!);
        Assert.Equal(paragraphs[1], (string)state["outcome"]!["article"]!["body"]!.AsArray()[1]!);
        // And through the feed.
        var told = Assert.Single((await shared.Server.Events(1, after: (long)state["position"]! - 1)).Take(1));
        Assert.Equal(paragraphs[1], (string)told["event"]!["article"]!["body"]!.AsArray()[1]!);
    }
}
