using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>Rows 30 to 32: the memory of the service stays within the formula of docs/limits.md, however much waits and however large it is.</summary>
public sealed class MemoryTests
{
    /// <summary>The limits of a field: see docs/limits.md.</summary>
    const int MostFieldBytes = 16_384, MostNames = 256;

    [Fact]
    public Task A_backlog_of_large_articles_is_decided_within_the_limit() =>
        // 100 MiB and the budget; the largest of these articles needs 40 MiB more than its half of it.
        Backlog(limit: 256, budget: 64, [(Count: 20, Kilobytes: 2000), (60, 300)], largestMetadata: 40);

    /// <summary>With the memory of docker-compose.yml: three quarters of 2 GiB.</summary>
    [LongFact]
    public Task A_backlog_of_gigabytes_is_decided_within_the_limit_of_the_compose_file() =>
        Backlog(limit: 1536, budget: null, [(400, 4000), (1200, 1000)], largestMetadata: 500);

    [Fact]
    public async Task Large_bodies_at_once_are_accepted_or_refused_by_name_and_small_ones_always_get_through()
    {
        using var at = new Workplace();
        at.Environment["DOTNET_GCHeapHardLimit"] = Hexadecimal(256);
        at.Environment["Ingest__Memory__BudgetBytes"] = Bytes(64);
        using var server = Serving.Start(at, "--roles", "accept");
        var large = new StringBuilder();
        large.AppendJoin("\n\n", Workplace.Paragraphs(30_001, 15_000));
        large.Length = Math.Min(large.Length, 3_500_000);
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(async i =>
        {
            using var content = new StringContent(i % 2 == 0 ? $"Number {i}\n\n{large}" : $"Small number {i}\n\nThe ferry sailed again on Monday.", null, "text/plain");
            using var answer = await server.Http.PostAsync("/v1/articles", content);
            return (IsLarge: i % 2 == 0, Status: (int)answer.StatusCode, Body: await answer.Content.ReadAsStringAsync());
        }));
        Assert.All(answers.Where(a => !a.IsLarge), a => Assert.Equal(202, a.Status));
        Assert.All(answers.Where(a => a.IsLarge), a => Assert.True(a.Status == 202 || a.Status == 503 && a.Body.Contains("busy", StringComparison.Ordinal), a.Body));
        Assert.Contains(answers, a => a.IsLarge && a.Status == 202);
        Assert.DoesNotContain("OutOfMemory", server.Log, StringComparison.Ordinal);
        // Nothing is held when nothing is in progress.
        using var again = await server.Http.PostAsync("/v1/articles", new StringContent($"Again\n\n{large}", null, "text/plain"));
        Assert.Equal(202, (int)again.StatusCode);
    }

    /// <summary>What clients promise, leave unread or send half of costs next to nothing, whatever they are to get for it.</summary>
    [Fact]
    public async Task Clients_that_do_not_go_on_hold_no_memory()
    {
        const int Copies = 6000;
        using var at = new Workplace();
        at.Environment["DOTNET_GCHeapHardLimit"] = Hexadecimal(256);
        at.Environment["Ingest__Memory__BudgetBytes"] = Bytes(64);
        using var server = Serving.Start(at);
        var text = Workplace.Text(Workplace.Paragraphs(52_001));
        await server.Submit(string.Concat(Enumerable.Range(0, Copies).Select(i => Workplace.RecordOf($"{i}", text))));
        var story = (await server.Events(Copies))[0]["event"]!["storyId"]!;
        var connections = new List<TcpClient>();
        await Open(600, "POST /v1/articles HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 1048576", "T"u8.ToArray());
        // A window of 16 MiB, and a block that fills it.
        await Open(60, "POST /v1/articles:batch HTTP/1.1\r\nContent-Type: application/x-ndjson\r\nContent-Encoding: br\r\nContent-Length: 1000000",
            [0x0f, 0xfc, 0xff, 0xff, 0x03, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        await Open(24, "POST /v1/articles:batch HTTP/1.1\r\nContent-Type: application/x-ndjson\r\nContent-Length: 100000000",
            [.. Enumerable.Repeat("0\n"u8.ToArray(), 200_000).SelectMany(line => line)]);
        // More than a megabyte each.
        await Open(200, $"GET /v1/stories/{story} HTTP/1.1", []);
        await Task.Delay(5000);
        Assert.True(server.Runs, server.Log);
        Assert.Equal(200, (await server.Ask("/health/ready")).Status);
        Assert.Equal(202, (await server.Article("more", Workplace.Article("Bree"))).Status);
        Assert.DoesNotContain("OutOfMemory", server.Log, StringComparison.Ordinal);
        connections.ForEach(c => c.Dispose());
        Assert.Equal(Copies, (await server.Get($"/v1/stories/{story}"))["articles"]!.AsArray().Count);

        async Task Open(int count, string head, byte[] body)
        {
            for (var i = 0; i < count; i++)
            {
                var client = new TcpClient { ReceiveBufferSize = 4096 };
                connections.Add(client);
                await client.ConnectAsync(IPAddress.Loopback, new Uri(server.Url).Port);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{head}\r\nHost: localhost\r\n\r\n"));
                // What the server does not take waits in the client.
                _ = client.GetStream().WriteAsync(body).AsTask().ContinueWith(t => t.Exception, TaskScheduler.Default);
            }
        }
    }

    static async Task Backlog(int limit, int? budget, (int Count, int Kilobytes)[] articles, int largestMetadata)
    {
        using var at = new Workplace();
        at.Environment["Ingest__Accept__MostUnfinished"] = "1000000";
        at.Environment["DOTNET_GCHeapHardLimit"] = Hexadecimal(limit);
        if (budget is { } set)
            at.Environment["Ingest__Memory__BudgetBytes"] = Bytes(set);
        var count = 0;
        using (var accepting = Serving.Start(at, "--roles", "accept"))
        {
            foreach (var (number, kilobytes) in articles)
                for (var i = 0; i < number; i++)
                    await Accept(accepting, Text(++count, kilobytes), "text/plain");
            for (var i = 0; i < largestMetadata; i++)
                await Accept(accepting, LargestMetadata(++count), "application/json");
            Assert.Equal(0, accepting.Stop());
        }

        using var server = Serving.StartUnready(at);
        var ledger = at.PathTo("ingest.db");
        for (long left = count, before = 0, idle = 0; (left = Book.Count(ledger, "unfinished")) > 0; before = left)
        {
            Assert.True(server.Runs, server.Log);
            idle = left == before ? idle + 1 : 0;
            Assert.True(idle < 120, $"{left} of {count} wait, and nothing was decided for two minutes.\n{server.Log}");
            await Task.Delay(1000);
        }

        // What the limit of the heap does not count: the program itself, and what SQLite reads.
        var peak = PeakMegabytes(server.Pid);
        Assert.True(peak < limit + 192, $"It took {peak} MB with a heap of {limit}.");
        Assert.Equal(count, Book.Count(ledger, "decisions WHERE rejection IS NULL"));
        Assert.Equal(0, Book.Count(ledger, "errors"));
        Assert.DoesNotContain("OutOfMemory", server.Log, StringComparison.Ordinal);

        // All of it can be read, whatever the pages ask for.
        var (after, events) = (0L, 0);
        while (await server.Get($"/v1/events?after={after}&limit=1000") is var page && page["events"]!.AsArray().Count is > 0 and var more)
            (after, events) = ((long)page["next"]!, events + more);
        Assert.Equal(count, events);
        Assert.NotEmpty((await server.Get("/v1/stories?limit=200"))["stories"]!.AsArray());
        Assert.DoesNotContain("OutOfMemory", server.Log, StringComparison.Ordinal);
        Assert.Equal(0, server.Stop());
    }

    static async Task Accept(Serving server, string body, string type)
    {
        using var answer = await server.Http.PostAsync("/v1/articles", new StringContent(body, null, type));
        Assert.True((int)answer.StatusCode == 202, await answer.Content.ReadAsStringAsync());
    }

    static string Text(int seed, int kilobytes)
    {
        var text = new StringBuilder($"Report number {seed}\n\n");
        // About 190 characters each; made once and told apart by what stands before every hundredth.
        for (var i = 0; text.Length < kilobytes * 1000; i++)
            text.AppendJoin("\n\n", Workplace.Paragraphs(seed * 1000 + i, 100)).Append("\n\n");
        text.Length = kilobytes * 1000;
        return text.ToString();
    }

    static string LargestMetadata(int seed)
    {
        var field = new string('é', MostFieldBytes / 2 - 8) + seed.ToString("D8", CultureInfo.InvariantCulture);
        var record = new JsonObject
        {
            ["id"] = $"{seed}", ["text"] = Workplace.Text(Workplace.Paragraphs(seed)), ["headline"] = field, ["agency"] = field, ["publisher"] = field,
            ["dateline"] = field, ["language"] = field, ["url"] = field, ["bylines"] = new JsonArray([.. Enumerable.Range(0, MostNames).Select(i => (JsonNode)$"Name {i} {seed}")]),
        };
        return record.ToJsonString();
    }

    static long PeakMegabytes(int process) => long.Parse(
        File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024;

    static string Hexadecimal(int megabytes) => $"0x{(long)megabytes << 20:X}";

    static string Bytes(int megabytes) => ((long)megabytes << 20).ToString(CultureInfo.InvariantCulture);
}
