using System.Text;
using Ingest.Core.Articles;
using Ingest.Core.Forms;
using Ingest.Core.Forms.Feeds;
using Ingest.Core.Forms.Text;

namespace Ingest.Core.Tests.Forms;

public class FeedTests
{
    static readonly RawArticle File = new("feed.xml", ArticleForm.Text, default, ArticleMetadata.None with { Feed = "harbour" }, "file");

    [Theory]
    [InlineData("Tue, 03 Mar 2026 14:05:09 GMT", "2026-03-03T14:05:09+00:00")]
    [InlineData("Wed, 3 Mar 26 14:05 EST", "2026-03-03T14:05:00-05:00")]
    [InlineData("3 March 2026 14:05:09 +0530", "2026-03-03T14:05:09+05:30")]
    [InlineData("Tue, 03-Mar-2026 14:05:09 CET", "2026-03-03T14:05:09+01:00")]
    [InlineData("Tue Mar  3 14:05:09 2026", "2026-03-03T14:05:09")]
    [InlineData("March 3, 2026, 2:05 pm PDT", "2026-03-03T14:05:00-07:00")]
    [InlineData("mar., 3 févr. 2026 09:00:00 +0100", "2026-02-03T09:00:00+01:00")]
    [InlineData("Mi, 12 Mär 2025 21:47:10 +0100", "2025-03-12T21:47:10+01:00")]
    [InlineData("2026-03-03T14:05:09.123Z", "2026-03-03T14:05:09+00:00")]
    [InlineData("2026-03-03 14:05:09 -0800", "2026-03-03T14:05:09-08:00")]
    [InlineData("2026-03-03T14:05+01", "2026-03-03T14:05:00+01:00")]
    [InlineData("20260303T140509Z", "2026-03-03T14:05:09+00:00")]
    [InlineData("2026/3/3", "2026-03-03")]
    [InlineData("03.12.2026 14:05", "2026-12-03T14:05:00")]
    [InlineData("12/31/2026", "2026-12-31")]
    [InlineData("03/12/2026", null)]
    [InlineData("1772546709", "2026-03-03T14:05:09+00:00")]
    [InlineData("Tue, 31 Feb 2026 14:05:09 GMT", null)]
    [InlineData("yesterday", null)]
    [InlineData("", null)]
    public void A_date_is_read_as_it_was_written(string written, string? iso) => Assert.Equal(iso, LooseDate.Read(written));

    [Theory]
    [InlineData("desk@paper.example (Anna Berg)", "Anna Berg")]
    [InlineData("Anna Berg <desk@paper.example>", "Anna Berg")]
    [InlineData("Anna Berg (desk@paper.example)", "Anna Berg")]
    [InlineData("Anna Berg (Harbour Press)", "Anna Berg (Harbour Press)")]
    [InlineData("desk@paper.example", null)]
    public void An_author_is_a_name(string written, string? name) => Assert.Equal(name, LooseWords.Name(written));

    [Fact]
    public void Several_authors_in_one_text_are_parted() =>
        Assert.Equal(["Anna Berg", "Tom Hill"], LooseWords.Names(["By Anna Berg and Tom Hill", "Tom Hill; Anna Berg"])!);

    [Theory]
    [InlineData("en-GB", "en")]
    [InlineData("DE_at", "de")]
    [InlineData("fra", "fr")]
    [InlineData("English", "en")]
    [InlineData("klingon", null)]
    public void A_language_is_two_letters(string written, string? language) => Assert.Equal(language, LooseWords.Language(written));

    [Fact]
    public void A_body_that_was_escaped_twice_is_HTML() =>
        Assert.Equal("<p>A & B</p>", Encoding.UTF8.GetString(Read("<rss><item><description>&amp;lt;p&amp;gt;A &amp; B&amp;lt;/p&amp;gt;</description></item></rss>")[0].Content.Span));

    [Theory]
    [InlineData("5 < 6 & 7 &nbsp;> x", "5 < 6 & 7 \u00a0> x")]
    [InlineData("&#x1F6A2;&#151;&#55358;&#56682;&#1;&unknown;&amp;lt;", "\U0001F6A2\u2014\U0001F96A&unknown;&lt;")]
    [InlineData("a<!-- b -->c<![CDATA[<d>]]>e<?f?>g", "ac<d>eg")]
    [InlineData("mail <a@b.example> now", "mail <a@b.example> now")]
    [InlineData("x <y", "x <y")]
    public void Text_is_what_is_no_mark(string markup, string text) => Assert.Equal(text, PlainText.In(markup, 0, markup.Length));

