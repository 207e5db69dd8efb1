using System.Text.Json.Nodes;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>faults.md, row 9: correction before the original, duplicate before the canonical; one story, order by log position.</summary>
[Collection(SharedServing.Tests.Name)]
public sealed class Row09OrderOfArrivalTests(SharedServing shared)
{
    [Fact]
    public async Task A_correction_before_the_original_is_one_story()
    {
        var server = shared.Server;
        var paragraphs = Workplace.Paragraphs(9001, 6);
        var corrected = await server.Decided(new JsonObject
        {
            ["id"] = "r9-corrected", ["agency"] = "AP", ["published"] = "2026-03-02T10:00:00Z",
            ["text"] = Workplace.Text(["CORRECTION: number of people corrected", .. paragraphs[..3], "The fire at the old paper mill left 21 people without a home on Monday night.", .. paragraphs[3..]]),
        });
        var original = await server.Decided(new JsonObject
        {
            ["id"] = "r9-original", ["agency"] = "AP", ["published"] = "2026-03-02T08:00:00Z",
            ["text"] = Workplace.Text([.. paragraphs[..3], "The fire at the old paper mill left 12 people without a home on Monday night.", .. paragraphs[3..]]),
        });
        await InOrder([corrected, original]);
        // The original is the older text: it does not take the correction's place.
        Assert.Equal((string)corrected["articleId"]!, (string)original["canonical"]!);
    }

    [Fact]
    public async Task A_cut_copy_before_the_full_text_is_one_story_headed_by_the_full_text()
    {
        var server = shared.Server;
        var paragraphs = Workplace.Paragraphs(9002, 8);
        var cut = await server.Decided("r9-cut", Workplace.Text(paragraphs[..3]));
        var full = await server.Decided("r9-full", Workplace.Text(paragraphs));
        var copy = await server.Decided("r9-copy", Workplace.Text(paragraphs));
        await InOrder([cut, full, copy]);
        Assert.Equal((string)full["articleId"]!, (string)copy["canonical"]!);
        var now = await server.Get($"/v1/articles/{cut["articleId"]}");
        Assert.Equal((string)full["articleId"]!, (string)now["canonical"]!);
    }

    async Task InOrder(JsonNode[] states)
    {
        var server = shared.Server;
        Assert.Single(states.Select(s => (string)s["storyId"]!).Distinct());
        Assert.Equal((string)states[0]["articleId"]!, (string)states[0]["storyId"]!);
        var story = await server.Get($"/v1/stories/{states[0]["storyId"]}");
        Assert.Equal(states.Select(s => (string)s["articleId"]!), story["articles"]!.AsArray().Select(a => (string)a!["articleId"]!));
        var positions = story["articles"]!.AsArray().Select(a => (long)a!["position"]!).ToList();
        Assert.Equal(positions.Order(), positions);
        Assert.Equal(states.Select(s => (long)s["position"]!), positions);
    }
}
