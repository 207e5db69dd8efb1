using System.Collections.Concurrent;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>Promise 2, accepted means durable: once we have said yes, kill -9 loses nothing and decides nothing twice.</summary>
public sealed class Promise2AcceptedMeansDurableTests
{
    const int Clients = 4, Kills = 5;

    [Fact]
    public async Task What_was_answered_with_202_outlives_kills_at_any_moment()
    {
        using var at = new Workplace();
        using var server = Serving.Start(at);
        var accepted = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        using var ending = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Clients).Select(c => Task.Run(() => Submit(server, c, accepted, ending.Token))).ToArray();
        var random = new Random(7);
        for (var kill = 0; kill < Kills; kill++)
        {
            // At least something new before each kill, and then any moment.
            var before = accepted.Count;
            await server.Until("clients are served", () => Task.FromResult(accepted.Count > before));
            await Task.Delay(random.Next(0, 400));
            server.Kill();
            server.Start();
        }

        await ending.CancelAsync();
        await Task.WhenAll(clients);
        await server.Until("all is decided", () => Task.FromResult(Book.Count(at.PathTo("ingest.db"), "unfinished") == 0));

        var log = Book.Audit(at.PathTo("ingest.db"), accepted.Keys, unanswered: true);
        Assert.True(accepted.Count >= Kills);
        Assert.All(accepted, a => Assert.Equal(a.Value, log.Single(d => d.Article == a.Key).Submitted));
        // Families of three copies: one story each, whichever process decided which of them.
        foreach (var family in log.GroupBy(d => d.Submitted.Split('/')[0], StringComparer.Ordinal))
            Assert.Single(family.Select(d => d.Story).Distinct());
        var events = await server.Events(log.Count);
        Assert.Equal(log.Select(d => d.Position), events.Select(e => (long)e["position"]!));
        Assert.Equal(log.Select(d => d.Article), events.Select(e => (string)e["event"]!["articleId"]!));
    }

    /// <summary>Sends alone and in batches, the same again where no answer came, as a client must.</summary>
    static async Task Submit(Serving server, int client, ConcurrentDictionary<string, string> accepted, CancellationToken ending)
    {
        for (var family = 0; !ending.IsCancellationRequested; family++)
        {
            var text = Workplace.Text(Workplace.Paragraphs(10_000 * (client + 1) + family));
            string[] ids = [.. Enumerable.Range(0, 3).Select(c => $"{client}-{family}/{c}")];
            while (!ending.IsCancellationRequested)
            {
                try
                {
                    if (client % 2 == 0)
                    {
                        foreach (var id in ids)
                            if (await server.Article(id, text) is { Status: 202 } answer)
                                accepted[answer.ArticleId] = id;
                    }
                    else
                    {
                        foreach (var line in await server.Submit(string.Concat(ids.Select(id => Workplace.RecordOf(id, text)))))
                            accepted[(string)line["article"]!["articleId"]!] = (string)line["article"]!["id"]!;
                    }

                    break;
                }
                catch (Exception e) when (e is HttpRequestException or IOException)
                {
                    await Task.Delay(20, CancellationToken.None);
                }
            }
        }
    }
}
