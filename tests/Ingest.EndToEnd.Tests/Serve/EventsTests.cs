using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>The change feed: in order, from anywhere on, and it goes on.</summary>
[Collection(SharedServing.Tests.Name)]
public sealed class EventsTests(SharedServing shared)
{
    static string Text(int seed) => Workplace.Text(Workplace.Paragraphs(62_000 + seed));

    async Task<long> End()
    {
        for (var after = 0L; ;)
        {
            var next = (long)(await shared.Server.Get($"/v1/events?after={after}&limit=1000"))["next"]!;
            if (next == after)
                return after;
            after = next;
        }
    }

    [Fact]
    public async Task A_long_poll_waits_and_returns_as_soon_as_something_comes()
    {
        var end = await End();
        var poll = shared.Server.Get($"/v1/events?after={end}&wait=60");
        await Task.Delay(500);
        Assert.False(poll.IsCompleted);
        var clock = Stopwatch.StartNew();
        var answer = await shared.Server.Article("events-poll", Text(1));
        var page = await poll;
        // Not at the end of its minute.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30));
        var told = Assert.Single(page["events"]!.AsArray())!;
        Assert.Equal((end + 1, answer.ArticleId), ((long)told["position"]!, (string)told["event"]!["articleId"]!));
        Assert.Equal(end + 1, (long)page["next"]!);
    }

    [Fact]
    public async Task Without_something_new_it_answers_with_where_it_was()
    {
        var end = await End();
        foreach (var wait in (string[])["0", "1"])
        {
            var page = await shared.Server.Get($"/v1/events?after={end}&wait={wait}");
            Assert.Empty(page["events"]!.AsArray());
            Assert.Equal(end, (long)page["next"]!);
        }
    }

    [Fact]
    public async Task Server_sent_events_go_on_where_the_last_id_says()
    {
        var positions = new List<long>();
        for (var i = 0; i < 4; i++)
            positions.Add((long)(await shared.Server.Decided($"events-sse-{i}", Text(10 + i)))["position"]!);
        var last = positions[1];
        foreach (var path in (string[])["/v1/events", "/v1/events?after=0", $"/v1/events?after={positions[0]}"])
        {
            // A browser asks for the same address again, with the last id beside it.
            var read = await Read(path, last, 2);
            Assert.Equal([last + 1, last + 2], read.Select(e => e.Id));
            Assert.Equal((long)last + 1, (long)JsonNode.Parse(read[0].Data)!["position"]!);
            Assert.Equal("CanonicalArticlePublished", read[^1].Type);
        }

        Assert.Equal([last + 1, last + 2], (await Read($"/v1/events?after={last}", null, 2)).Select(e => e.Id));
        Assert.Equal(1, (await Read("/v1/events", null, 1))[0].Id);
        var wrong = await shared.Server.Ask("/v1/events", ("Accept", "text/event-stream"), ("Last-Event-ID", "x"));
        Assert.Equal((400, "invalid-parameter"), (wrong.Status, wrong.Problem));
    }

    [Fact]
    public async Task Server_sent_events_bring_what_comes_later()
    {
        var end = await End();
        var reading = Read($"/v1/events?after={end}", null, 1);
        await Task.Delay(300);
        var answer = await shared.Server.Article("events-later", Text(20));
        Assert.Contains(answer.ArticleId, Assert.Single(await reading).Data, StringComparison.Ordinal);
    }

    async Task<List<(long Id, string Type, string Data)>> Read(string path, long? last, int count)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", "text/event-stream" } } };
        if (last is { } id)
            request.Headers.Add("Last-Event-ID", $"{id}");
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var answer = await shared.Server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(patience.Token));
        var read = new List<(long, string, string)>();
        while (read.Count < count)
        {
            var line = (await reader.ReadLineAsync(patience.Token))!;
            if (!line.StartsWith("id: ", StringComparison.Ordinal))
                continue;
            var type = (await reader.ReadLineAsync(patience.Token))!;
            var data = (await reader.ReadLineAsync(patience.Token))!;
            Assert.StartsWith("event: ", type, StringComparison.Ordinal);
            Assert.StartsWith("data: ", data, StringComparison.Ordinal);
            read.Add((long.Parse(line[4..]), type[7..], data[6..]));
        }

        return read;
    }
}

/// <summary>A consumer that starts at 0 and follows.</summary>
public sealed class EventsOverRestartsTests
{
    [Fact]
    public async Task A_consumer_that_follows_sees_each_position_once_while_the_server_stops_and_starts()
    {
        const int Articles = 900;
        using var at = new Workplace();
        using var server = Serving.Start(at);
        var seen = new List<(long Position, string Article)>();
        var reader = Task.Run(async () =>
        {
            var after = 0L;
            var clock = Stopwatch.StartNew();
            while (seen.Count < Articles && clock.Elapsed < TimeSpan.FromMinutes(2))
            {
                try
                {
                    var answer = await server.Ask($"/v1/events?after={after}&limit=70&wait=5");
                    if (answer.Status != 200)
                        continue;
                    foreach (var told in answer.Json["events"]!.AsArray())
                        seen.Add(((long)told!["position"]!, (string)told["event"]!["articleId"]!));
                    after = (long)answer.Json["next"]!;
                }
                catch (Exception e) when (e is HttpRequestException or IOException or System.Text.Json.JsonException or InvalidOperationException)
                {
                    // It is away just now.
                    await Task.Delay(20);
                }
            }
        });
        var accepted = new List<string>();
        for (var part = 0; part < 3; part++)
        {
            var lines = await server.Submit(string.Concat(Enumerable.Range(part * 300, 300).Select(i => Workplace.RecordOf($"{i}", Workplace.Text(Workplace.Paragraphs(63_000 + i / 5))))));
            accepted.AddRange(lines.Select(l => (string)l["article"]!["articleId"]!));
            if (part == 0)
                server.Kill();
            else
                Assert.Equal(0, server.Stop());
            server.Start();
        }

        await reader;
        Assert.Equal(Enumerable.Range(1, Articles).Select(p => (long)p), seen.Select(s => s.Position));
        Assert.Equal(accepted.Order(StringComparer.Ordinal), seen.Select(s => s.Article).Order(StringComparer.Ordinal));
    }
}
