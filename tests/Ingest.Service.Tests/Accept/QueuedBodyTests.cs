using System.IO.Compression;
using System.Text;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Reading;
using Ingest.Service.Accept;
using Ingest.Service.Broker;
using Ingest.Service.Http;
using Ingest.Service.Operations;

namespace Ingest.Service.Tests.Accept;

/// <summary>From a message of the queue, with what its properties say, to submissions.</summary>
public sealed class QueuedBodyTests : IDisposable
{
    const string Page = "<html><head><meta charset='utf-8'><title>Мельница открыта</title></head><body><p>Старая мельница у моста снова открылась в понедельник.</p></body></html>";
    const string Table = "kop,tekst\nMill reopens,The old mill opened again on Monday.\nGate opens,The gate opened again on Tuesday.\n";
    const string Feed = """<rss version="2.0"><channel><title>Desk</title>{0}</channel></rss>""";
    const string Item = "<item><guid>mill-{0}</guid><title>Mill {0} reopens</title><description>The old mill {0} opened again on Monday.</description></item>";

    static readonly Guid Message = new("0d3c7a52-9a1e-4c0b-8a77-3c2f5b1e9d40");

    readonly MemoryBudget memory = new(new MemorySettings());
    readonly Closing closing = new(new FakeLifetime());

    public QueuedBodyTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public void Dispose() => closing.Dispose();

    [Theory]
    [InlineData("text/html", "mill.html", Page, "mill.html")]
    [InlineData("TEXT/HTML; charset=UTF-8", "mill.html", Page, "mill.html")]
    [InlineData("text/plain", "mill.txt", "Mill reopens\n\nThe old mill opened again on Monday.", "mill.txt")]
    [InlineData("application/x-ndjson", null, "{\"id\":\"a\",\"text\":\"Mill one.\"}\n{\"id\":\"b\",\"text\":\"Mill two.\"}\n", "a b")]
    [InlineData("application/feed+json", null, """{"version":"https://jsonfeed.org/version/1.1","title":"Desk","items":[{"id":"7","content_text":"Mill one."}]}""", "7")]
    [InlineData("application/json", "f", """{"version":"https://jsonfeed.org/version/1.1","title":"Desk","items":[{"id":"7","content_text":"Mill one."}]}""", "f#7")]
    // Messages of our own, whatever a library calls them.
    [InlineData("application/json", "f", """[{"id":"a","text":"Mill one."},{"id":"b","text":"Mill two."}]""", "a b")]
    [InlineData("text/plain", "f", """ {"id":"a","text":"Mill one."}""", "a")]
    [InlineData("text/plain", "f", """[ {"id":"a","text":"Mill one."}]""", "a")]
    [InlineData("application/octet-stream", "f", """{"id":"a","text":"Mill one."}""", "a")]
    [InlineData(null, null, """{"articles":[{"id":"a","text":"Mill one."}]}""", "a")]
    public async Task A_message_is_the_file_that_its_content_type_says(string? contentType, string? name, string body, string ids)
    {
        var submissions = await Read(new(Utf8(body), contentType, FileName: name));
        Assert.Equal(ids, string.Join(' ', submissions.Select(s => s.Id)));
        Assert.All(submissions, s => Assert.Equal("queue", s.Raw.Sender));
    }

    [Fact]
    public async Task A_text_that_begins_with_a_bracket_is_a_text()
    {
        const string Text = "[Desk] Mill reopens\n\nThe old mill opened again on Monday.";
        Assert.Equal(Text, Assert.Single(await Read(new(Utf8(Text), "text/plain"))).Read.Text);
    }

