using Ingest.Core.Inputs;
using System.Globalization;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Ingest.Core.Articles;
using Ingest.Core.Forms;
using Ingest.Core.Forms.Archives;

namespace Ingest.Core.Tests.Forms;

/// <summary>What archives may do to who opens them.</summary>
public class ArchiveTests
{
    const string Page = "<html><body><p>The ferry at Skarsund sails again.</p></body></html>";
    static readonly InputLimits Limits = new(1 << 20);

    [Fact]
    public void Members_are_files_of_their_own_and_their_paths_are_only_names()
    {
        var zip = Zip(("../../etc/a.txt", Bytes("One.")), ("/b/c.jsonl", Bytes("{\"text\":\"Two.\"}\n{\"text\":\"Three.\"}\n")), ("page", Bytes(Page)),
            ("img/i.jpg", [0xff, 0xd8, 0xff, 0xe0]), ("folder/", []), (".hidden.txt", Bytes("No.")), ("__MACOSX/a.txt", Bytes("No.")), ("expected.jsonl", Bytes("{}")));
        Assert.Equal(
            [
                ("f.zip#../../etc/a.txt", ArticleForm.Text), ("f.zip#/b/c.jsonl:1", ArticleForm.Record), ("f.zip#/b/c.jsonl:2", ArticleForm.Record),
                ("f.zip#page", ArticleForm.Html),
            ],
            Read("f.zip", zip).Select(a => (a.Id, a.Form)));
        Assert.Equal(["f.zip#../../etc/a.txt", "f.zip#/b/c.jsonl:1", "f.zip#/b/c.jsonl:2", "f.zip#page"], Read("f.zip", zip).Select(a => a.Name));
        Assert.Equal(["etc", "b", "b", null], Read("f.zip", zip).Select(a => a.Folder));
    }

    [Fact]
    public void An_archive_is_read_the_same_where_nothing_can_be_looked_up_in_it()
    {
        var zip = Zip(("a.txt", Bytes("One.")), ("b.txt", Bytes("Two.")));
        using var stream = new Once(zip);
        Assert.Equal(Read("f.zip", zip).Select(a => a.Id), InputFiles.Read(stream, File("f.zip"), Limits).Select(a => a.Id));
    }

    [Fact]
    public void A_member_that_unpacks_to_very_much_is_refused_and_the_others_are_read()
    {
        var zip = Zip(("a.txt", Bytes("One.")), ("bomb.jsonl", new byte[20 << 20]), ("huge.txt", Blanks(20 << 20)), ("b.txt", Bytes("Two.")));
        var articles = Read("f.zip", zip);
        Assert.Equal(["f.zip#a.txt", "f.zip#bomb.jsonl", "f.zip#huge.txt", "f.zip#b.txt"], articles.Select(a => a.Id));
        Assert.Contains("more than 200 times its size", articles[1].Refused!.Detail, StringComparison.Ordinal);
        // Of a text no more is unpacked than an article may have; it is refused for either.
        Assert.True(articles[2].OverLimit is not null || articles[2].Refused is not null);
        Assert.All([articles[0], articles[3]], a => Assert.True(a.Refused is null && a.Content.Length == 4));
    }