    [Fact]
    public void What_a_document_type_declares_is_not_expanded()
    {
        var entry = Assert.Single(Read("""<!DOCTYPE rss [<!ENTITY a "&b;&b;"><!ENTITY b "lol">]><rss><channel><item><title>x &a; y</title><description>z</description></item></channel></rss>"""));
        Assert.Equal("x &a; y", entry.Metadata.Headline);
    }

    [Fact]
    public void A_field_that_is_not_closed_does_not_take_in_the_next()
    {
        var entries = Read("<rss><channel><title>Post</title><item><title>One<link>https://a.example/1</link><description>Body &amp; soul.<guid>g1</guid></item><item><title>Two</title><description>More.</description>");
        Assert.Equal(["feed.xml#g1", "feed.xml#2"], entries.Select(e => e.Id));
        Assert.Equal(("One", "https://a.example/1", "Body & soul."), (entries[0].Metadata.Headline, entries[0].Metadata.Url, EntrySample.Text(entries[0])));
        Assert.Equal("harbour", entries[1].Metadata.Feed);
    }

    [Fact]
    public void What_HTML_does_not_have_is_no_tag()
    {
        var entry = Assert.Single(Read("<rss><item><title>Acme &lt;ACME.O&gt; &lt;i&gt;falls&lt;/i&gt;</title><description>Shares of Acme &lt;ACME.O&gt; fell.</description></item></rss>"));
        Assert.Equal(("Acme <ACME.O> falls", ArticleForm.Text, "Shares of Acme <ACME.O> fell."), (entry.Metadata.Headline, entry.Form, EntrySample.Text(entry)));
    }

    [Fact]
    public void HTML_that_nobody_escaped_ends_with_its_field()
    {
        var html = string.Concat(Enumerable.Repeat("<p>A & B<br>", 200));
        var entries = Read($"<rss><channel><item><description>{html}</description><title>One</title><link>https://a.example/1</link></item><i:item xmlns:i='http://purl.org/rss/1.0/'><i:title>Two</i:title><i:description>Text.</i:description></i:item>");
        Assert.Equal([("One", "https://a.example/1"), ("Two", null)], entries.Select(e => (e.Metadata.Headline, e.Metadata.Url)));
        Assert.Equal(ArticleForm.Html, entries[0].Form);
    }

    [Fact]
    public void What_an_entry_declares_holds_although_the_last_was_not_closed()
    {
        var entries = Read("<rss><channel><item><title>One<description>A<b>B<item xmlns:q='http://purl.org/dc/elements/1.1/'><description>Text.</description><q:creator>Anna Berg</q:creator></item>");
        Assert.Equal(["Anna Berg"], entries[1].Metadata.Bylines!);
    }

    [Fact]
    public void A_prefix_means_what_it_declares()
    {
        var entry = Assert.Single(Read("""<a:feed xmlns:a="http://www.w3.org/2005/Atom" xml:base="https://b.example/x/"><a:title>T</a:title><a:entry xml:lang="de-AT"><a:id>1</a:id><a:link href="y"/><a:title type="html">A &amp;amp; &lt;b&gt;B&lt;/b&gt;</a:title><a:content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Eins.<br/></p></div></a:content></a:entry></a:feed>"""));
        Assert.Equal(("https://b.example/x/y", "A & B", "de", "T"), (entry.Metadata.Url, entry.Metadata.Headline, entry.Metadata.Language, entry.Metadata.Publisher));
        Assert.Equal((ArticleForm.Html, "<div><p>Eins.<br></p></div>"), (entry.Form, Encoding.UTF8.GetString(entry.Content.Span)));
    }

    [Fact]
    public void An_entry_without_a_text_is_refused_and_the_next_is_read()
    {
        var entries = Read("<rss><item><title>Only a headline</title></item><item><description>Text.</description></item></rss>");
        Assert.Equal(RejectionReason.Empty, entries[0].Refused?.Reason);
        Assert.Null(entries[1].Refused);
    }

