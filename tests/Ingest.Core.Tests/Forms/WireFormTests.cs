using System.Text;
using System.Text.Json;
using Ingest.Core.Articles;
using Ingest.Core.Forms;
using Ingest.Core.Forms.Wires;
using Ingest.Core.Inputs;

namespace Ingest.Core.Tests.Forms;

/// <summary>Files of wires: ninjs, NewsML of both kinds, NITF, IPTC 7901 and ANPA 1312.</summary>
public class WireFormTests
{
    static readonly string Folder = FindFolder();

    static readonly string[][] Known =
        [.. File.ReadLines(Path.Combine(Folder, "known.txt")).Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split('\t'))];

    static readonly RawArticle Empty = new("", ArticleForm.Text, ReadOnlyMemory<byte>.Empty, ArticleMetadata.None, "file");

    static readonly InputLimits Limits = new(MaxArticle: 1 << 20);

    public static TheoryData<string> Samples() =>
        [.. Directory.EnumerateFiles(Folder).Select(f => Path.GetFileName(f)!).Where(f => !f.Contains(".expected.", StringComparison.Ordinal) && f[0] is >= '0' and <= '9').Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_is_read_as_expected(string name)
    {
        var articles = Read(File.ReadAllBytes(Path.Combine(Folder, name)));
        using var expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, Path.ChangeExtension(name, ".expected.json"))));
        var found = articles.Where(a => a.Refused is null && a.OverLimit is null).ToList();
        if (!expected.RootElement.TryGetProperty("articles", out var wanted))
        {
            Assert.Empty(found);
            return;
        }

        Assert.True(found.Count == wanted.GetArrayLength(), $"{found.Count} articles, and {wanted.GetArrayLength()} are expected; {string.Join("; ", articles.Select(a => a.Refused?.Detail))}");
        var faults = found.Zip(wanted.EnumerateArray()).SelectMany(p => WireExpectation.Faults(p.First, p.Second)).ToList();
        var known = Known.Where(k => k[0] == name).Select(k => k[1]).ToList();
        Assert.True(faults.TrueForAll(f => known.Exists(k => f.StartsWith(k + ":", StringComparison.Ordinal))), string.Join('\n', faults));
        // A repaired one comes off the list.
        Assert.All(known, k => Assert.Contains(faults, f => f.StartsWith(k + ":", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("""<x:newsItem guid="g" version="2"><x:contentSet><x:inlineXML><h:html><h:body><h:p>One.</h:p></h:body></h:html></x:inlineXML></x:contentSet></x:newsItem>""", "<p>One.</p>")]
    [InlineData("""<!DOCTYPE nitf SYSTEM "nitf-3-4.dtd"><nitf><body><body.content><p>A&nbsp;&eacute; & b < c.</p></body.content></body></nitf>""", "<p>A\u00a0\u00e9 &amp; b &lt; c.</p>")]
    [InlineData("""<!DOCTYPE nitf [<!ENTITY who "EFE">]><nitf><body><body.content><p>By &who;.</p></body.content></body></nitf>""", "<p>By EFE.</p>")]
    [InlineData("<nitf><body><body.content><p>A\u0002b.<br/><br/>C.</p></body.content></body></nitf>\u0003\u0004", "<p>A b.</p><p>C.</p>")]
    [InlineData("<nitf><body><body.content>Loose.<hl2>Sub</hl2><ul><li>One</li><li/></ul><bq><block><p>Q.</p></block></bq></body.content></body></nitf>",
        "<p>Loose.</p><h2>Sub</h2><ul><li>One</li></ul><blockquote><p>Q.</p></blockquote>")]
    [InlineData("<nitf><body><body.content><p>One.</p><media><media-caption>On the quay &lt;left&gt;</media-caption><media-producer>A. Weir</media-producer></media></body.content></body></nitf>",
        "<p>One.</p><figure><figcaption>On the quay &lt;left&gt; <cite>A. Weir</cite></figcaption></figure>")]
    [InlineData("<nitf><body><body.head><note><body.content><p>A note.</p></body.content></note></body.head><body.content><p>One.</p></body.content><body.content><p>Two.</p></body.content></body></nitf>",
        "<p>One.</p><p>Two.</p>")]
    [InlineData("<newsItem><contentSet><inlineXML><html><head><title>T</title></head><body><p>One\nwrapped.\n    Two.\n</p></body></html></inlineXML></contentSet></newsItem>", "One\nwrapped.\n\nTwo.")]
    [InlineData("\u0016\u0001a0001\u001f\nr a BC-List 03-04\n\u0002^BC-List<\n^Today's list<\n^One item<\n^Another<\n\u0003", "One item\n\nAnother")]
    [InlineData("""{"uri": "u", "bodies": [{"role": "main", "contentType": "text/plain", "value": "One. Two."}, {"role": "rich", "contentType": "text/html", "value": "<p>One.</p><p>Two.</p>"}, {"role": "summary", "value": "<p>S.</p>"}]}""",
        "<p>One.</p><p>Two.</p>")]
    [InlineData("\u0001dpa1 4 pl 10 dpa 12\nKey/\n\u0002Quay closes =\n\nHull (dpa) - The quay of Hull is closed from today until\nfurther notice.\n- A list\n- of two\n\n# Notebook\n## Contacts\nA. Weir\n\u0003011200 GMT Mar 25\u0004",
        "Hull (dpa) - The quay of Hull is closed from today until further notice.\n- A list\n- of two")]
    [InlineData("<nitf><body><body.head><hedline><hl1>H</hl1></hedline></body.head><p>One.</p></body></nitf>", "<p>One.</p>")]
    [InlineData("\u0016\u0001a0001\u001f\nr a BC-Quay 03-04\n\u0002^BC-Quay<\n   One\nwrapped.<\nTwo.\n\u0003", "One\nwrapped.\n\nTwo.")]
    [InlineData("<NewsML><NewsItem><NewsComponent><ContentItem><DataContent><![CDATA[<nitf><body><body.head/><body.content><p>One &amp; two.</p></body.content></body></nitf>]]></DataContent></ContentItem></NewsComponent></NewsItem></NewsML>", "<p>One &amp; two.</p>")]
    [InlineData("""{"uri": "u", "headline": "H", "body_text": "One\nwrapped.\n\nTwo."}""", "One\nwrapped.\n\nTwo.")]
    [InlineData("""[{"uri": "u", "versioncreated": "2025-01-02T03:04:05Z", "body_text": "One.", "associations": {"a": {"type": "picture", "description_text": "A quay", "byline": "A. Weir"}}}]""",
        "<p>One.</p><figure><figcaption>A quay <cite>A. Weir</cite></figcaption></figure>")]
    [InlineData("<nitf><body><body.content><p>One<br/>two.</p><p>Three<br/>four<br/>five.</p></body.content></body></nitf>", "<p>One<br>two.</p><p>Three<br>four<br>five.</p>")]
    [InlineData("\ufeff\ufeff<?xml version='1.0'?><nitf><body><body.content><p>One.</p></body.content></body></nitf>", "<p>One.</p>")]
    [InlineData("ZCZC ABC123\r\n$Quay closes\r\nOne.\r\n\r\nTwo. It was cut", "One.\n\nTwo. It was cut")]
    [InlineData("""{"uri": "u", "headline": "H", "versioncreated": "2025-01-02T03:04:05Z", "body_text": "One.", "data": {"uri": "x", "headline": "Y", "body_text": "Z"}}""", "One.")]
    [InlineData("""{"item": [{"uri": "u", "headline": "H", "versioncreated": "2025-01-02T03:04:05Z", "body_text": "One."}]}""", "One.")]
    public void Damage_and_dialects_lose_no_text(string file, string content) =>
        Assert.Equal(content, Text(Assert.Single(Read(Encoding.UTF8.GetBytes(file)))));

    [Theory]
    [InlineData("""<newsItem guid="g"><itemMeta><itemClass qcode="ninat:picture"/></itemMeta><contentSet><remoteContent href="a.jpg"/></contentSet></newsItem>""", "It is a picture")]
    [InlineData("""<newsItem guid="g"><itemMeta><itemClass qcode="ninat:text"/></itemMeta><contentSet><remoteContent href="a.xml"/></contentSet></newsItem>""", "Its text is elsewhere")]
    [InlineData("""<packageItem guid="g"><groupSet/></packageItem>""", "It is a package")]
    [InlineData("""<newsItem guid="g"><contentSet><inlineXML><p>Cut""", "It is damaged XML")]
    [InlineData("""{"uri": "u", "type": "picture", "headline": "H", "pubstatus": "usable", "description_text": "A quay"}""", "It is a picture")]
    [InlineData("""{"uri": "u", "headline": "H", "body_text": "Cut""", "It is damaged JSON")]
    [InlineData("\u0001dpa1 4 pl 10 dpa 12\r\nKey\r\n\u0002\r\n\u0003\u0004", "It holds no text")]
    [InlineData("""{"data": {"item": {"uri": "u", "type": "text", "headline": "H", "versioncreated": "2025-01-02T03:04:05Z", "pubstatus": "usable", "renditions": {"nitf": {"href": "a.xml"}}}}}""", "Its text is elsewhere")]
    [InlineData("ZCZC ABC123\nNNNN", "It holds no text")]
    [InlineData("<NewsML><NewsItem><NewsComponent><NewsComponent><Role FormalName='Title'/><ContentItem><DataContent>T</DataContent></ContentItem></NewsComponent><NewsComponent><Role FormalName='Body'/><ContentItem><DataContent/></ContentItem></NewsComponent></NewsComponent></NewsItem></NewsML>", "It holds no text")]
    public void What_has_no_text_is_refused_by_name(string file, string fault)
    {
        var refused = Assert.Single(Read(Encoding.UTF8.GetBytes(file))).Refused;
        Assert.Equal(RejectionReason.MalformedRecord, refused?.Reason);
        Assert.Contains(fault, refused!.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<nitf><body><body.head><dateline><location><city>Hull</city> <state>Maine</state></location></dateline></body.head><body.content><p>One.</p></body.content></body></nitf>", "Hull, Maine", null)]
    [InlineData("<nitf><body><body.head><dateline><location><city>Hull</city>, Maine</location></dateline></body.head><body.content><p>One.</p></body.content></body></nitf>", "Hull, Maine", null)]
    [InlineData("<NewsML><NewsItem><Identification><NameLabel>quay-closed</NameLabel></Identification><NewsComponent><ContentItem><DataContent>One.</DataContent></ContentItem></NewsComponent></NewsItem></NewsML>", null, "quay-closed")]
    [InlineData("<NewsML><NewsItem><Identification><NameLabel>quay-closed</NameLabel></Identification><NewsComponent><NewsLines><SlugLine>QUAY</SlugLine></NewsLines><ContentItem><DataContent>One.</DataContent></ContentItem></NewsComponent></NewsItem></NewsML>", null, "QUAY")]
    public void Places_and_keywords_are_read_where_senders_put_them(string file, string? dateline, string? slugline) =>
        Assert.Equal((dateline, slugline), Assert.Single(Read(Encoding.UTF8.GetBytes(file))).Metadata is var m ? (m.Dateline, m.Slugline) : default);

    [Theory]
    [InlineData("""{"uri": "u", "headline": "H\u00e9", "versioncreated": "2025-01-02T03:04:05Z", "body_text": "One \u00e9."}""")]
    [InlineData("<nitf><body><body.content><p>One \u00e9.</p></body.content></body></nitf>")]
    public void A_wire_in_UTF_16_is_the_same(string file)
    {
        var read = Assert.Single(Read(Encoding.UTF8.GetBytes(file)));
        foreach (var encoding in (Encoding[])[Encoding.Unicode, Encoding.BigEndianUnicode])
            Assert.Equal((Text(read), read.Metadata), Assert.Single(Read([.. encoding.Preamble, .. encoding.GetBytes(file)])) is var other ? (Text(other), other.Metadata) : default);
    }

    [Fact]
    public void What_stands_before_damage_is_read()
    {
        const string Item = "<newsItem guid='g1'><contentSet><inlineData>One.</inlineData></contentSet></newsItem>";
        var articles = Read(Encoding.UTF8.GetBytes($"<newsMessage><itemSet>{Item}<newsItem guid='g2'><contentSet></p>"));
        Assert.Equal(["g1", ""], articles.Select(a => a.Id));
        Assert.NotNull(articles[1].Refused);
    }

    [Theory]
    [InlineData("{\"text\": \"One.\", \"uri\": \"u\", \"headline\": \"H\", \"byline\": \"B\"}")]
    [InlineData("{\"title\": \"T\", \"items\": [{\"uri\": \"u\", \"headline\": \"H\", \"body_text\": \"B\"}]}")]
    [InlineData("{\"uri\": \"nyt://a\", \"headline\": {\"main\": \"H\"}, \"byline\": {\"original\": \"B\"}, \"snippet\": \"S\"}")]
    [InlineData("<html><body><p>A page about <nitf>.</p></body></html>")]
    [InlineData("<rss version='2.0'><channel/></rss>")]
    [InlineData("<rss version='2.0'><channel><item><nitf/></item></channel></rss>")]
    [InlineData("{\"data\": {\"items\": [{\"uri\": \"u\", \"headline\": \"H\", \"body_text\": \"B\"}]}}")]
    [InlineData("<newsitem itemid='1'><text><p>An old corpus.</p></text></newsitem>")]
    [InlineData("BC-Harbour, 1st Ld\n\nHULL (AP) _ A text.")]
    [InlineData("ZCZCS is how the roll begins.")]
    [InlineData("\u0001\u0002\u0003")]
    [InlineData("<!--")]
    [InlineData("")]
    public void Other_forms_are_not_taken_for_wires(string file)
    {
        var start = new InputStart(Encoding.UTF8.GetBytes(file), "");
        Func<InputStart, bool>[] wires =
            [Ninjs.Recognises, NewsMLG2.Recognises, NewsML12.Recognises, Nitf.Recognises, Iptc7901.Recognises, Anpa1312.Recognises, Telex.Recognises];
        Assert.All(wires, recognises => Assert.False(recognises(start)));
    }

    [Fact]
    public void A_text_over_the_limit_is_an_article_without_content()
    {
        var file = Encoding.UTF8.GetBytes($$"""{"uri": "u", "headline": "H", "body_text": "{{new string('a', 200)}}"}""");
        var article = Assert.Single(Read(file, new InputLimits(MaxArticle: 100)));
        Assert.Equal((100, 0), (article.OverLimit, article.Content.Length));
        Assert.Equal(("", 100), Assert.Single(Read(file, new InputLimits(MaxArticle: 100, MaxFile: 100))) is var whole ? (whole.Id, whole.OverLimit) : default);
    }

    public static TheoryData<string, string> Baits()
    {
        string Inside(string text) => $"<nitf><body><body.content><p>One.</p>{text}</body.content></body></nitf>";
        string Many(string text, int times = 2000) => string.Concat(Enumerable.Repeat(text, times));
        return new TheoryData<string, string>
        {
            { "deep elements", Inside(Many("<div>")) },
            { "deep elements outside items", Many("<newsMessage>") },
            { "deep JSON", """{"uri": "u", "headline": "H", "body_text": """ + Many("[") },
            { "a bomb", "<!DOCTYPE nitf [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]>" + Inside("<p>&c;</p>") },
            { "many short entities", "<!DOCTYPE nitf [<!ENTITY a \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\">]>" + Inside(Many("&a;")) },
        };
    }

    [Theory]
    [MemberData(nameof(Baits))]
    public void A_bait_is_refused_by_name(string bait, string file)
    {
        var articles = Read(Encoding.UTF8.GetBytes(file));
        Assert.True(articles is [{ Refused.Reason: RejectionReason.MalformedRecord, Content.Length: 0 }], bait);
    }

    public static TheoryData<string> Growing() =>
    [
        "<nitf a='_'><body><body.content><p>_</p></body.content></body></nitf>",
        "<nitf><body><body.content><p>One.</p>_</body.content></body></nitf>|<p/>",
        "<nitf><body><body.content><p>One.</p>_</body.content></body></nitf>|<![CDATA[a]]>",
        "<nitf><body><body.content><p>One.</p>_</body.content></body></nitf>|<br/>",
        "<nitf><body><body.content><p>One.</p>_</body.content></body></nitf>|& <!-- a --> &x;",
        "<nitf><head>_</head><body><body.content><p>One.</p></body.content></body></nitf>|<meta name='a' content='b'/>",
        "<NewsML><NewsItem><NewsComponent>_</NewsComponent></NewsItem></NewsML>|<NewsComponent><ContentItem><DataContent>A.</DataContent></ContentItem></NewsComponent>",
        "<newsItem><contentMeta>_</contentMeta><contentSet><inlineData>One.</inlineData></contentSet></newsItem>|<subject/>",
        """{"uri": "u", "headline": "H", "body_text": "One.", "associations": [{}_]}|,{"type": "picture", "description_text": "A"}""",
        "\u0001dpa1 4 pl 10 dpa 12\n\u0002_\n\u0003\u0004|By A Weir\n",
        "\u0001a1234\u001f\nr a\n\u0002_\n\tText\u0003\u0004|^By A Weir=\n",
        "<nitf><body><body.content>_</body.content></body></nitf>|<p>One two<br/>three four</p>",
        "<nitf><body><body.content><p>_</p></body.content></body></nitf>|a    b    c\n",
        "<NewsML><NewsItem><NewsComponent>_</NewsComponent></NewsItem></NewsML>|<NewsComponent><Role FormalName='Lead'/><ContentItem><DataContent>A.</DataContent></ContentItem></NewsComponent>",
        """{"data": {"item": [{"uri": "u", "headline": "H", "body_text": "One."}_]}}|,{"uri": "u", "headline": "H", "body_text": "One."}""",
        "ZCZC A\n_NNNN|A line of text\n",
        "ZCZC A\nOne.\nNNNN\n_|ZCZC A\nOne.\nNNNN\n",
    ];

    /// <summary>Twice the file takes twice the memory: counted in bytes, which do not depend on the machine.</summary>
    [Theory]
    [MemberData(nameof(Growing))]
    public void Work_is_linear(string shape)
    {
        var parts = shape.Split('|');
        long Bytes(int times)
        {
            var file = Encoding.UTF8.GetBytes(parts[0].Replace("_", string.Concat(Enumerable.Repeat(parts.ElementAtOrDefault(1) ?? "a ", times)), StringComparison.Ordinal));
            var before = GC.GetAllocatedBytesForCurrentThread();
            Read(file);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Bytes(10);
        Assert.InRange(Bytes(20_000), 0, 3 * Bytes(10_000));
    }

    [Fact]
    public void Further_messages_have_their_own_metadata()
    {
        const string First = "\u0016\u0016\u0001a0001\u001f_1\r\nu a\u0013\u0011 BC-Quay 03-04 20\r\n\u0002^BC-Quay, 1st Ld,20<\r\n^Quay closes<\r\n^By ANNA WEIR=\r\n\tHULL (AP) _ One.\r\n\tTwo.\r\n\u0003AP-NY-03-04-25 2102EST<\r\n\u0004";
        var articles = Read(Encoding.Latin1.GetBytes(First + First.Replace("a0001", "a0002", StringComparison.Ordinal)));
        Assert.Equal(["a0001", "a0002"], articles.Select(a => a.Id));
        Assert.Equal(("BC-Quay", "1st Ld", "Quay closes", "AP", "HULL", "2025-03-04T21:02:00-05:00", 3), articles[1].Metadata is var m
            ? (m.Slugline, m.Version, m.Headline, m.Agency, m.Dateline, m.Published, m.Urgency) : default);
        Assert.Equal("HULL (AP) _ One.\n\nTwo.", Text(articles[1]));
    }

    static string Text(RawArticle article) => Encoding.UTF8.GetString(article.Content.Span);

    /// <summary>Nothing where no form is recognised.</summary>
    static List<RawArticle> Read(byte[] bytes, InputLimits? limits = null)
    {
        if (InputForms.Of(new InputStart(bytes.AsMemory(0, Math.Min(bytes.Length, InputForm.LookAhead)), "")) is not { } form)
            return [];
        using var content = new MemoryStream(bytes);
        return [.. form.Read(content, Empty, limits ?? Limits)];
    }

    static string FindFolder()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Ingest.sln")))
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException($"No Ingest.sln above {AppContext.BaseDirectory}.");
        return Path.Combine(root, "tests/Ingest.Core.Tests/Samples/forms/wires");
    }
}
