using System.Text.Json.Nodes;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>Promise 5, explainable: why each block was removed, and why the article was joined to a story or kept apart.</summary>
[Collection(SharedServing.Tests.Name)]
public sealed class Promise5ExplainableTests(SharedServing shared)
{
    [Fact]
    public async Task An_article_tells_the_rule_of_what_was_removed()
    {
        var text = Workplace.Text([.. Workplace.Paragraphs(5001), "Click here to subscribe to our newsletter", "Follow us on Facebook and Twitter"]);
        var state = await shared.Server.Decided("p5-removed", text);
        var removed = state["outcome"]!["removed"]!.AsArray();
        Assert.NotEmpty(removed);
        Assert.All(removed, r =>
        {
            Assert.Contains('.', (string)r!["rule"]!);
            Assert.Equal(text.Substring((int)r["start"]!, (int)r["length"]!).Trim(), ((string)r["text"]!).Trim());
        });
        Assert.Equal(Ingest.Core.Normalisation.Normaliser.Version, (string)state["outcome"]!["normaliser"]!);
    }

    [Fact]
    public async Task A_copy_tells_which_article_it_matched_and_how_well()
    {
        var server = shared.Server;
        var paragraphs = Workplace.Paragraphs(5002, 6);
        var first = await server.Decided("p5-first", Workplace.Text(paragraphs));
        var copy = await server.Decided("p5-copy", Workplace.Text(paragraphs));
        var cut = await server.Decided("p5-cut", Workplace.Text(paragraphs[..3]));
        var other = await server.Decided("p5-other", Workplace.Text(Workplace.Paragraphs(5003)));

        Assert.Equal((string)first["articleId"]!, (string)first["storyId"]!);
        Assert.Null(first["outcome"]!["story"]!["matched"]);
        Assert.Equal("exact", (string)copy["outcome"]!["story"]!["relation"]!);
        Assert.Equal("excerpt", (string)cut["outcome"]!["story"]!["relation"]!);
        foreach (var joined in (JsonNode[])[copy, cut])
        {
            var story = joined["outcome"]!["story"]!;
            Assert.Equal((string)first["storyId"]!, (string)joined["storyId"]!);
            Assert.Equal((string)first["articleId"]!, (string)joined["canonical"]!);
            Assert.StartsWith("p5-", (string)story["matched"]!, StringComparison.Ordinal);
            Assert.InRange((double)story["resemblance"]!, 0.1, 1);
            Assert.InRange((double)story["containment"]!, 0.9, 1);
        }

        Assert.Equal(1, (double)copy["outcome"]!["story"]!["resemblance"]!);
        Assert.True((double)cut["outcome"]!["story"]!["resemblance"]! < 0.8);
        Assert.NotEqual((string)first["storyId"]!, (string)other["storyId"]!);

        // The story tells the same of each.
        var members = (await server.Get($"/v1/stories/{first["storyId"]}"))["articles"]!.AsArray();
        Assert.Equal(["p5-first", "p5-copy", "p5-cut"], members.Select(m => (string)m!["id"]!));
        Assert.Equal([null, "exact", "excerpt"], members.Select(m => (string?)m!["relation"]));
        Assert.Equal((double)cut["outcome"]!["story"]!["containment"]!, (double)members[2]!["containment"]!);
    }

    [Fact]
    public async Task A_revision_tells_what_reads_otherwise()
    {
        var server = shared.Server;
        var paragraphs = Workplace.Paragraphs(5004, 5);
        await server.Decided(new JsonObject { ["id"] = "p5-v1", ["agency"] = "AP", ["text"] = Workplace.Text([.. paragraphs[..3], "The fire at the old paper mill left 12 people without a home on Monday night.", .. paragraphs[3..]]) });
        var later = await server.Decided(new JsonObject { ["id"] = "p5-v2", ["agency"] = "AP", ["text"] = Workplace.Text(["CORRECTION: number of people corrected", .. paragraphs[..3], "The fire at the old paper mill left 21 people without a home on Monday night.", .. paragraphs[3..]]) });
        var story = later["outcome"]!["story"]!;
        Assert.Equal("p5-v1", (string)story["matched"]!);
        Assert.Equal("revision", (string)story["relation"]!);
        var change = Assert.Single(story["changes"]!.AsArray());
        Assert.Equal(("12", "21"), ((string)change!["before"]!, (string)change["after"]!));
    }
}
