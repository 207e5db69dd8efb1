using System.Text.Json.Nodes;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>Finding stories: filters mean what they say, and no text in them is read as SQL or as a wildcard.</summary>
public sealed class StoriesQueryTests(StoriesQueryTests.Stories stories) : IClassFixture<StoriesQueryTests.Stories>
{
    static readonly string[] headlines =
    [
        "Mill reopens as a library", "100% of mills reopen", "100 mills reopen", "mill_wheel turns", "millXwheel turns", "O'Brien's \"mill\" closes", @"A back\slash in a mill", "Мельница открылась", "Flour; DROP TABLE decisions; --",
    ];

    public sealed class Stories : IAsyncLifetime, IDisposable
    {
        readonly Workplace at = new();

        internal Serving Server { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Server = Serving.Start(at);
            foreach (var (headline, i) in headlines.Select((h, i) => (h, i)))
                await Server.Decided(new JsonObject { ["id"] = headline, ["headline"] = headline, ["publisher"] = i % 2 == 0 ? "Skarsund Times" : "The 'Other' Paper", ["agency"] = i % 3 == 0 ? "AP" : "AFP", ["text"] = Workplace.Text(Workplace.Paragraphs(64_000 + i)) });
        }

        public Task DisposeAsync() => Task.CompletedTask;

        public void Dispose()
        {
            Server?.Dispose();
            at.Dispose();
        }
    }

    async Task<List<string>> Find(string query) => [.. (await stories.Server.Get($"/v1/stories?{query}"))["stories"]!.AsArray().Select(s => (string)s!["headline"]!)];

    [Theory]
    [InlineData("library", 0)]
    [InlineData("LIBRARY", 0)]
    [InlineData("%", 1)]
    [InlineData("100%", 1)]
    [InlineData("0%25 o", 1)]
    [InlineData("_", 3)]
    [InlineData("mill_wheel", 3)]
    [InlineData("O'Brien's", 5)]
    [InlineData("\"mill\"", 5)]
    [InlineData("\\", 6)]
    [InlineData("\\s", 6)]
    [InlineData("Мельница", 7)]
    [InlineData("; DROP TABLE", 8)]
    [InlineData("' OR '1'='1", -1)]
    [InlineData("%'--", -1)]
    public async Task A_part_of_a_headline_is_found_as_it_is_written(string part, int expected)
    {
        part = part.Replace("%25", "%", StringComparison.Ordinal);
        Assert.Equal(expected < 0 ? [] : [headlines[expected]], await Find($"q={Uri.EscapeDataString(part)}"));
        Assert.Equal(headlines.Length, (await Find("limit=200")).Count);
    }

    [Fact]
    public async Task Publisher_agency_and_time_are_filters_that_add_up()
    {
        Assert.Equal(headlines.Where((_, i) => i % 2 == 0).Reverse(), await Find("publisher=skarsund%20times"));
        Assert.Equal(headlines.Where((_, i) => i % 2 == 1).Reverse(), await Find($"publisher={Uri.EscapeDataString("The 'Other' Paper")}"));
        Assert.Empty(await Find($"publisher={Uri.EscapeDataString("x' OR 1=1 --")}"));
        Assert.Equal(headlines.Where((_, i) => i % 3 == 0).Reverse(), await Find("agency=ap"));
        Assert.Equal([headlines[6], headlines[0]], await Find("agency=AP&publisher=Skarsund%20Times"));
        Assert.Equal([headlines[0]], await Find("agency=AP&publisher=Skarsund%20Times&q=library"));
        Assert.Equal(headlines.Length, (await Find("since=2020-01-01")).Count);
        Assert.Empty(await Find("since=2199-01-01T00:00:00Z"));
        Assert.Equal(headlines.Length, (await Find("since=0001-01-01")).Count);
    }

    [Fact]
    public async Task A_story_is_on_one_page_even_where_new_articles_come_meanwhile()
    {
        using var at = new Workplace();
        using var server = Serving.Start(at);
        async Task Add(int story, int copy) => await server.Decided(new JsonObject
        {
            ["id"] = $"paged {story} {copy}", ["headline"] = $"Paged {story}", ["publisher"] = "The Pager",
            ["text"] = Workplace.Text([.. Workplace.Paragraphs(64_500 + story), .. Workplace.Paragraphs(64_600 + copy * 10 + story, copy == 0 ? 0 : 1)]),
        });

        for (var copy = 0; copy < 2; copy++)
            for (var story = 0; story < 5; story++)
                await Add(story, copy);
        var found = new List<string>();
        string? before = null;
        do
        {
            var page = await server.Get($"/v1/stories?publisher=the%20pager&limit=2{(before is null ? "" : $"&before={before}")}");
            found.AddRange(page["stories"]!.AsArray().Select(s => (string)s!["headline"]!));
            before = page["next"]?.ToString();
            // One that was listed, and one that is not yet: it moves to the front.
            if (found.Count == 2)
            {
                await Add(4, 2);
                await Add(0, 2);
            }
        }
        while (before is not null);
        Assert.Equal(["Paged 4", "Paged 3", "Paged 2", "Paged 1"], found);
        Assert.Equal(["Paged 0", "Paged 4", "Paged 3"], (await server.Get("/v1/stories?limit=3"))["stories"]!.AsArray().Select(s => (string)s!["headline"]!));
    }

    [Fact]
    public async Task Pages_follow_one_another_without_a_gap()
    {
        var found = new List<string>();
        string? before = null;
        do
        {
            var page = await stories.Server.Get($"/v1/stories?limit=2{(before is null ? "" : $"&before={before}")}");
            found.AddRange(page["stories"]!.AsArray().Select(s => (string)s!["headline"]!));
            before = page["next"]?.ToString();
        }
        while (before is not null);
        Assert.Equal(headlines.Reverse(), found);
    }
}