    [Fact]
    public void What_is_over_a_limit_is_named_and_not_taken_in()
    {
        var big = "<rss><item><guid>a</guid><description>" + new string('x', 200) + "</description></item><item><guid>b</guid><description>Short.</description></item></rss>";
        var entries = XmlFeed.Read(Stream(big), File, new InputLimits(100)).ToList();
        Assert.Equal([100L, null], entries.Select(e => e.OverLimit));
        Assert.Equal(150, Assert.Single(XmlFeed.Read(Stream(big), File, new InputLimits(100, MaxFile: 150))).OverLimit);
    }

    [Fact]
    public void A_letter_that_is_cut_at_the_end_does_not_change_the_encoding()
    {
        var whole = Encoding.UTF8.GetBytes("<rss><item><description>Grüße aus Köln, schöne");
        Assert.Equal("<rss><item><description>Grüße aus Köln, sch", FileText.Decode(whole.AsSpan(0, whole.Length - 4)));
    }

    [Theory]
    [InlineData("<rss version='2.0'>", true)]
    [InlineData("<b>Warning</b>: x in y\n<?xml version='1.0'?><rss>", true)]
    [InlineData("\ufeff<?xml version='1.0'?><!-- x --><rdf:RDF>", true)]
    [InlineData("<feed xmlns='http://www.w3.org/2005/Atom'>", true)]
    [InlineData("<entry xmlns='http://www.w3.org/2005/Atom'>", true)]
    [InlineData("<entry>", false)]
    [InlineData("<!doctype html><html><body><rss>", false)]
    [InlineData("<newsMessage><header><feed>x</feed></header>", false)]
    [InlineData("He said <rss> is dead. Plain text.", false)]
    [InlineData("Notice: x in y <?xml version='1.0'?><rss>", true)]
    [InlineData("Plain text.", false)]
    public void A_feed_is_known_by_its_root(string beginning, bool isFeed) =>
        Assert.Equal(isFeed, XmlFeed.Recognises(new InputStart(Encoding.UTF8.GetBytes(beginning), "x")));

    /// <summary>Each of them took time with the square of its length in a parser that was tried, or would if a search began anew at each mark.</summary>
    [Theory]
    [InlineData("<a>", "")]
    [InlineData("<a ", "")]
    [InlineData("<a b=\"", "")]
    [InlineData("< ", "")]
    [InlineData("&", "")]
    [InlineData("<!--", "")]
    [InlineData("<![CDATA[", "")]
    [InlineData("<![CDATA[<a>", "")]
    [InlineData("<!DOCTYPE [", "")]
    [InlineData("</a>", "")]
    [InlineData("<?x ", "")]
    [InlineData("b='c' ", "<a ")]
    [InlineData("xmlns:b='c' ", "<a ")]
    [InlineData("<item>", "")]
    [InlineData("<item><title>", "")]
    [InlineData("<p>x<b>y", "")]
    [InlineData("&lt;p&gt;", "")]
    public void Work_grows_with_the_length(string bait, string opens)
    {
        long Allocated(int times)
        {
            var feed = $"<rss><channel><item><description>{opens}{string.Concat(Enumerable.Repeat(bait, times))}";
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.NotEmpty(Read(feed));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated(10);
        var (half, whole) = (Allocated(25_000), Allocated(50_000));
        Assert.InRange(whole, 0, half * 3);
    }

    [Fact]
    public void A_damaged_item_of_a_JSON_feed_leaves_the_others()
    {
        const string Feed = """{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": 1, "content_text": "A"}, {"id": 2, "content_text": oops}, {"id": "3", "content_html": "<p>C</p>",},], "language": "fr",""";
        var items = JsonFeed.Read(Stream(Feed), File, EntrySample.Limits).ToList();
        Assert.Equal(["feed.xml#1", "feed.xml#2", "feed.xml#3"], items.Select(i => i.Id));
        Assert.Equal([null, RejectionReason.MalformedRecord, null], items.Select(i => i.Refused?.Reason));
        Assert.Equal(("T", "fr", ArticleForm.Html), (items[2].Metadata.Publisher, items[2].Metadata.Language, items[2].Form));
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    [InlineData("\"")]
    [InlineData("{\"items\":[{")]
    public void Brackets_without_an_end_are_no_harm(string bait)
    {
        var feed = "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[" + string.Concat(Enumerable.Repeat(bait, 100_000));
        Assert.All(JsonFeed.Read(Stream(feed), File, EntrySample.Limits), i => Assert.NotNull(i.Refused));
    }

    static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));

    static List<RawArticle> Read(string feed) => [.. XmlFeed.Read(Stream(feed), File, new InputLimits(1 << 24))];
}
