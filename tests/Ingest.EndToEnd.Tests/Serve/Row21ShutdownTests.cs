using System.Collections.Concurrent;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>faults.md, row 21: SIGTERM with 100 in flight; drains within its limit, nothing lost, exit code 0.</summary>
public sealed class Row21ShutdownTests
{
    const int InFlight = 100;

    [Fact]
    public async Task What_is_in_flight_is_finished()
    {
        using var at = new Workplace();
        using var server = Serving.Start(at);
        var first = (string)(await server.Decided("first", Workplace.Text(Workplace.Paragraphs(1))))["articleId"]!;
        using var other = Book.Open(at.PathTo("ingest.db"));
        // While another writes, all requests wait.
        other.Execute("BEGIN IMMEDIATE");
        var requests = Enumerable.Range(0, InFlight).Select(i => server.Article($"a{i}", Workplace.Text(Workplace.Paragraphs(21_000 + i)))).ToArray();
        await server.Until("all requests are with the server", () => Task.FromResult(Sockets.Of(server.Pid).Count(s => s.IsConnected && s.WasRead) >= InFlight));
        await Task.Delay(200);
        var stopped = Task.Run(server.Stop);
        await server.Until("it takes nothing new", () => Task.FromResult(!Sockets.Of(server.Pid).Any(s => s.Listens)));
        // Longer than libraries give a command that is told to end.
        await Task.Delay(2500);
        Assert.False(stopped.IsCompleted);
        other.Execute("ROLLBACK");

        var answers = await Task.WhenAll(requests);
        Assert.All(answers, a => Assert.Equal(202, a.Status));
        Assert.Equal(0, await stopped);
        server.Start();
        await server.Events(InFlight + 1);
        Book.Audit(at.PathTo("ingest.db"), answers.Select(a => a.ArticleId).Append(first));
    }

    [Fact]
    public async Task Nothing_that_was_answered_is_lost_by_stops_under_load()
    {
        using var at = new Workplace();
        using var server = Serving.Start(at);
        var accepted = new ConcurrentBag<string>();
        for (var stop = 0; stop < 3; stop++)
        {
            using var ending = new CancellationTokenSource();
            var before = accepted.Count;
            var round = stop;
            var clients = Enumerable.Range(0, 8).Select(c => Task.Run(async () =>
            {
                for (var i = 0; !ending.IsCancellationRequested; i++)
                {
                    try
                    {
                        var answer = await server.Article($"{round}-{c}-{i}", Workplace.Text(Workplace.Paragraphs(c)));
                        if (answer.Status == 202)
                            accepted.Add(answer.ArticleId);
                        else
                            Assert.Equal((503, "stopping"), (answer.Status, answer.Problem));
                    }
                    catch (HttpRequestException)
                    {
                        return;
                    }
                }
            })).ToArray();
            await server.Until("clients are served", () => Task.FromResult(accepted.Count > before + 100));
            Assert.Equal(0, server.Stop());
            await ending.CancelAsync();
            await Task.WhenAll(clients);
            server.Start();
        }

        await server.Until("all is decided", () => Task.FromResult(Book.Count(at.PathTo("ingest.db"), "unfinished") == 0));
        Book.Audit(at.PathTo("ingest.db"), accepted, unanswered: true);
    }

    [Fact]
    public async Task Readers_that_wait_do_not_keep_it_from_ending()
    {
        using var at = new Workplace();
        using var server = Serving.Start(at);
        var poll = server.Ask("/v1/events?after=0&wait=60");
        using var stream = new HttpRequestMessage(HttpMethod.Get, "/v1/events") { Headers = { { "Accept", "text/event-stream" } } };
        using var streamed = await server.Http.SendAsync(stream, HttpCompletionOption.ResponseHeadersRead);
        await server.Until("the poll waits", () => Task.FromResult(Sockets.Of(server.Pid).Count(s => s.IsConnected && s.WasRead) >= 2));
        Assert.Equal(0, server.Stop());
        await Task.WhenAny(poll);
    }
}
