using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>Batches over HTTP: an outcome for each line, while the lines still come.</summary>
[Collection(SharedServing.Tests.Name)]
public sealed class BatchTests(SharedServing shared)
{
    static string Record(int seed) => Workplace.RecordOf($"batch{seed}", Workplace.Text(Workplace.Paragraphs(61_000 + seed)));

    [Fact]
    public async Task Good_and_bad_lines_are_answered_one_by_one()
    {
        var lines = await shared.Server.Submit($"{Record(1)}not json\n\n{Record(2).Replace("\n", "\r\n", StringComparison.Ordinal)}[1,2]\n   \n{{\"text\":null}}\n{Record(3).TrimEnd()}");
        Assert.Equal([(1, 202), (2, 400), (4, 202), (5, 400), (7, 400), (8, 202)], lines.Select(l => ((int)l["line"]!, (int)l["status"]!)));
        Assert.All(lines, l => Assert.Equal((int)l["status"]! == 202, l["problem"] is null));
        foreach (var good in lines.Where(l => l["article"] is not null))
            Assert.Equal("decided", (string)(await shared.Server.Settled((string)good["article"]!["articleId"]!))["stage"]!);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\n\n \n")]
    public async Task An_empty_batch_has_an_empty_answer(string body) => Assert.Empty(await shared.Server.Submit(body));

    [Fact]
    public async Task Answers_arrive_while_the_request_is_still_sent()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(shared.Server.Url).Port);
        var stream = client.GetStream();
        await stream.WriteAsync("POST /v1/articles:batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(stream, Encoding.UTF8);
        async Task<JsonNode> Answered(int seed)
        {
            var record = Encoding.UTF8.GetBytes(Record(seed));
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{record.Length:x}\r\n"));
            // In two pieces: a line is a line when it has ended.
            await stream.WriteAsync(record.AsMemory(0, 10));
            await Task.Delay(50);
            await stream.WriteAsync(record.AsMemory(10));
            await stream.WriteAsync("\r\n"u8.ToArray());
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            while (await reader.ReadLineAsync(patience.Token) is { } line)
                if (line.StartsWith('{'))
                    return JsonNode.Parse(line)!;
            throw new InvalidOperationException("The answer ended.");
        }

        for (var i = 0; i < 3; i++)
            Assert.Equal((i + 1, 202), ((int)(await Answered(10 + i))["line"]!, 202));
        // A source may be silent for longer than a server waits for the rest of a form.
        await Task.Delay(TimeSpan.FromSeconds(8));
        var late = await Answered(20);
        Assert.Equal((4, 202), ((int)late["line"]!, (int)late["status"]!));
        await stream.WriteAsync("0\r\n\r\n"u8.ToArray());
    }

    [Fact]
    public async Task A_client_that_sends_everything_before_it_reads_is_served()
    {
        // Answers of many times what sockets hold.
        const int Lines = 150_000;
        var body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"text\":0}\n", Lines)));
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(shared.Server.Url).Port);
        var stream = client.GetStream();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/articles:batch HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/x-ndjson\r\nContent-Length: {body.Length}\r\n\r\n"), patience.Token);
        await stream.WriteAsync(body, patience.Token);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answers = 0;
        while (await reader.ReadLineAsync(patience.Token) is { } line)
            answers += line.Contains("\"status\":400,\"article\"", StringComparison.Ordinal) ? 1 : 0;
        Assert.Equal(Lines, answers);
    }

    [Fact]
    public async Task A_batch_that_breaks_off_has_its_whole_lines_accepted()
    {
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, new Uri(shared.Server.Url).Port);
            var stream = client.GetStream();
            var record = Record(30);
            var half = Record(31)[..40];
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"POST /v1/articles:batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nContent-Length: 100000\r\n\r\n{record}{half}"));
            using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
            while (await reader.ReadLineAsync() is { } line && !line.StartsWith('{'))
            {
            }
        }

        await shared.Server.Until("the line is there", () => Task.FromResult(Book.Decisions(shared.Ledger).Any(d => d.Submitted == "batch30")));
        Assert.DoesNotContain(Book.Decisions(shared.Ledger), d => d.Submitted == "batch31");
    }

    [Fact]
    public async Task Over_its_limit_the_lines_before_stay_accepted()
    {
        using var at = new Workplace();
        at.Environment["Ingest__Accept__MaxBatchBytes"] = "20000";
        using var server = Serving.Start(at);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(server.Url).Port);
        var stream = client.GetStream();
        await stream.WriteAsync("POST /v1/articles:batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(stream, Encoding.UTF8);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var lines = new List<JsonNode>();
        for (var i = 0; lines.Count == 0 || (int)lines[^1]["status"]! == 202; i++)
        {
            var record = Encoding.UTF8.GetBytes(Record(100 + i));
            byte[] chunk = [.. Encoding.ASCII.GetBytes($"{record.Length:x}\r\n"), .. record, .. "\r\n"u8];
            await stream.WriteAsync(chunk, patience.Token);
            string line;
            while (!(line = (await reader.ReadLineAsync(patience.Token))!).StartsWith('{'))
            {
            }

            lines.Add(JsonNode.Parse(line)!);
        }

        var accepted = lines.Where(l => (int)l["status"]! == 202).Select(l => (string)l["article"]!["articleId"]!).ToList();
        Assert.NotEmpty(accepted);
        Assert.Equal("/problems/too-large", (string)lines[^1]["problem"]!["type"]!);
        Assert.Equal(accepted.Count, lines.Count - 1);
        await server.Events(accepted.Count);
        Book.Audit(at.PathTo("ingest.db"), accepted);
    }
}
