using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>Stories as an Atom feed, by what RFC 4287 and RFC 5005 ask for and feed readers do.</summary>
public sealed class StoryFeedTests : IDisposable
{
    const string Evil = "<script>alert(1)</script> & \"]]> \u0001\ufffe\u202e";

    /// <summary>What XML can hold of it.</summary>
    const string Plain = "<script>alert(1)</script> & \"]]> \u202e";

    static readonly XNamespace atom = "http://www.w3.org/2005/Atom", xhtml = "http://www.w3.org/1999/xhtml";

    readonly Workplace at = new();
    readonly Serving server;

    public StoryFeedTests() => server = Serving.Start(at);

    public void Dispose()
    {
        server.Dispose();
        at.Dispose();
    }

    [Fact]
    public async Task A_story_is_one_entry_with_the_text_of_its_canonical_and_the_names_of_its_copies()
    {
        var paragraphs = Workplace.Paragraphs(81_000);
        Task<JsonNode> Add(string id, string publisher, string? url, params string[] more) => server.Decided(new JsonObject
        {
            ["id"] = id, ["headline"] = $"Mill {Evil} reopens", ["publisher"] = publisher, ["url"] = url, ["published"] = "2024-03-04T09:30:00+01:00", ["language"] = "en", ["copyright"] = $"© {Evil}",
            ["bylines"] = new JsonArray("Hanna <Sorley>", "Piet Doorn"), ["section"] = Evil, ["status"] = "withheld", ["embargo"] = "2024-03-05", ["text"] = Workplace.Text([.. paragraphs, .. more]),
        });
        var first = await Add("first", "The First Paper", "https://first.example/a?b=<c>&d=\"e\"", $"And this {Evil} stood in the paper too.");
        await Add("second", $"Paper {Evil}", "https://second.example/ü x");
        await Add("third", "Third Paper", "javascript:alert(1)");
        await Add("fourth", "Fourth Paper", "//fourth.example/relative");
        await server.Decided("alone", Workplace.Text(Workplace.Paragraphs(81_001)));

        var feed = await Feed("/v1/stories.atom");
        var (alone, entry) = (feed.Elements(atom + "entry").First(), feed.Elements(atom + "entry").Last());
        Assert.Equal(2, feed.Elements(atom + "entry").Count());
        Assert.StartsWith(Workplace.Paragraphs(81_001)[0][..80], (string)alone.Element(atom + "title")!, StringComparison.Ordinal);
        Assert.Equal($"urn:uuid:{first["storyId"]}", (string)entry.Element(atom + "id")!);
        Assert.Equal($"Mill {Plain} reopens", (string)entry.Element(atom + "title")!);
        Assert.Equal("en", (string)entry.Attribute(XNamespace.Xml + "lang")!);
        Assert.Equal("2024-03-04T08:30:00.000Z", (string)entry.Element(atom + "published")!);
        Assert.Equal(["Hanna <Sorley>", "Piet Doorn"], entry.Elements(atom + "author").Select(a => (string)a.Element(atom + "name")!));
        Assert.Equal("The First Paper", (string)entry.Element(atom + "source")!.Element(atom + "title")!);
        Assert.Equal($"© {Plain}", (string)entry.Element(atom + "rights")!);
        Assert.Equal([$"{Plain}/", "withheld/urn:ingest:pubStatus", "2024-03-05/urn:ingest:embargoedUntil"], entry.Elements(atom + "category").Select(c => $"{c.Attribute("term")!.Value}/{c.Attribute("scheme")?.Value}"));

        Assert.Equal(["alternate https://first.example/a?b=%3Cc%3E&d=%22e%22 ", $"related https://second.example/%C3%BC%20x Paper {Plain}"],
            entry.Elements(atom + "link").Select(l => $"{l.Attribute("rel")!.Value} {l.Attribute("href")!.Value} {l.Attribute("title")?.Value}"));
        Assert.Equal("xhtml", (string)entry.Element(atom + "content")!.Attribute("type")!);
        var content = entry.Element(atom + "content")!.Elements().Single();
        Assert.Equal(xhtml + "div", content.Name);
        var state = await server.Get($"/v1/stories/{first["storyId"]}");
        Assert.Equal(
            [.. state["article"]!["body"]!.AsArray().Select(p => ((string)p!).Replace("\ufffe", "", StringComparison.Ordinal)), $"Also in: Paper {Plain}, Third Paper, Fourth Paper"],
            content.Elements().Select(p => p.Value));
        Assert.Equal(["https://second.example/%C3%BC%20x"], content.Descendants(xhtml + "a").Select(a => a.Attribute("href")!.Value));
        Assert.All(content.Descendants(), e => Assert.Contains(e.Name.LocalName, (string[])["p", "a"]));
    }