    [Fact]
    public void What_is_unpacked_of_a_file_is_one_sum_however_deep_it_lies()
    {
        var inner = Zip(Enumerable.Range(0, 8).Select(i => ($"{i}.txt", Noise(100_000, i))).ToArray());
        var outer = Zip(("1.zip", inner), ("2.zip", inner));
        var articles = Read("f.zip", outer, Limits with { MaxUnpacked = inner.Length + 450_000 });
        Assert.Equal(4, articles.Count(a => a.Refused is null));
        Assert.All(articles.Where(a => a.Refused is not null), a => Assert.Contains("which is the limit", a.Refused!.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public void A_page_in_gzip_has_the_files_id_and_a_bomb_is_refused_by_it()
    {
        var page = Assert.Single(Read("a.html.gz", Gzip(Bytes(Page))));
        Assert.Equal(("a.html.gz", "a.html.gz", ArticleForm.Html, Page), (page.Id, page.Name, page.Form, Encoding.UTF8.GetString(page.Content.Span)));
        var bomb = Read("a.jsonl.gz", Gzip(new byte[20 << 20]));
        Assert.Contains("more than 200 times", Assert.Single(bomb).Refused!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Members_of_gzip_are_one_behind_another()
    {
        var lines = Read("a.jsonl.gz", [.. Gzip(Bytes("{\"text\":\"One.\"}\n")), .. Gzip(Bytes("{\"text\":\"Two.\"}\n"))]);
        Assert.Equal(["a.jsonl.gz:1", "a.jsonl.gz:2"], lines.Select(a => a.Id));
    }

    [Fact]
    public void A_page_in_Zstandard_has_the_files_id_and_a_bomb_is_refused_by_it()
    {
        var page = Assert.Single(Read("a.html.zst", Zstd(Bytes(Page))));
        Assert.Equal(("a.html.zst", "a.html.zst", ArticleForm.Html, Page), (page.Id, page.Name, page.Form, Encoding.UTF8.GetString(page.Content.Span)));
        Assert.Equal(2, Read("a.jsonl.zst", [.. Zstd(Bytes("{\"text\":\"One.\"}\n")), .. Zstd(Bytes("{\"text\":\"Two.\"}\n"))]).Count);
        Assert.Contains("more than 200 times", Assert.Single(Read("a.jsonl.zst", Zstd(new byte[200 << 20]))).Refused!.Detail, StringComparison.Ordinal);
        Assert.True(InputFiles.IsWanted("a.jsonl.zst"));
    }

    [Fact]
    public void Zstandard_that_is_damaged_or_wants_much_memory_is_a_fault_of_the_file()
    {
        var packed = Zstd(Noise(100_000, 1));
        Assert.ThrowsAny<IOException>(() => Read("a.txt.zst", packed[..^1000]));
        packed[packed.Length / 2] ^= 0x55;
        Assert.Throws<InvalidDataException>(() => Read("a.txt.zst", packed));
        // A window of 2 GiB.
        Assert.Throws<InvalidDataException>(() => Read("a.txt.zst", [.. ZstdReader.Magic, 0x00, 0xa8, 0x01, 0x00, 0x00]));
    }

    [Fact]
    public void Archives_in_archives_are_opened_three_deep()
    {
        var packed = Bytes("One.");
        for (var depth = 1; depth <= 5; depth++)
        {
            packed = Gzip(packed);
            var article = Assert.Single(Read("a.txt" + string.Concat(Enumerable.Repeat(".gz", depth)), packed));
            Assert.Equal(depth <= 3, article.Refused is null);
        }
    }

    [Fact]
    public void A_damaged_member_is_refused_and_the_others_are_read()
    {
        var zip = Zip(("a.txt", Noise(2000, 1)), ("b.txt", Bytes("Two.")));
        for (var at = 60; at < 200; at++)
            zip[at] ^= 0x55;
        var articles = Read("f.zip", zip);
        Assert.Equal([false, true], articles.Select(a => a.Refused is null));
        Assert.Equal("f.zip#a.txt", articles[0].Id);
        Assert.Contains("damaged", Assert.Single(Read("f.zip", zip[..500])).Refused!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_of_an_office_is_no_archive() => Assert.Contains(
        "office document", Assert.Single(Read("f", Zip(("[Content_Types].xml", Bytes("<Types/>")), ("word/document.xml", Bytes("<w/>"))))).Refused!.Detail, StringComparison.Ordinal);

    [Fact]
    public void A_tar_of_any_kind_is_read()
    {
        var name = string.Concat(Enumerable.Repeat("folder/", 20)) + "a.txt";
        foreach (var format in new[] { TarEntryFormat.Ustar, TarEntryFormat.Pax, TarEntryFormat.Gnu, TarEntryFormat.V7 })
        {
            var path = format == TarEntryFormat.V7 ? "a.txt" : name;
            var tar = Tar(format, (path, Bytes("One.")), ("b.html", Bytes(Page)));
            Assert.Equal([$"f.tar#{path}", "f.tar#b.html"], Read("f.tar", tar).Select(a => a.Id));
            Assert.Equal([$"f.tgz#{path}", "f.tgz#b.html"], Read("f.tgz", Gzip(tar)).Select(a => a.Id));
            var cut = Read("f.tar", tar[..^(1024 + 300)]);
            Assert.Contains("cut off", cut[^1].Refused!.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_record_that_lies_of_its_length_is_refused_and_the_next_is_read()
    {
        foreach (var wrong in new[] { -20, 20, 400, 100_000 })
        {
            var warc = Record("1", Page) + Record("2", Page, wrong) + Record("3", Page);
            var articles = Read("f.warc", Bytes(warc));
            Assert.Equal(["f.warc#urn:1", "f.warc#urn:2", "f.warc#urn:3"], articles.Select(a => a.Id));
            Assert.Equal([true, false, true], articles.Select(a => a.Refused is null));
            Assert.Contains("Content-Length", articles[1].Refused!.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Records_that_all_lie_are_looked_at_once()
    {
        const int Count = 3000;
        var bytes = Bytes(string.Concat(Enumerable.Range(0, Count).Select(i => Record($"{i}", Page, 1 << 20))));
        using var stream = new Once(bytes);
        var window = new ByteWindow(stream);
        Assert.Equal(Count, WarcReader.Read(window, File("f.warc"), Limits).Count(a => a.Refused is not null));
        Assert.Equal(bytes.Length, stream.Given);
        Assert.InRange(window.Moved, 0, 4L * bytes.Length);
    }

    [Fact]
    public void A_record_larger_than_an_article_is_refused_for_that()
    {
        var articles = Read("f.warc", Bytes(Record("1", Page + new string(' ', 3 << 20)) + Record("2", Page)));
        Assert.Equal([1L << 20, null], articles.Select(a => a.OverLimit));
    }

    [Fact]
    public void A_page_that_a_server_packed_is_unpacked_within_the_limit()
    {
        var brotli = new MemoryStream();
        using (var packing = new BrotliStream(brotli, CompressionLevel.Fastest, leaveOpen: true))
            packing.Write(Bytes(Page));
        foreach (var (coding, body) in new[] { ("gzip", Gzip(Bytes(Page))), ("br", brotli.ToArray()), ("zstd", Zstd(Bytes(Page))), ("gzip", Bytes(Page)), ("zstd", Bytes(Page)) })
            Assert.Equal(Page, Encoding.UTF8.GetString(Assert.Single(Read("f.warc", Record("1", body, $"Content-Encoding: {coding}\r\n"))).Content.Span));
        Assert.NotNull(Assert.Single(Read("f.warc", Record("1", Gzip(Blanks(8 << 20)), "Content-Encoding: gzip\r\n"))).OverLimit);
        Assert.NotNull(Assert.Single(Read("f.warc", Record("1", Zstd(Blanks(8 << 20)), "Content-Encoding: zstd\r\n"))).OverLimit);
        foreach (var (coding, body) in new[] { ("compress", Bytes(Page)), ("zstd", Zstd(Bytes(Page))[..^9]) })
            Assert.Contains(coding, Assert.Single(Read("f.warc", Record("1", body, $"Content-Encoding: {coding}\r\n"))).Refused!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Chunks_are_joined_also_where_they_were_cut_off()
    {
        var chunks = Bytes($"{20:x}\r\n{Page[..20]}\r\n{Page.Length - 20:x};x=y\r\n{Page[20..]}\r\n0\r\n\r\n");
        foreach (var (body, page) in new[] { (chunks, Page), (chunks[..40], Page[..26]), (Bytes(Page), Page) })
            Assert.Equal(page, Encoding.UTF8.GetString(Assert.Single(Read("f.warc", Record("1", body, "Transfer-Encoding: chunked\r\n"))).Content.Span));
    }

    static List<RawArticle> Read(string name, byte[] bytes, InputLimits? limits = null)
    {
        using var stream = new MemoryStream(bytes);
        return [.. InputFiles.Read(stream, File(name), limits ?? Limits)];
    }

    static RawArticle File(string name) => new(name, ArticleForm.Text, default, ArticleMetadata.None, "file");

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    static byte[] Blanks(int count) => [.. Enumerable.Repeat((byte)' ', count)];

    static byte[] Noise(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (byte)random.Next('a', 'z'))];
    }

    static string Record(string id, string page, int lie = 0) => Encoding.UTF8.GetString(Record(id, Bytes(page), "", lie));

    static byte[] Record(string id, byte[] body, string headers, int lie = 0)
    {
        byte[] content = [.. Bytes($"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{headers}\r\n"), .. body];
        var length = (content.Length + lie).ToString(CultureInfo.InvariantCulture);
        return [.. Bytes($"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:{id}>\r\nContent-Length: {length}\r\n\r\n"), .. content, .. Bytes("\r\n\r\n")];
    }

    static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            packing.Write(bytes);
        return packed.ToArray();
    }

    static byte[] Zstd(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var packing = new ZstdSharp.CompressionStream(packed, leaveOpen: true))
        {
            packing.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
            packing.Write(bytes);
        }

        return packed.ToArray();
    }

    static byte[] Zip(params (string Path, byte[] Bytes)[] members)
    {
        var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (path, bytes) in members)
            {
                using var member = zip.CreateEntry(path).Open();
                member.Write(bytes);
            }

        return packed.ToArray();
    }

    static byte[] Tar(TarEntryFormat format, params (string Path, byte[] Bytes)[] members)
    {
        var packed = new MemoryStream();
        using (var tar = new TarWriter(packed, format, leaveOpen: true))
            foreach (var (path, bytes) in members)
            {
                var type = format == TarEntryFormat.V7 ? TarEntryType.V7RegularFile : TarEntryType.RegularFile;
                TarEntry entry = format switch
                {
                    TarEntryFormat.Ustar => new UstarTarEntry(type, path),
                    TarEntryFormat.Pax => new PaxTarEntry(type, path),
                    TarEntryFormat.Gnu => new GnuTarEntry(type, path),
                    _ => new V7TarEntry(type, path),
                };
                entry.DataStream = new MemoryStream(bytes);
                tar.WriteEntry(entry);
            }

        return packed.ToArray();
    }

    /// <summary>A stream that cannot seek, and counts what it gives.</summary>
    sealed class Once(byte[] bytes) : MemoryStream(bytes)
    {
        public long Given { get; private set; }

        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = base.Read(buffer, offset, count);
            Given += read;
            return read;
        }
    }
}
