using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>faults.md, row 15: 17 MiB body, 100 MiB JSON, 1 MiB token, 100,000 nested brackets; a named rejection (413 over HTTP), memory bounded.</summary>
public sealed class Row15LargeInputTests : IDisposable
{
    /// <summary>What the process may hold at most, in bytes: the limit of a body and its few copies, and what .NET takes for itself.</summary>
    const long Most = 600L << 20;

    readonly Workplace at = new();
    readonly Serving server;

    public Row15LargeInputTests() => server = Serving.Start(at);

    public void Dispose()
    {
        server.Dispose();
        at.Dispose();
    }

    [Fact]
    public async Task Bodies_over_the_limit_are_refused_with_413_and_memory_stays_bounded()
    {
        var large = new byte[17 << 20];
        Array.Fill(large, (byte)'x');
        Assert.Equal((413, "too-large"), Named(await server.Post("/v1/articles", "text/plain", large)));
        Assert.Equal((413, "too-large"), Named(await server.Post("/v1/articles", "application/json", large)));

        // Without a length, piece by piece.
        foreach (var type in (string[])["application/json", "text/plain"])
        {
            using var content = new Streamed(type, 100 << 20, "{\"text\":\""u8.ToArray());
            Assert.Equal((413, "too-large"), Named(await server.Send(HttpMethod.Post, "/v1/articles", content)));
        }

        // Packed a thousandfold, as an article and as a line.
        using var packed = new MemoryStream();
        await using (var packing = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            for (var i = 0; i < 20; i++)
                await packing.WriteAsync(large);
        foreach (var (path, type) in ((string, string)[])[("/v1/articles", "text/plain"), ("/v1/articles:batch", "application/x-ndjson")])
        {
            using var bomb = new ByteArrayContent(packed.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue(type), ContentEncoding = { "gzip" } } };
            Assert.Contains("\"status\":413", (await server.Send(HttpMethod.Post, path, bomb)).Body, StringComparison.Ordinal);
        }

        // As one line of a batch, between two that are accepted.
        using var batch = new Streamed("application/x-ndjson", 100 << 20, Encoding.UTF8.GetBytes(Workplace.Record("before", "Bree")), Encoding.UTF8.GetBytes("\n" + Workplace.Record("after", "Cove")));
        var answer = await server.Send(HttpMethod.Post, "/v1/articles:batch", batch);
        Assert.Equal(200, answer.Status);
        var lines = answer.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!).ToList();
        Assert.Equal([202, 413, 202], lines.Select(l => (int)l["status"]!));
        Assert.Equal("/problems/too-large", (string)lines[1]["problem"]!["type"]!);

        // 16 MiB are read, and then found to be more than an article may have: nothing is accepted.
        Assert.Equal((413, "too-large"), Named(await server.Post("/v1/articles", "application/json", Workplace.RecordOf("16", new string('x', (16 << 20) - 100)))));
        Assert.InRange(MostMemory(), 1, Most);
    }

    [Fact]
    public async Task Large_tokens_and_deep_nesting_are_refused_or_handled()
    {
        var token = new string('w', 1 << 20);
        Assert.Equal("decided", (string)(await server.Decided("token", token))["stage"]!);
        foreach (var field in (string[])["id", "feed"])
            Assert.Equal((400, "malformed-record"), Named(await server.Post("/v1/articles", "application/json", With(field).ToJsonString())));
        foreach (var field in (string[])["url", "headline", "agency", "publisher", "dateline", "language", "bylines"])
            Assert.Equal((413, "too-large"), Named(await server.Post("/v1/articles", "application/json", With(field).ToJsonString())));
        // What is no date, and what nobody knows, is left out.
        foreach (var field in (string[])["published", "received", token])
            Assert.Equal("decided", (string)(await server.Decided(With(field)))["stage"]!);
        Assert.Equal((400, "malformed-record"), Named(await server.Post("/v1/articles", "application/json", token)));
        foreach (var nested in (string[])[new string('[', 100_000), new string('[', 100_000) + new string(']', 100_000), $"{{\"text\":{new string('[', 100_000)}", string.Concat(Enumerable.Repeat("{\"text\":", 100_000))])
        {
            Assert.Equal((400, "malformed-record"), Named(await server.Post("/v1/articles", "application/json", nested)));
            var line = Assert.Single(await server.Submit(nested + "\n"));
            Assert.Equal((400, "/problems/malformed-record"), ((int)line["status"]!, (string)line["problem"]!["type"]!));
        }

        Assert.Equal((400, "idempotency-key-too-long"), Named(await server.Article("key", "text", ("Idempotency-Key", new string('k', 300)))));
        Assert.InRange(MostMemory(), 1, Most);
        await server.Events(2);

        JsonObject With(string field) => new() { ["text"] = Workplace.Text(Workplace.Paragraphs(15_002)), [field] = token };
    }

    [Fact]
    public async Task A_feed_of_large_articles_is_read_in_bounded_memory()
    {
        // Each nearly as large as an article may be.
        const int Articles = 40;
        for (var i = 0; i < Articles; i++)
        {
            var paragraph = Workplace.Text(Workplace.Paragraphs(15_100 + i, 40));
            await server.Decided($"{i}", string.Concat(Enumerable.Repeat(paragraph, 3_000_000 / paragraph.Length)));
        }

        server.Restart();
        var positions = (await server.Events(Articles)).Select(e => (long)e["position"]!);
        Assert.Equal(Enumerable.Range(1, Articles).Select(p => (long)p), positions);
        Assert.InRange(MostMemory(), 1, Most);
    }

    static (int, string) Named(Answer answer) => (answer.Status, answer.Problem);

    long MostMemory() => long.Parse(File.ReadLines($"/proc/{server.Pid}/status").Single(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;

    /// <summary>Letters without end, sent in chunks, until the server has had enough.</summary>
    sealed class Streamed : HttpContent
    {
        readonly long length;
        readonly byte[] before, after;

        public Streamed(string type, long length, byte[] before, byte[]? after = null)
        {
            (this.length, this.before, this.after) = (length, before, after ?? []);
            Headers.ContentType = new MediaTypeHeaderValue(type);
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(before);
            var piece = new byte[1 << 16];
            Array.Fill(piece, (byte)'x');
            for (var sent = 0L; sent < length; sent += piece.Length)
                await stream.WriteAsync(piece);
            await stream.WriteAsync(after);
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = 0;
            return false;
        }
    }
}