    [Fact]
    public async Task Of_many_copies_ten_are_named()
    {
        for (var copy = 0; copy < 13; copy++)
            await server.Decided(new JsonObject { ["id"] = $"c{copy}", ["publisher"] = $"Paper {copy}", ["url"] = $"https://paper.example/{copy}", ["text"] = Workplace.Text(Workplace.Paragraphs(81_100)) });
        var entry = (await Feed("/v1/stories.atom")).Element(atom + "entry")!;
        Assert.Equal(Enumerable.Range(1, 10).Select(n => $"https://paper.example/{n}"), entry.Elements(atom + "link").Where(l => l.Attribute("rel")!.Value == "related").Select(l => l.Attribute("href")!.Value));
        var content = entry.Element(atom + "content")!;
        Assert.Equal("Also in: Paper 1, Paper 2, Paper 3, Paper 4, Paper 5, Paper 6, Paper 7, Paper 8, Paper 9, Paper 10, and others", content.Descendants(xhtml + "p").Last().Value);
    }

    [Fact]
    public async Task Pages_lead_through_all_stories_in_the_order_of_the_list()
    {
        Assert.Empty((await Feed("/v1/stories.atom")).Elements(atom + "entry"));
        for (var story = 0; story < 5; story++)
            await server.Decided(new JsonObject { ["id"] = $"s{story}", ["headline"] = $"Story {story}", ["publisher"] = "A & B", ["text"] = Workplace.Text(Workplace.Paragraphs(81_200 + story)) });
        await server.Decided(new JsonObject { ["id"] = "other", ["publisher"] = "Other", ["text"] = Workplace.Text(Workplace.Paragraphs(81_300)) });
        var found = new List<XElement>();
        var ids = new HashSet<string>();
        string? next = "/v1/stories.atom?publisher=A%20%26%20B&limit=2";
        for (var page = 0; next is not null; page++)
        {
            var feed = await Feed(next);
            Assert.Equal(next, Link(feed, "self"));
            Assert.Equal(page == 0 ? null : "/v1/stories.atom?publisher=A%20%26%20B&limit=2", Link(feed, "first"));
            ids.Add((string)feed.Element(atom + "id")!);
            found.AddRange(feed.Elements(atom + "entry"));
            next = Link(feed, "next");
        }

        Assert.Equal(["Story 4", "Story 3", "Story 2", "Story 1", "Story 0"], found.Select(e => (string)e.Element(atom + "title")!));
        var list = (await server.Get("/v1/stories?publisher=A%20%26%20B"))["stories"]!.AsArray();
        Assert.Equal(list.Select(s => $"urn:uuid:{s!["storyId"]} {DateTimeOffset.Parse((string)s["decided"]!).UtcDateTime:O}"), found.Select(e => $"{(string)e.Element(atom + "id")!} {DateTimeOffset.Parse((string)e.Element(atom + "updated")!).UtcDateTime:O}"));
        // A page of a query is the same feed, another query another one.
        Assert.Single(ids);
        Assert.DoesNotContain((string)(await Feed("/v1/stories.atom")).Element(atom + "id")!, ids);
        foreach (var wrong in (string[])["limit=0", "limit=201", "before=x", "since=soon", "q=%00"])
            Assert.Equal("invalid-parameter", (await server.Ask($"/v1/stories.atom?{wrong}")).Problem);
    }

    [Fact]
    public async Task Who_asks_again_is_told_that_nothing_changed_until_something_did()
    {
        await server.Decided("one", Workplace.Article("Bree"));
        // The second of the decision has to be over, or another decision might still be made in it.
        await server.Until("it is dated", async () => (await Ask()).Content.Headers.LastModified is not null);
        using var read = await Ask();
        var (tag, modified) = (read.Headers.ETag!.ToString(), read.Content.Headers.LastModified!.Value);
        Assert.Equal(200, (int)read.StatusCode);
        Assert.Equal(304, (await Conditional(("If-None-Match", tag))).Status);
        Assert.Equal(304, (await Conditional(("If-None-Match", $"\"other\", {tag}"))).Status);
        Assert.Equal(304, (await Conditional(("If-None-Match", "*"))).Status);
        Assert.Equal(304, (await Conditional(("If-Modified-Since", $"{modified:R}"))).Status);
        Assert.Equal("", (await Conditional(("If-None-Match", tag))).Body);
        Assert.Equal(200, (await Conditional(("If-None-Match", "\"other\""))).Status);
        Assert.Equal(200, (await Conditional(("If-Modified-Since", $"{modified.AddSeconds(-1):R}"))).Status);
        // The tag says more than the date.
        Assert.Equal(200, (await Conditional(("If-None-Match", "\"other\""), ("If-Modified-Since", $"{modified:R}"))).Status);
        Assert.Equal(200, (await Conditional(("If-None-Match", "broken"))).Status);

        await server.Decided("two", Workplace.Article("Cove"));
        Assert.Equal(200, (await Conditional(("If-None-Match", tag))).Status);
        Assert.Equal(200, (await Conditional(("If-Modified-Since", $"{modified:R}"))).Status);

        Task<HttpResponseMessage> Ask() => server.Http.GetAsync("/v1/stories.atom");
        Task<Answer> Conditional(params (string, string)[] headers) => server.Ask("/v1/stories.atom", headers);
    }

