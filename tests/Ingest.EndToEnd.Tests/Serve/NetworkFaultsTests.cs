using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Ingest.Broker.Tests;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>
/// What a network does to a server that listens: pages of other sites, odd bodies, connections without end and clients that do not read.
/// </summary>
public sealed class NetworkFaultsTests : IDisposable
{
    const string EventStream = "GET /v1/events?after=0 HTTP/1.1\r\nAccept: text/event-stream",
        BatchInChunks = "POST /v1/articles:batch HTTP/1.1\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked";

    readonly Workplace at = new();

    public void Dispose() => at.Dispose();

    [Fact]
    public async Task A_page_of_another_site_neither_submits_nor_reads()
    {
        using var server = Serving.Start(at);
        var text = Workplace.Article("Bree");
        var foreign = await server.Post("/v1/articles", "text/plain", text, ("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site"));
        Assert.Equal((403, "cross-site"), (foreign.Status, foreign.Problem));
        foreach (var path in (string[])["/v1/events?after=0", "/openapi/v1.json", "/nothing"])
        {
            var read = await server.Ask(path, ("Host", "rebound.evil.example"));
            Assert.Equal((421, "wrong-host"), (read.Status, read.Problem));
        }

        Assert.Equal(0, Book.Count(at.PathTo("ingest.db"), "articles"));
        Assert.Equal(200, (await server.Ask("/health/ready", ("Host", "10.1.2.3:8080"))).Status);
        // A page that this service serves itself may do both.
        Assert.Equal(202, (await server.Post("/v1/articles", "text/plain", text, ("Origin", server.Url), ("Sec-Fetch-Site", "same-origin"))).Status);
        Assert.Equal(200, (await server.Ask("/v1/events?after=0", ("Sec-Fetch-Site", "same-origin"))).Status);
    }