    [Theory]
    [InlineData("text/html; charset=windows-1251", null)]
    [InlineData("text/html; charset=\"windows-1251\"", "binary")]
    // Where some libraries put it.
    [InlineData("text/html", "windows-1251")]
    public async Task A_charset_that_is_stated_counts_more_than_what_the_page_declares(string contentType, string? coding)
    {
        var page = Assert.Single(await Read(new(CodePagesEncodingProvider.Instance.GetEncoding(1251)!.GetBytes(Page), contentType, coding)));
        Assert.Contains("Старая мельница", page.Read.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_of_a_table_are_what_the_header_says()
    {
        Assert.Equal(["Mill reopens", "Gate opens"], (await Read(new(Utf8(Table), "text/csv", Columns: "text=tekst,headline=kop"))).Select(s => s.Read.Metadata.Headline));
        Assert.StartsWith("invalid-parameter: columns is 'text=texst'; ", await Reason(new(Utf8(Table), "text/csv", Columns: "text=texst")), StringComparison.Ordinal);
        Assert.StartsWith("invalid-parameter: columns is 'text': ", await Reason(new(Utf8(Table), "text/csv", Columns: "text")), StringComparison.Ordinal);
        Assert.StartsWith("invalid-parameter: The header filename ", await Reason(new(Utf8(Table), "text/csv", FileName: new string('n', 1025))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task What_is_packed_is_unpacked_records_too(string coding)
    {
        Assert.Single(await Read(new(Packed(coding, Utf8(Page)), "text/html", coding)));
        Assert.Equal("a", Assert.Single(await Read(new(Packed(coding, Utf8("""{"id":"a","text":"Mill one."}""")), "application/json", coding))).Id);
        Assert.StartsWith("damaged-encoding: ", await Reason(new(Packed(coding, Utf8(Page)).AsMemory(0, 60), "text/html", coding)), StringComparison.Ordinal);
        Assert.StartsWith("too-large: ", await Reason(new(Packed(coding, new byte[8 << 20]), "text/plain", coding)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_read_has_the_name_that_it_has_over_HTTP()
    {
        Assert.StartsWith("unsupported-encoding: Content-Encoding is 'lzma'", await Reason(new(Utf8(Page), "text/html", "lzma")), StringComparison.Ordinal);
        Assert.StartsWith("unsupported-charset: ", await Reason(new(Utf8(Page), "text/html; charset=klingon")), StringComparison.Ordinal);
        Assert.StartsWith("empty: ", await Reason(new(Utf8(" \n"), "text/plain")), StringComparison.Ordinal);
        Assert.StartsWith("too-large: ", await Reason(new(new byte[(16 << 20) + 1], "text/plain")), StringComparison.Ordinal);
        Assert.StartsWith("malformed-record: ", await Reason(new(Utf8(string.Format(null, Feed, "")), "application/rss+xml")), StringComparison.Ordinal);
        // One of two entries: the whole file is refused, and it is said which.
        Assert.StartsWith("malformed-record: day:2: ", await Reason(new(Utf8("{\"text\":\"Mill one.\"}\n{\"text\":7}\n"), "application/x-ndjson", FileName: "day")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_comes_again_is_the_same_articles_and_gives_back_its_memory()
    {
        // Two alike without an id are two articles, as they have places of their own.
        var table = Utf8("title,text\nMill,The mill opened.\nMill,The mill opened.\n");
        var once = (await Read(new(table, "text/csv", Id: Message))).Select(s => s.ArticleId).ToList();
        Assert.Equal(2, once.Distinct().Count());
        Assert.Equal(once, (await Read(new(table, "text/csv", Id: Message))).Select(s => s.ArticleId));
        Assert.DoesNotContain((await Read(new(table, "text/csv", Id: Guid.NewGuid()))).Select(s => s.ArticleId), once.Contains);
        // By their own ids they are the same under any message.
        var feed = Utf8(string.Format(null, Feed, string.Concat(Enumerable.Range(1, 3).Select(i => string.Format(null, Item, i)))));
        var entries = (await Read(new(feed, "application/rss+xml", Id: Message))).Select(s => (s.Id, s.ArticleId)).ToList();
        Assert.Equal(["mill-1", "mill-2", "mill-3"], entries.Select(e => e.Id));
        Assert.Equal(entries, (await Read(new(feed, "text/xml"))).Select(s => (s.Id, s.ArticleId)));
        await Reason(new(Utf8(" "), "text/plain"));
        Assert.NotNull(memory.Accepting.TryTake(memory.Accepting.Most));
    }

    async Task<IReadOnlyList<Submission>> Read(QueuedMessage message)
    {
        var (reader, settings) = (new SubmissionReader(ArticleIds.DefaultCollection, TimeProvider.System), new AcceptSettings());
        var bodies = new ArticleBody(reader, settings, new NormaliserOptions(), memory, closing, TimeProvider.System);
        using var received = await new QueuedBody(bodies, reader, settings, memory).Read(message, default);
        // No more than what is held until it is accepted: others wait for it.
        Assert.InRange(received.Share.Bytes, 0, received.Submissions.Sum(s => s.Raw.Content.Length));
        return received.Submissions;
    }

    async Task<string> Reason(QueuedMessage message) => (await Assert.ThrowsAsync<UnreadableMessageException>(() => Read(message))).Message;

    static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    static byte[] Packed(string coding, byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (Stream packing = coding switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Optimal),
            "deflate" => new ZLibStream(packed, CompressionLevel.Optimal),
            _ => new BrotliStream(packed, CompressionLevel.Optimal),
        })
            packing.Write(bytes);
        return packed.ToArray();
    }
}