    [Fact]
    public async Task A_damaged_text_is_said_to_be_so_and_the_other_stories_are_told()
    {
        foreach (var (name, seed) in new[] { ("Whole", 81_500), ("Damaged", 81_501) })
            await server.Decided(new JsonObject { ["id"] = name, ["headline"] = name, ["text"] = Workplace.Text(Workplace.Paragraphs(seed)) });
        Book.Execute(at.PathTo("ingest.db"), "UPDATE results SET result = x'07' WHERE article = 2");
        var entries = (await Feed("/v1/stories.atom")).Elements(atom + "entry").ToList();
        Assert.Equal(["Damaged", "Whole"], entries.Select(e => (string)e.Element(atom + "title")!));
        Assert.Equal("The ledger is damaged where it has the text of this article.", (string)entries[0].Element(atom + "content")!);
        Assert.Contains(Workplace.Paragraphs(81_500)[0], (string)entries[1].Element(atom + "content")!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_beyond_what_is_told_without_a_share_of_memory_is_whole()
    {
        var paragraphs = Workplace.Paragraphs(81_400, 2_000);
        await server.Decided("long", Workplace.Text(paragraphs));
        var feed = await Feed("/v1/stories.atom");
        Assert.Equal(paragraphs, feed.Descendants(xhtml + "p").Select(p => p.Value));
    }

    [Fact]
    public async Task An_article_and_a_story_are_ninjs_too()
    {
        at.Write("feed.jsonl", Workplace.RecordOf("whole <é>", Workplace.Article("Bree")) + Workplace.RecordOf("again", Workplace.Article("Bree")));
        var expected = at.Run("run", "feed.jsonl", "--format", "ninjs").Output.Split('\n');
        var first = await server.Decided("whole <é>", Workplace.Article("Bree"));
        var second = await server.Decided("again", Workplace.Article("Bree"));
        foreach (var (path, item) in new[] { ($"/v1/articles/{first["articleId"]}", expected[0]), ($"/v1/articles/{second["articleId"]}", expected[1]), ($"/v1/stories/{first["storyId"]}", expected[0]) })
        {
            var answer = await server.Ask($"{path}?format=ninjs");
            Assert.Equal((200, "application/json", item), (answer.Status, answer.MediaType, answer.Body));
            Assert.Equal("invalid-parameter", (await server.Ask($"{path}?format=nitf")).Problem);
        }

        var rejected = await server.Decided("empty", "Share this article\n\nRead more\n");
        Assert.Equal("not-found", (await server.Ask($"/v1/articles/{rejected["articleId"]}?format=ninjs")).Problem);
        Assert.Equal("not-found", (await server.Ask($"/v1/stories/{rejected["articleId"]}?format=ninjs")).Problem);
    }

    /// <summary>A feed in which each element is where and as often as the standard asks.</summary>
    async Task<XElement> Feed(string path)
    {
        var answer = await server.Ask(path);
        Assert.Equal((200, "application/atom+xml"), (answer.Status, answer.MediaType));
        using var text = new StringReader(answer.Body);
        using var reader = XmlReader.Create(text, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, CheckCharacters = true });
        var feed = XElement.Load(reader, LoadOptions.PreserveWhitespace);
        Assert.Equal(atom + "feed", feed.Name);
        foreach (var item in feed.Elements(atom + "entry").Prepend(feed))
        {
            foreach (var name in (string[])["id", "title", "updated"])
                Assert.Single(item.Elements(atom + name));
            Assert.True(Uri.TryCreate((string)item.Element(atom + "id")!, UriKind.Absolute, out _));
            Assert.True(DateTimeOffset.TryParseExact((string)item.Element(atom + "updated")!, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null, System.Globalization.DateTimeStyles.None, out _));
            foreach (var name in (string[])["content", "published", "rights", "source"])
                Assert.InRange(item.Elements(atom + name).Count(), 0, 1);
        }

        Assert.NotEmpty(feed.Elements(atom + "author"));
        Assert.Equal(feed.Elements(atom + "entry").Count(), feed.Elements(atom + "entry").Select(e => (string)e.Element(atom + "id")!).Distinct().Count());
        return feed;
    }

    static string? Link(XElement feed, string relation) => feed.Elements(atom + "link").SingleOrDefault(l => l.Attribute("rel")!.Value == relation)?.Attribute("href")!.Value;
}