    [Fact]
    public void Listening_beyond_the_machine_without_keys_is_warned_about()
    {
        // An address of nobody's: it cannot be listened on, which is said after the warning.
        const string Elsewhere = "http://192.0.2.1:8080";
        Assert.Contains("no API key is set", at.Run("serve", "--url", Elsewhere).Errors, StringComparison.Ordinal);
        at.Environment["Ingest__Security__ApiKeys"] = new string('a', 64);
        Assert.DoesNotContain("no API key is set", at.Run("serve", "--url", Elsewhere).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Packed_bodies_and_declared_charsets_are_the_same_article_as_plain_utf_8()
    {
        using var server = Serving.Start(at);
        const string Text = "Мост через реку открыт после ремонта\n\nГубернатор открыл мост в понедельник утром. Ремонт занял два года.\n";
        var windows = CodePagesEncodingProvider.Instance.GetEncoding(1251)!;
        var record = $"{{\"id\":\"bridge\",\"text\":\"{Text.Replace("\n", "\\n", StringComparison.Ordinal)}\"}}";
        var plain = await server.Post("/v1/articles", "application/json", record);
        foreach (var (type, body) in new (string, byte[])[]
        {
            ("application/json", Encoding.UTF8.GetBytes(record)), ("application/json; charset=windows-1251", windows.GetBytes(record)),
        })
        {
            Assert.Equal(plain.ArticleId, (await server.Post("/v1/articles", type, body)).ArticleId);
            using var packed = new ByteArrayContent(Gzip(body));
            packed.Headers.TryAddWithoutValidation("Content-Type", type);
            packed.Headers.ContentEncoding.Add("gzip");
            Assert.Equal(plain.ArticleId, (await server.Send(HttpMethod.Post, "/v1/articles", packed)).ArticleId);
            using var batch = new ByteArrayContent(Gzip([.. body, .. "\n"u8, .. body]));
            batch.Headers.TryAddWithoutValidation("Content-Type", type.Replace("json", "x-ndjson", StringComparison.Ordinal));
            batch.Headers.ContentEncoding.Add("gzip");
            var lines = Lines(await server.Send(HttpMethod.Post, "/v1/articles:batch", batch));
            Assert.Equal([plain.ArticleId, plain.ArticleId], lines.Select(l => (string)l["article"]!["articleId"]!));
        }

        var text = await server.Post("/v1/articles", "text/plain; charset=windows-1251", windows.GetBytes(Text));
        Assert.Equal("Мост через реку открыт после ремонта", (string)(await server.Settled(text.ArticleId))["outcome"]!["article"]!["headline"]!);
        var unknown = await server.Post("/v1/articles", "text/plain; charset=utf-7", Text);
        Assert.Equal((415, "unsupported-charset"), (unknown.Status, unknown.Problem));

        // What breaks in the middle of a batch keeps the lines before it.
        var whole = Gzip(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 2000).Select(i => Workplace.Record($"{i}", $"B{i * 7919}")))));
        using var broken = new ByteArrayContent(whole[..(whole.Length / 2)]);
        broken.Headers.TryAddWithoutValidation("Content-Type", "application/x-ndjson");
        broken.Headers.ContentEncoding.Add("gzip");
        var answered = Lines(await server.Send(HttpMethod.Post, "/v1/articles:batch", broken));
        Assert.InRange(answered.Count, 100, 1999);
        Assert.All(answered.SkipLast(1), l => Assert.Equal(202, (int)l["status"]!));
        Assert.Equal("/problems/damaged-encoding", (string)answered[^1]["problem"]!["type"]!);
        Assert.Equal(answered.Count, (int)answered[^1]["line"]!);
    }

    [Fact]
    public async Task Idle_connections_never_take_the_files_that_the_ledger_needs()
    {
        const int Files = 320;
        var port = LoopbackPorts.Free();
        var command = $"ulimit -n {Files} && exec '{Workplace.Executable}' serve --url http://127.0.0.1:{port} >out.txt 2>err.txt";
        using var process = at.StartProgram("/bin/sh", false, "-c", command);
        var connections = new List<TcpClient>();
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            await Until(async () => (await http.GetAsync("/health/ready")).IsSuccessStatusCode);
            for (var i = 0; i < Files + 40; i++)
            {
                connections.Add(new TcpClient());
                await connections[^1].ConnectAsync(IPAddress.Loopback, port);
            }

            await Task.Delay(1000);
            Assert.False(process.HasExited, File.ReadAllText(at.PathTo("err.txt")));
            // The connection that was there before is still served, and what it brings is stored.
            Assert.True(await Accepts(http, "Bree"));
            Assert.Contains("Ingest:MaxConnections", await http.GetStringAsync("/health/ready"), StringComparison.Ordinal);
            foreach (var connection in connections)
                connection.Dispose();
            using var later = new HttpClient { BaseAddress = http.BaseAddress };
            await Until(() => Accepts(later, "Cove"));
        }
        finally
        {
            foreach (var connection in connections)
                connection.Dispose();
            Processes.Signal([process.Id], Processes.Terminate);
            if (!process.WaitForExit(TimeSpan.FromSeconds(60)))
                process.Kill();
        }
    }

    [Fact]
    public async Task A_connection_over_the_limit_is_told_so_and_may_ask_for_the_health()
    {
        at.Environment["Ingest__MaxConnections"] = "3";
        using var server = Serving.Start(at);
        var connections = new List<TcpClient>();
        try
        {
            // One is the client's that looked whether it is ready.
            await Open(2);
            using (var over = new HttpClient { BaseAddress = new Uri(server.Url) })
            {
                using var refused = await over.GetAsync("/v1/events");
                Assert.Equal(503, (int)refused.StatusCode);
                Assert.Contains("/problems/too-many-connections", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
                using var health = await over.GetAsync("/health/live");
                Assert.Equal(200, (int)health.StatusCode);
            }

            // Who neither asks for it nor goes is told at once, or closed.
            await Open(8);
            using var reader = new StreamReader(connections[^1].GetStream());
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            var said = await reader.ReadToEndAsync(patience.Token);
            Assert.StartsWith("HTTP/1.1 503 ", said, StringComparison.Ordinal);
            Assert.Contains("/problems/too-many-connections", said, StringComparison.Ordinal);
            using var again = new HttpClient { BaseAddress = new Uri(server.Url) };
            await Until(async () => (await again.GetAsync("/health/live")).IsSuccessStatusCode);
        }
        finally
        {
            connections.ForEach(c => c.Dispose());
        }

        async Task Open(int count)
        {
            for (var i = 0; i < count; i++)
            {
                connections.Add(new TcpClient());
                await connections[^1].ConnectAsync(IPAddress.Loopback, new Uri(server.Url).Port);
            }
        }
    }

    [Fact]
    public async Task No_other_setting_opens_an_address()
    {
        var other = LoopbackPorts.Free();
        at.Environment["Kestrel__Endpoints__Other__Url"] = $"http://127.0.0.1:{other}";
        at.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{other}";
        using var server = Serving.Start(at);
        Assert.Equal(200, (await server.Ask("/health/ready")).Status);
        using var client = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(IPAddress.Loopback, other));
    }

    [Fact]
    public async Task Readers_that_wait_cost_nothing_and_are_woken_by_a_decision()
    {
        using var server = Serving.Start(at);
        var connections = new List<TcpClient>();
        for (var i = 0; i < 400; i++)
            connections.Add(await Asking(server, i % 2 == 0 ? "GET /v1/events?after=0&wait=60 HTTP/1.1" : EventStream));
        await server.Until(
            "all wait", () => Task.FromResult(Sockets.Of(server.Pid).Count(s => s.IsConnected && s.WasRead) >= connections.Count));
        // What is compiled, and what others do to the machine, only adds: the least of some stretches is what waiting costs.
        var least = TimeSpan.MaxValue;
        for (var stretch = 0; stretch < 4 && least.TotalSeconds > 0.75; stretch++)
        {
            await Task.Delay(1000);
            var before = Processor(server.Pid);
            await Task.Delay(3000);
            least = (Processor(server.Pid) - before) is var used && used < least ? used : least;
        }

        Assert.InRange(least.TotalSeconds, 0, 0.75);
        await server.Article("a", Workplace.Article("Bree"));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        foreach (var connection in connections)
        {
            using var reader = new StreamReader(connection.GetStream());
            string? line;
            do
                line = await reader.ReadLineAsync(patience.Token);
            while (line?.Contains("\"position\":1,", StringComparison.Ordinal) == false);
            Assert.NotNull(line);
            connection.Dispose();
        }
    }

    [Fact]
    public async Task Readers_that_do_not_read_hold_no_memory()
    {
        using var server = Serving.Start(at);
        var text = string.Concat(Enumerable.Range(0, 40).Select(i => Workplace.Text(Workplace.Paragraphs(41_000 + i, 10)) + "\n"));
        await server.Submit(string.Concat(
            Enumerable.Range(0, 300).Select(i => Workplace.RecordOf($"{i}", $"Number {i * 7919} of many\n\n{text}"))));
        await server.Events(300);
        var connections = new List<TcpClient>();
        for (var i = 0; i < 100; i++)
            connections.Add(await Asking(server, i % 2 == 0 ? "GET /v1/events?after=0&limit=1000 HTTP/1.1" : EventStream));
        await Task.Delay(4000);
        // What they asked for is more than a gigabyte.
        Assert.InRange(Memory(server.Pid), 1, 700L << 20);
        Assert.Equal(200, (await server.Ask("/health/ready")).Status);
        foreach (var connection in connections)
            connection.Dispose();
    }

    [Fact]
    public async Task A_chunk_of_an_impossible_size_is_a_bad_request()
    {
        using var server = Serving.Start(at);
        foreach (var (path, type) in ((string, string)[])[("/v1/articles", "text/plain"), ("/v1/articles:batch", "application/x-ndjson")])
        {
            using var client = await Asking(
                server, $"POST {path} HTTP/1.1\r\nConnection: close\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked",
                "FFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n");
            using var reader = new StreamReader(client.GetStream());
            Assert.Contains("bad-request", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("Exception", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_that_are_half_sent_and_readers_that_do_not_read_delay_no_stop()
    {
        at.Environment["Ingest__ShutdownSeconds"] = "120";
        using var server = Serving.Start(at);
        await server.Submit(string.Concat(
            Enumerable.Range(0, 300).Select(i => Workplace.RecordOf($"{i}", Workplace.Text(Workplace.Paragraphs(i * 10, 40))))));
        await server.Events(300);
        var connections = new List<TcpClient>();
        for (var i = 0; i < 3; i++)
            connections.AddRange(
            [
                await Asking(server, EventStream),
                await Asking(server, "POST /v1/articles HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 500", "hello"),
                await Asking(server, BatchInChunks, "5\r\n{\"tex\r\n"),
            ]);
        // A request of which not even the head is complete.
        var half = new TcpClient();
        connections.Add(half);
        await half.ConnectAsync(IPAddress.Loopback, new Uri(server.Url).Port);
        await half.GetStream().WriteAsync("GET /health/live HTTP/1.1\r\nHost"u8.ToArray());
        // What a batch had accepted is answered.
        var batch = await Asking(server, BatchInChunks, Chunk(Workplace.Record("last", "Bree")));
        connections.Add(batch);
        using var reader = new StreamReader(batch.GetStream());
        while (!(await reader.ReadLineAsync())!.StartsWith('{'))
        {
        }

        var clock = Stopwatch.StartNew();
        Assert.Equal(0, server.Stop());
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 45);
        // The connection is cut behind it.
        while (!(await reader.ReadLineAsync())!.Contains("/problems/stopping", StringComparison.Ordinal))
        {
        }

        foreach (var connection in connections)
            connection.Dispose();
    }

    static string Chunk(string text) => string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n");

    static async Task<TcpClient> Asking(Serving server, string head, string body = "")
    {
        var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(IPAddress.Loopback, new Uri(server.Url).Port);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"{head}\r\nHost: localhost\r\n\r\n{body}"));
        return client;
    }

    static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Fastest))
            packing.Write(bytes);
        return packed.ToArray();
    }

    static async Task Until(Func<Task<bool>> holds)
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            try
            {
                if (await holds())
                    return;
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }

            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), "Not after a minute.");
        }
    }

    static TimeSpan Processor(int pid)
    {
        using var process = Process.GetProcessById(pid);
        return process.TotalProcessorTime;
    }

    static long Memory(int pid)
    {
        using var process = Process.GetProcessById(pid);
        return process.WorkingSet64;
    }

    static async Task<bool> Accepts(HttpClient http, string word)
    {
        using var article = new StringContent(Workplace.Article(word), Encoding.UTF8, "text/plain");
        using var answer = await http.PostAsync("/v1/articles", article);
        return answer.StatusCode == HttpStatusCode.Accepted;
    }

    static List<JsonNode> Lines(Answer answer) =>
        [.. answer.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)];
}
