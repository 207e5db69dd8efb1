using System.IO.Compression;
using System.Text;
using Ingest.Broker.Tests.Faults;
using Ingest.Contracts.Tests;
using Ingest.EndToEnd.Tests;
using RabbitMQ.Client;

namespace Ingest.Broker.Tests;

/// <summary>Messages that are files: a page, a feed, a wire's item, a mail, a table, an archive.</summary>
[Collection(nameof(ClientsBroker))]
public sealed class FileMessageTests(SharedBroker shared)
{
    const string Feed = "https://www.elsmerecourier.example/harbours/";

    [BrokerTheory]
    [InlineData("accept,normalise,deduplicate,publish")]
    // Where other processes clean and decide, every article goes through the ledger.
    [InlineData("accept", "normalise,deduplicate,publish")]
    public async Task Each_is_read_as_the_file_that_its_content_type_says(params string[] roles)
    {
        await using var desk = await Desk.OpenAsync(shared.Broker);
        foreach (var role in roles)
            desk.Serve("--roles", role);
        string[] ids =
        [
            "desk/page.html", "plain.txt", Feed + "kaldvik-shore-power", Feed + "tide-clock", "tag:reuters.example,2026:newsml_KALDVIK0204", "mail#0210.elsmere@elsmerecourier.example",
            "exchange/2211", "portal/880", "1", "2",
        ];
        foreach (var id in ids)
            desk.Account.Submit(id);
        (byte[], BasicProperties)[] messages =
        [
            (Seed("page.html"), Properties("text/html", ("filename", "desk/page.html"))),
            (Utf8(Workplace.Text(Workplace.Paragraphs(1))), Properties("text/plain; charset=utf-8", ("filename", "plain.txt"))),
            (Seed("feed.xml"), Properties("application/rss+xml")),
            (Seed("newsml-g2.xml"), Properties("application/vnd.iptc.g2.newsitem+xml")),
            (Gzip(Seed("mail.eml")), Properties("message/rfc822", "gzip", ("filename", "mail"))),
            (Seed("table.csv"), Properties("text/csv")),
            (Utf8($"nr;tekst\n1;\"{Workplace.Text(Workplace.Paragraphs(2))}\"\n2;\"{Workplace.Text(Workplace.Paragraphs(3))}\"\n"), Properties("text/csv", ("columns", "text=tekst,id=nr"))),
        ];
        // A message that comes again is no other.
        await desk.PublishAsync(messages);
        await desk.PublishAsync(messages);
        var balance = await desk.SettleAsync();
        Assert.Equal(ids.Order(StringComparer.Ordinal), balance.Log.Select(d => d.Id).Order(StringComparer.Ordinal));
        Assert.All(balance.Log, d => Assert.Null(d.Rejection));
        Assert.Equal(new QueueCounts(0, 0), await shared.Broker.CountAsync(Desk.AcceptErrors, desk.VirtualHost));
    }

    [BrokerTheory]
    [EachConsumer]
    public async Task One_that_cannot_be_read_lies_in_the_error_queue_as_it_came_and_nothing_of_it_is_accepted(string consumer)
    {
        await using var desk = await Desk.OpenAsync(shared.Broker, consumer: consumer);
        desk.Serve();
        var (text, blanks) = (Utf8(Workplace.Text(Workplace.Paragraphs(1))), new byte[12 << 20]);
        Array.Fill(blanks, (byte)' ');
        (byte[] Body, BasicProperties Properties, string Reason)[] broken =
        [
            (Zip(("mill.txt", text))[..^40], Properties("application/zip"), "malformed-record: "),
            (Gzip(Seed("feed.xml"))[..900], Properties("application/gzip"), "malformed-record: "),
            (Gzip(Seed("feed.xml"))[..900], Properties("application/rss+xml", "gzip"), "damaged-encoding: "),
            (Utf8("<rss version=\"2.0\"><channel><title>Desk</title></channel></rss>"), Properties("application/rss+xml"), "malformed-record: "),
            (Utf8("%PDF-1.7\nstream"), Properties("text/html"), "binary: "),
            // Bombs: within a message, and as its encoding. The first has an article too, of which nothing is taken.
            (Zip(("mill.txt", text), ("bomb.txt", blanks)), Properties("application/zip", ("filename", "bomb.zip")), "malformed-record: bomb.zip#bomb.txt: It cannot be read as a ZIP archive: it unpacks to more than 200 times its size"),
            (Gzip(blanks), Properties("text/plain", "gzip"), "too-large: "),
            // More than may be in one message, in files that each may be.
            (Zip([.. Enumerable.Range(1, 5).Select(n => ($"{n}.txt", Letters(n, 3 << 20 | 1 << 19)))]), Properties("application/zip"), "malformed-record: 5.txt: It cannot be read as a ZIP archive: all that is packed in the file has more than 16777216 bytes"),
        ];
        await desk.PublishAsync(broken.Select(b => (b.Body, b.Properties)));
        await desk.PublishAsync(desk.Records("after", 1));
        await desk.WaitForAsync(Desk.AcceptErrors, c => c.Ready == broken.Length);
        Assert.Equal("after-1", Assert.Single((await desk.SettleAsync()).Log).Id);
        Assert.Equal(0, desk.Account.CountUnfinished());

        var errors = (await shared.Broker.PeekAsync(Desk.AcceptErrors, desk.VirtualHost)).ToDictionary(e => e.Properties.MessageId!);
        foreach (var (body, properties, reason) in broken)
        {
            var error = errors[properties.MessageId!];
            Assert.Equal(body, error.Body);
            // So that it can be sent again as it was.
            Assert.Equal((properties.ContentType, properties.ContentEncoding), (error.Properties.ContentType, error.Properties.ContentEncoding));
            Assert.All(properties.Headers!.Where(h => h.Value is string), h => Assert.Equal(Utf8((string)h.Value!), error.Properties.Headers![h.Key]));
            Assert.StartsWith(reason, Encoding.UTF8.GetString((byte[])error.Properties.Headers!["MT-Fault-Message"]!), StringComparison.Ordinal);
        }
    }

    static byte[] Seed(string name) => File.ReadAllBytes(Repository.PathTo("seeds", "forms", name));

    static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    static BasicProperties Properties(string contentType, params (string Name, string Value)[] headers) => new()
    {
        ContentType = contentType, MessageId = Guid.NewGuid().ToString(), Headers = headers.ToDictionary(h => h.Name, h => (object?)h.Value, StringComparer.Ordinal),
    };

    static BasicProperties Properties(string contentType, string contentEncoding, params (string Name, string Value)[] headers)
    {
        var properties = Properties(contentType, headers);
        properties.ContentEncoding = contentEncoding;
        return properties;
    }

    static byte[] Letters(int seed, int count)
    {
        var letters = new byte[count];
        new Random(seed).GetItems("abc "u8, letters);
        return letters;
    }

    static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Optimal))
            packing.Write(bytes);
        return packed.ToArray();
    }

    static byte[] Zip(params (string Path, byte[] Bytes)[] members)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (path, bytes) in members)
            {
                using var member = zip.CreateEntry(path).Open();
                member.Write(bytes);
            }

        return packed.ToArray();
    }
}
