using System.Text;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Pages;
using Ingest.Core.Normalisation.Reading;
using Xunit;

namespace Ingest.Core.Tests.Normalisation.Pages;

public class PageReaderTests
{
    static PageArticle Read(string html) => PageReader.Read(html, ArticleMetadata.None, []);

    [Theory]
    [InlineData("<p>One.</p><p>Two.</p>", "One.\n\nTwo.")]
    [InlineData("<p>One<br>Two<br><br>Three</p>", "One\nTwo\n\nThree")]
    [InlineData("<p>  The   gate\n is&nbsp;open&#173;ed.</p>", "The gate is opened.")]
    [InlineData("<ul><li>East<li>West</ul>", "East\nWest")]
    [InlineData("<nav><a href=/a>Home</a><a href=/b>News</a></nav>", "Home News")]
    [InlineData("<p>AT&amp;T &lt;b&gt;</p>", "AT&T <b>")]
    [InlineData("<p>One</p><script>let x = 1;</script><style>p {}</style><p>Two</p>", "One\n\nTwo")]
    [InlineData("<table><tr><th>Port<th>Ships<tr><td>East<td>40</table>", "Port | Ships\nEast | 40")]
    [InlineData("<table><tr><td><p>Menu</p><ul><li>News</ul></td><td><p>Story.</p></td></tr></table>", "Menu\n\nNews\n\nStory.")]
    [InlineData("<pre>if (open)\n  sail();</pre>", "if (open)\nsail();")]
    [InlineData("<p><ruby>港<rp>(</rp><rt>みなと</rt><rp>)</rp></ruby>が開いた。</p>", "港が開いた。")]
    [InlineData("no markup", "no markup")]
    [InlineData("", "")]
    public void The_visible_text_is_a_line_for_each_block(string html, string text) => Assert.Equal(text, Read(html).Text);

    [Fact]
    public void Lines_hold_all_of_the_text_but_its_breaks()
    {
        var article = Read("<body><h1>Harbour opens</h1><div>The gate <b>is</b> open.<ul><li>East<li><a href=x>West</a></ul></div></body>");
        var rest = article.Text.ToCharArray();
        foreach (var line in article.Page.Lines)
            Array.Fill(rest, '\n', line.Start, line.Length);
        Assert.All(rest, c => Assert.Equal('\n', c));
        Assert.Equal(["h1", "div", "li", "li"], article.Page.Lines.Select(l => l.Element.Name));
        Assert.Equal(4, article.Page.Lines[3].Linked);
    }

    [Fact]
    public void What_a_page_says_of_its_article_becomes_fields()
    {
        var metadata = Read("""
            <html lang="en-GB"><head><title>Harbour opens again | The Sentinel</title><link rel=canonical href="https://sentinel.example/harbour">
            <meta property="og:site_name" content="The Sentinel"><meta property="article:section" content="World">
            <script type="application/ld+json">{"@graph": [{"@type": ["NewsArticle"], "headline": "Harbour opens again &amp; again", "datePublished": "2026-05-04T10:00:00+02:00",
              "author": [{"@type": "Person", "name": "Anna Weir"}, {"name": "Carl Otis"}], "isAccessibleForFree": "False",}]}</script></head>
            <body><h1>Harbour opens again</h1><p>Text.</p></body></html>
            """);
        Assert.Equal(("Harbour opens again", "The Sentinel", "en", "World", "https://sentinel.example/harbour", "2026-05-04T10:00:00+02:00"),
            (metadata.Metadata.Headline, metadata.Metadata.Publisher, metadata.Metadata.Language, metadata.Metadata.Section, metadata.Metadata.Url, metadata.Metadata.Published));
        Assert.Equal(["Anna Weir", "Carl Otis"], metadata.Metadata.Bylines);
        Assert.True(metadata.Page.IsPaywalled);
    }

