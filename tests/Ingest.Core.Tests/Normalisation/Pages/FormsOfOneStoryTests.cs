using System.Net;
using System.Text.Json;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Reading;
using Xunit;

namespace Ingest.Core.Tests.Normalisation.Pages;

/// <summary>A story as text, as a page of a site and as an entry of a feed: three forms of one article, which give one body.</summary>
public class FormsOfOneStoryTests
{
    const string Menu = "<header><nav class=menu><ul><li><a href=/>Home</a><li><a href=/news>News</a><li><a href=/sport>Sport</a><li><a href=/weather>Weather</a></ul></nav></header>";

    const string Foot = """
        <aside class="related-teasers"><h3>More from us</h3><ul><li><a href=/1>Bridge closed until Friday</a><li><a href=/2>Museum opens a new wing</a></ul></aside>
        <footer class=footer><p><a href=/imprint>Imprint</a> <a href=/privacy>Privacy</a> <a href=/contact>Contact</a></p></footer>
        """;

    static readonly Normaliser Normaliser = new();

    public static TheoryData<string> Seeds()
    {
        var ids = new TheoryData<string>();
        foreach (var line in File.ReadLines(Path.Combine(SampleArticles.Root, "seeds", "expected.jsonl")))
            ids.Add(JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()!);
        return ids;
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_page_its_text_and_its_entry_in_a_feed_give_the_same_body(string seed)
    {
        var expected = File.ReadLines(Path.Combine(SampleArticles.Root, "seeds", "expected.jsonl"))
            .Select(l => JsonDocument.Parse(l).RootElement).Single(e => e.GetProperty("id").GetString() == seed);
        string[] body = [.. expected.GetProperty("body").EnumerateArray().Select(p => p.GetString()!)];
        var headline = expected.GetProperty("fields").TryGetProperty("headline", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString()! : "Harbour opens again";
        var paragraphs = string.Concat(body.Select(p => $"<p>{WebUtility.HtmlEncode(p)}</p>\n"));
        var title = WebUtility.HtmlEncode(headline);
        var page = $"<!doctype html><html><head><title>{title} | The Sentinel</title></head><body>{Menu}<main><article class=story><h1>{title}</h1><div class=article-body>{paragraphs}</div></article></main>{Foot}</body></html>";

        var text = Normaliser.Normalise(new ArticleText(headline + "\n\n" + string.Join("\n\n", body))).Article!;
        Assert.Equal(text.Body, Clean(page, ArticleMetadata.None).Body);
        Assert.Equal(text.Body, Clean(paragraphs, ArticleMetadata.None with { Headline = headline }).Body);
        Assert.Equal(headline, Clean(page, ArticleMetadata.None).Headline);
    }

    static Article Clean(string html, ArticleMetadata beside)
    {
        var raw = new RawArticle("page.html", ArticleForm.Html, System.Text.Encoding.UTF8.GetBytes(html), beside, "file");
        return Normaliser.Normalise(RawReader.Read(raw)).Article!;
    }
}
