using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;
using Ingest.Service.Http;
using Ingest.Service.Operations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Ingest.Service.Tests.Http;

/// <summary>Bodies as they were meant: unpacked, in UTF-8, within limits of bytes and of patience.</summary>
public sealed class RequestBodyTests : IDisposable
{
    const string Text = "Мост через реку открыт — «Größe» 橋 다리";

    static readonly PipeOptions unbounded = new(pauseWriterThreshold: 0);
    static readonly Fault TooLarge = Faults.TooLarge(1000);

    /// <summary>A million bytes for receiving, half as many for unpacking.</summary>
    readonly MemoryBudget memory = new(new MemorySettings { BudgetBytes = 8_000_000 });
    readonly FakeLifetime lifetime = new();
    readonly FakeTime time = new();
    readonly Closing closing;

    public RequestBodyTests() => closing = new Closing(lifetime);

    public void Dispose()
    {
        closing.Dispose();
        lifetime.Dispose();
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("X-GZip")]
    [InlineData("deflate")]
    [InlineData("deflate, without zlib's head")]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("identity")]
    [InlineData(", identity,")]
    [InlineData("")]
    public async Task A_packed_body_is_unpacked(string coding)
    {
        // Piece by piece too, as it comes over a network.
        foreach (var piece in (int[])[1, 1 << 20])
            Assert.Equal(Text, Encoding.UTF8.GetString(await Read(coding.Split(", with")[0], "", Packed(coding, Encoding.UTF8.GetBytes(Text)), piece)));
    }

    [Theory]
    [InlineData("compress")]
    [InlineData("gzip, gzip")]
    [InlineData("gzip, zstd")]
    [InlineData("nonsense")]
    public async Task Another_encoding_is_named_with_those_that_are_taken(string coding)
    {
        var refused = await Assert.ThrowsAsync<BodyException>(() => Read(coding, "", [1, 2, 3], 1));
        Assert.Equal(("415 unsupported-encoding", "gzip, deflate, br, zstd"), (Word(refused), refused.Fault.AcceptEncoding));
        foreach (var taken in refused.Fault.AcceptEncoding!.Split(", "))
            Assert.Equal(Text, Encoding.UTF8.GetString(await Read(taken, "", Packed(taken, Encoding.UTF8.GetBytes(Text)), 1)));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("deflate, without zlib's head")]
    [InlineData("br")]
    [InlineData("zstd")]
    public async Task Damaged_packed_bytes_are_named(string coding)
    {
        var packed = Packed(coding, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 100).Select(i => $"{i * 7919 % 1000} words "))));
        coding = coding.Split(", with")[0];
        Assert.Equal("400 damaged-encoding", await Refused(coding, "", packed[..(packed.Length / 2)]));
        Assert.Equal("400 damaged-encoding", await Refused(coding, "", Encoding.UTF8.GetBytes("\u00ffplain text that was never packed at all")));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("")]
    public async Task The_limit_is_of_unpacked_bytes(string coding)
    {
        Assert.Equal("413 too-large", await Refused(coding, "", Packed(coding, new byte[10 << 20])));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("zstd")]
    public async Task What_unpacks_to_very_many_times_its_size_is_refused_long_before_the_limit(string coding)
    {
        var packed = Packed(coding, new byte[64 << 20]);
        var given = new ArrayBufferWriter<byte>();
        var refused = await Assert.ThrowsAsync<BodyException>(() => Read(coding, "", packed, 1 << 10, most: 1 << 30, given));
        Assert.Equal("413 too-large", Word(refused));
        Assert.Contains("more than 200 times its size", refused.Fault.Problem.Detail, StringComparison.Ordinal);
        Assert.InRange(given.WrittenCount, 0, (1 << 20) + (200 * packed.Length));
        // A short text of one line repeated is none.
        Assert.Equal(1 << 20, (await Read(coding, "", Packed(coding, new byte[1 << 20]), 1 << 10, most: 1 << 30)).Length);
    }

    [Fact]
    public async Task A_window_larger_than_HTTP_allows_is_refused_before_it_is_taken()
    {
        var before = GC.GetTotalAllocatedBytes();
        // A frame with a window of 128 MiB, and one raw block of one byte.
        Assert.Equal("400 damaged-encoding", await Refused("zstd", "", [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x88, 0x09, 0x00, 0x00, 0x41]));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 32 << 20);
        Assert.Equal("A", Encoding.UTF8.GetString(await Read("zstd", "", [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x68, 0x09, 0x00, 0x00, 0x41], 1)));
    }

    [Theory]
    [InlineData("windows-1251", "Мост через реку")]
    [InlineData("KOI8-R", "Мост через реку")]
    [InlineData("\"iso-8859-5\"", "Мост через реку")]
    [InlineData("iso-8859-2", "Žluťoučký kůň")]
    [InlineData("iso-8859-1", "„Größe“ – 5 €")]
    [InlineData("us-ascii", "plain")]
    [InlineData("Shift_JIS", "橋が開通した")]
    [InlineData("EUC-JP", "橋が開通した")]
    [InlineData("iso-2022-jp", "橋が開通した")]
    [InlineData("GB18030", "大桥通车 €")]
    [InlineData("big5", "大橋通車")]
    [InlineData("euc-kr", "다리가 열렸다")]
    [InlineData("utf-16", Text)]
    [InlineData("utf-16le", Text)]
    [InlineData("utf-16be", Text)]
    [InlineData("utf-8", Text)]
    public async Task A_declared_charset_counts(string charset, string text)
    {
        var name = charset.Trim('"');
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name == "iso-8859-1" ? "windows-1252" : name) ?? Encoding.GetEncoding(name);
        var long3 = string.Join('\n', Enumerable.Repeat(text, 20));
        Assert.Equal(text, Encoding.UTF8.GetString(await Read("", charset, encoding.GetBytes(text), 1)));
        Assert.Equal(long3, Encoding.UTF8.GetString(await Read("gzip", charset, Packed("gzip", encoding.GetBytes(long3)), 5, 100_000)));
    }

    [Fact]
    public async Task A_mark_of_the_byte_order_counts_more_than_the_charset()
    {
        foreach (var encoding in (Encoding[])[Encoding.Unicode, Encoding.BigEndianUnicode])
            Assert.Equal("\ufeff" + Text, Encoding.UTF8.GetString(await Read("", "utf-16", [.. encoding.Preamble, .. encoding.GetBytes(Text)], 1)));
        Assert.Equal("\ufeff" + Text, Encoding.UTF8.GetString(await Read("", "windows-1251", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Text)], 1)));
    }

    [Theory]
    [InlineData("utf-7")]
    [InlineData("nonsense")]
    [InlineData("windows-9999")]
    public async Task An_unknown_charset_is_named(string charset) => Assert.Equal("415 unsupported-charset", await Refused("", charset, [1, 2, 3]));

    [Fact]
    public async Task Who_sends_too_slowly_is_given_up_however_much_came_at_first()
    {
        var pipe = new Pipe(unbounded);
        using var body = await Open(pipe.Reader, "", "", 1 << 20);
        await pipe.Writer.WriteAsync(new byte[100_000]);
        Consume(body, await body.Read(begun: true, default));
        for (var i = 0; i < 100; i++)
        {
            var read = body.Read(begun: true, default).AsTask();
            time.Advance(TimeSpan.FromSeconds(1));
            await pipe.Writer.WriteAsync(new byte[1]);
            if (await Record.ExceptionAsync(() => read.WaitAsync(TimeSpan.FromMinutes(1))) is { } fault)
            {
                Assert.Equal("408 too-slow", Word(Assert.IsType<BodyException>(fault)));
                // The first window had the bytes that came at once.
                Assert.InRange(i, 9, 22);
                return;
            }

            Consume(body, await read);
        }

        Assert.Fail("A byte a second is enough.");
    }

    [Fact]
    public async Task Who_sends_steadily_is_read_for_as_long_as_it_takes()
    {
        var pipe = new Pipe(unbounded);
        using var body = await Open(pipe.Reader, "", "", 1 << 20);
        for (var i = 0; i < 100; i++)
        {
            var read = body.Read(begun: true, default).AsTask();
            time.Advance(TimeSpan.FromSeconds(1));
            await pipe.Writer.WriteAsync(new byte[RequestBody.LeastBytesPerWindow / 5]);
            Consume(body, await read.WaitAsync(TimeSpan.FromMinutes(1)));
        }
    }

    [Fact]
    public async Task Between_lines_there_may_be_silence_for_minutes_and_not_for_ever()
    {
        var pipe = new Pipe(unbounded);
        using var body = await Open(pipe.Reader, "", "", 1 << 20);
        var read = body.Read(begun: false, default).AsTask();
        time.Advance(RequestBody.Silence - TimeSpan.FromSeconds(1));
        await pipe.Writer.WriteAsync(new byte[1]);
        Consume(body, await read.WaitAsync(TimeSpan.FromMinutes(1)));
        read = body.Read(begun: false, default).AsTask();
        time.Advance(RequestBody.Silence);
        Assert.Equal("408 too-slow", Word(await Assert.ThrowsAsync<BodyException>(() => read.WaitAsync(TimeSpan.FromMinutes(1)))));
    }

    [Fact]
    public async Task A_body_that_is_not_complete_does_not_keep_the_service_from_stopping()
    {
        var pipe = new Pipe(unbounded);
        using var body = await Open(pipe.Reader, "", "", 1 << 20);
        await pipe.Writer.WriteAsync(new byte[5]);
        Consume(body, await body.Read(begun: true, default));
        var read = body.Read(begun: true, default).AsTask();
        lifetime.StopApplication();
        Assert.Equal("503 stopping", Word(await Assert.ThrowsAsync<BodyException>(() => read.WaitAsync(TimeSpan.FromMinutes(1)))));
    }

    [Fact]
    public async Task What_is_not_complete_holds_a_share_of_the_memory_and_is_refused_where_there_is_none()
    {
        const int Most = 1 << 20;
        var (pipe, other) = (new Pipe(unbounded), new Pipe(unbounded));
        var first = await Open(pipe.Reader, "", "", Most);
        await pipe.Writer.WriteAsync(new byte[900_000]);
        var read = await first.Read(begun: true, default);
        first.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        using var second = await Open(other.Reader, "", "", Most);
        await other.Writer.WriteAsync(new byte[300_000]);
        Assert.Equal("503 busy", Word(await Assert.ThrowsAsync<BodyException>(() => second.Read(begun: true, default).AsTask())));
        // A small one needs none.
        var small = new Pipe(unbounded);
        using var third = await Open(small.Reader, "", "", Most);
        await small.Writer.WriteAsync(new byte[3000]);
        Consume(third, await third.Read(begun: true, default));
        // What is kept of it counts until it is let go.
        third.Keep(3000);
        first.Dispose();
        var last = new Pipe(unbounded);
        using var fourth = await Open(last.Reader, "", "", Most);
        await last.Writer.WriteAsync(new byte[300_000]);
        Consume(fourth, await fourth.Read(begun: true, default));
    }

    [Fact]
    public async Task Who_holds_much_memory_must_go_on_fast()
    {
        var pipe = new Pipe(unbounded);
        using var body = await Open(pipe.Reader, "", "", 1 << 20);
        await pipe.Writer.WriteAsync(new byte[900_000]);
        var begun = await body.Read(begun: true, default);
        body.AdvanceTo(begun.Buffer.Start, begun.Buffer.End);
        for (var i = 0; i < 100; i++)
        {
            var read = body.Read(begun: true, default).AsTask();
            time.Advance(TimeSpan.FromSeconds(1));
            // Enough for a body that has only begun.
            await pipe.Writer.WriteAsync(new byte[RequestBody.LeastBytesPerWindow / 5]);
            if (await Record.ExceptionAsync(() => read.WaitAsync(TimeSpan.FromMinutes(1))) is { } fault)
            {
                Assert.Equal("408 too-slow", Word(Assert.IsType<BodyException>(fault)));
                Assert.InRange(i, 9, 22);
                return;
            }

            body.AdvanceTo((await read).Buffer.Start, (await read).Buffer.End);
        }

        Assert.Fail("It may hold the memory for hours.");
    }

    /// <summary>The head of a stream with a window of 16 MiB, and of a block as long: its unpacker takes all of that at once.</summary>
    static readonly byte[] LargeWindow = [0x0f, 0xfc, 0xff, 0xff, 0x03, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    [Fact]
    public async Task The_window_of_a_packed_body_that_may_come_slowly_is_a_share_of_the_memory()
    {
        var (first, second, small) = (new Pipe(unbounded), new Pipe(unbounded), new Pipe(unbounded));
        await first.Writer.WriteAsync(LargeWindow);
        var one = await Open(first.Reader, "br", "", 1 << 20);
        await second.Writer.WriteAsync(LargeWindow);
        Assert.Equal("503 busy", Word(await Assert.ThrowsAsync<BodyException>(() => Open(second.Reader, "br", "", 1 << 20).AsTask())));
        // A small one has come before it is unpacked, and needs none for long.
        var packed = Packed("br", Encoding.UTF8.GetBytes(Text));
        await small.Writer.WriteAsync(packed);
        await small.Writer.CompleteAsync();
        using (var other = await Open(small.Reader, "br", "", 1 << 20, packed.Length))
            Assert.Equal(Text, Encoding.UTF8.GetString((await other.Read(begun: true, default)).Buffer.ToArray()));
        one.Dispose();
        using var again = await Open(second.Reader, "br", "", 1 << 20);
    }

    static void Consume(RequestBody body, ReadResult read) => body.AdvanceTo(read.Buffer.End, read.Buffer.End);

    async ValueTask<RequestBody> Open(PipeReader reader, string coding, string charset, long most, long? length = null)
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IRequestBodyPipeFeature>(new Reading(reader));
        context.Request.ContentLength = length;
        if (coding.Length > 0)
            context.Request.Headers.ContentEncoding = coding;
        return await RequestBody.Open(context, charset, most, TooLarge, memory, closing, time, whole: length is not null);
    }

    async Task<byte[]> Read(string coding, string charset, byte[] sent, int piece, long most = 1000, ArrayBufferWriter<byte>? given = null)
    {
        var pipe = new Pipe(unbounded);
        var sending = Task.Run(async () =>
        {
            for (var at = 0; at < sent.Length; at += piece)
                await pipe.Writer.WriteAsync(sent.AsMemory(at, Math.Min(piece, sent.Length - at)));
            await pipe.Writer.CompleteAsync();
        });
        using var body = await Open(pipe.Reader, coding, charset, most);
        var all = given ?? new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await body.Read(begun: true, default);
            foreach (var part in read.Buffer)
                all.Write(part.Span);
            Consume(body, read);
            if (read.IsCompleted)
                break;
        }

        await sending;
        return all.WrittenSpan.ToArray();
    }

    async Task<string> Refused(string coding, string charset, byte[] sent) =>
        Word(await Assert.ThrowsAsync<BodyException>(() => Read(coding, charset, sent, 1 << 20)));

    static string Word(BodyException refused) => $"{refused.Fault.Status} {refused.Fault.Problem.Type["/problems/".Length..]}";

    static byte[] Packed(string coding, byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (Stream packing = coding.ToLowerInvariant() switch
        {
            "gzip" or "x-gzip" => new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true),
            "deflate" => new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true),
            "br" => new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "zstd" => new ZstdSharp.CompressionStream(packed, leaveOpen: true),
            var bare when bare.StartsWith("deflate", StringComparison.Ordinal) => new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            _ => Stream.Null,
        })
        {
            if (packing == Stream.Null)
                return bytes;
            packing.Write(bytes);
        }

        return packed.ToArray();
    }

    sealed class Reading(PipeReader reader) : IRequestBodyPipeFeature
    {
        public PipeReader Reader => reader;
    }
}