    /// <summary>Half of a surrogate pair, escaped, is no text.</summary>
    [Fact]
    public void A_script_that_cannot_be_read_hides_no_other()
    {
        var metadata = Read("""
            <html><head><script type="application/ld+json">{"@type": "NewsArticle", "headline": "\ud83d", "author": "\ud83d"}</script>
            <script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2026-05-04", "author": "Anna Weir"}</script></head><body><p>Text.</p></body></html>
            """).Metadata;
        Assert.Equal("2026-05-04", metadata.Published);
        Assert.Equal(["Anna Weir"], metadata.Bylines);
    }

    [Fact]
    public void What_is_known_beside_the_page_wins()
    {
        var beside = ArticleMetadata.None with { Headline = "Given", Url = "https://given.example/" };
        var metadata = PageReader.Read("<title>A title of the page</title><link rel=canonical href=https://page.example/x><p>Text.</p>", beside, []).Metadata;
        Assert.Equal(("Given", "https://given.example/"), (metadata.Headline, metadata.Url));
    }

    [Theory]
    [InlineData("iso-8859-1", "Über den Fährverkehr")]
    [InlineData("windows-1251", "Гавань снова открыта")]
    [InlineData("shift_jis", "港が再び開いた")]
    public void A_charset_that_the_page_declares_is_believed(string charset, string text)
    {
        var html = $"<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset={charset}\"></head><body><p>{text}</p></body></html>";
        var bytes = CodePagesEncodingProvider.Instance.GetEncoding(charset)?.GetBytes(html) ?? Encoding.GetEncoding(charset).GetBytes(html);
        var read = RawReader.Read(new RawArticle("page.html", ArticleForm.Html, bytes, ArticleMetadata.None, "file"));
        Assert.Equal(text, read.Text);
    }

    [Theory]
    [InlineData("<div>", 200_000)]
    [InlineData("<b><i><p>", 30_000)]
    [InlineData("<table><tr><td>", 60_000)]
    [InlineData("<a href=x>", 60_000)]
    [InlineData("<ul><li>", 60_000)]
    [InlineData("<!-- <div> -->", 60_000)]
    public void Markup_that_never_ends_is_flattened_and_read(string tag, int times)
    {
        var article = Read("<body><p>Before.</p>" + string.Concat(Enumerable.Repeat(tag, times)) + "inside");
        Assert.StartsWith("Before.", article.Text);
        Assert.EndsWith("inside", article.Text);
        Assert.All(article.Page.Lines, l => Assert.InRange(l.Element.Depth, 0, 3 * Nesting.Deepest));
    }

    [Fact]
    public void Tags_that_end_nothing_do_no_harm() =>
        Assert.Equal("a\n\nb", Read("</div></div><div>a" + string.Concat(Enumerable.Repeat("</div>", 1000)) + "<div>b</div>").Text);

    [Fact]
    public void A_tag_with_very_many_attributes_keeps_those_that_are_read()
    {
        var attributes = string.Concat(Enumerable.Range(0, 100_000).Select(i => $" data-{i}=x"));
        Assert.Equal("Text.", Read($"<div{attributes} class=story><p>Text.</p></div>").Text);
    }

    [Fact]
    public void Blocks_tile_the_text_of_a_page()
    {
        var article = Read("""
            <body><nav><a href=/>Home</a> <a href=/n>News</a></nav><article><h1>Harbour opens again</h1><p>The harbour opened again on Monday after three weeks of repairs, the authority said.</p>
            <figure><figcaption>Tugs wait.</figcaption></figure><ul><li>East gate: open<li>West gate: closed</ul><p>Ships were waiting in a long line outside the breakwater, and more are to come.</p></article></body>
            """);
        var result = new Normaliser().Normalise(article);
        var left = article.Text.ToCharArray();
        foreach (var block in result.Blocks)
            Array.Fill(left, ' ', block.Span.Start, block.Span.Length);
        Assert.All(left, c => Assert.True(char.IsWhiteSpace(c)));
        Assert.Contains(result.Article!.Media, m => m.Caption == "Tugs wait.");
        Assert.Contains("East gate: open", result.Article.Body);
    }
}
