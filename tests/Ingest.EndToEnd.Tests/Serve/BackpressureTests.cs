using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>With the lane stopped, submissions neither exhaust memory nor are lost: past a limit the answer is 429.</summary>
public sealed class BackpressureTests
{
    [Fact]
    public async Task Past_the_limit_single_articles_are_refused_with_429_and_none_of_the_accepted_is_lost()
    {
        const int Limit = 2000, Submissions = 10_000, Clients = 8;
        using var at = new Workplace();
        at.Environment["Ingest__Accept__MostUnfinished"] = $"{Limit}";
        var accepted = new ConcurrentBag<string>();
        using (var accepting = Serving.Start(at, "--roles", "accept"))
        {
            var refused = 0;
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
            {
                for (var i = client; i < Submissions; i += Clients)
                {
                    var answer = await accepting.Article($"{i}", Workplace.Article($"place {i / 4}"));
                    if (answer.Status == 202)
                    {
                        accepted.Add(answer.ArticleId);
                        continue;
                    }

                    Assert.Equal((429, "too-many-unfinished"), (answer.Status, answer.Problem));
                    Assert.True(answer.Headers.RetryAfter!.Delta > TimeSpan.Zero);
                    Interlocked.Increment(ref refused);
                }
            })));
            Assert.Equal(Submissions, accepted.Count + refused);
            Assert.InRange(accepted.Count, Limit, Limit + Clients);
            Assert.Equal(accepted.Count, Book.Count(at.PathTo("ingest.db"), "unfinished"));

            // A batch is refused as a whole before it is read.
            var batch = await accepting.Post("/v1/articles:batch", "application/x-ndjson", Workplace.Record("b", "Bree"));
            Assert.Equal((429, "too-many-unfinished"), (batch.Status, batch.Problem));
            Assert.NotNull(batch.Headers.RetryAfter);

            // As soon as others have worked some of it off, there is room again, whoever asks first.
            using (var rest = Serving.Start(at, "--roles", "normalise,deduplicate,publish"))
                await rest.Until("all is decided", () => Task.FromResult(Book.Count(at.PathTo("ingest.db"), "unfinished") == 0));
            var later = await accepting.Article("later", Workplace.Article("place later"));
            accepted.Add(later.ArticleId);
        }

        using var server = Serving.Start(at);
        await server.Events(accepted.Count);
        Book.Audit(at.PathTo("ingest.db"), accepted);
    }

    [Fact]
    public async Task A_batch_that_crosses_the_limit_waits_once_and_says_which_lines_were_refused()
    {
        using var at = new Workplace();
        at.Environment["Ingest__Accept__MostUnfinished"] = "300";
        using var accepting = Serving.Start(at, "--roles", "accept");
        var lines = await accepting.Submit(string.Concat(Enumerable.Range(0, 5000).Select(i => Workplace.Record($"{i}", $"place {i}"))));
        Assert.Equal(Enumerable.Range(1, 5000), lines.Select(l => (int)l["line"]!));
        var accepted = lines.Where(l => (int)l["status"]! == 202).Select(l => (string)l["article"]!["articleId"]!).ToList();
        Assert.InRange(accepted.Count, 300, 300 + 256);
        Assert.All(lines.Skip(accepted.Count), l => Assert.Equal((429, "/problems/too-many-unfinished"), ((int)l["status"]!, (string)l["problem"]!["type"]!)));
        Assert.Equal(accepted.Count, Book.Count(at.PathTo("ingest.db"), "unfinished"));
    }

    [LongFact]
    public async Task A_million_submissions_with_the_lane_stopped()
    {
        const int Submissions = 1_000_000, Together = 10_000;
        const long Most = 600L << 20;
        using var at = new Workplace();
        at.Environment["Ingest__Accept__MostUnfinished"] = "2000000";
        using (var accepting = Serving.Start(at, "--roles", "accept"))
        {
            for (var i = 0; i < Submissions; i += Together)
            {
                var lines = new StringBuilder();
                for (var line = i; line < i + Together; line++)
                    lines.Append(CultureInfo.InvariantCulture, $"{{\"id\":\"{line}\",\"text\":\"Mill {line} reopens\\n\\nThe old paper mill number {line} opened again, with shelves where the rollers of {line} stood.\"}}\n");
                Assert.All(await accepting.Submit(lines.ToString()), l => Assert.Equal(202, (int)l["status"]!));
            }

            Assert.InRange(MostMemory(accepting), 1, Most);
            Assert.Equal(Submissions, Book.Count(at.PathTo("ingest.db"), "unfinished"));
            accepting.Kill();
        }

        using var server = Serving.Start(at);
        while (Book.Count(at.PathTo("ingest.db"), "unfinished") > 0)
        {
            Assert.True(server.Runs);
            await Task.Delay(1000);
        }

        Assert.Equal(Submissions, Book.Count(at.PathTo("ingest.db"), "decisions"));
        Assert.Equal(Submissions, Book.Count(at.PathTo("ingest.db"), "articles"));
        Assert.Equal(Submissions, (long)(await server.Get($"/v1/events?after={Submissions - 1}"))["next"]!);
    }

    static long MostMemory(Serving server) => long.Parse(File.ReadLines($"/proc/{server.Pid}/status").Single(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
}
