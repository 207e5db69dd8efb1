using System.Text.Json.Nodes;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>Promise 4, decisions are a log: replaying it over the same inputs gives the same stories.</summary>
public sealed class Promise4DecisionsAreALogTests
{
    const int Articles = 240;

    [Fact]
    public async Task The_same_inputs_in_the_order_of_the_log_give_the_same_stories()
    {
        var records = Enumerable.Range(0, Articles).ToDictionary(i => $"a{i}", Record, StringComparer.Ordinal);
        using var at = new Workplace();
        using var server = Serving.Start(at);
        // All at once, from several clients, with a restart and a kill between: any order may come out.
        await Parallel.ForEachAsync(records.Chunk(50), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (part, _) => await server.Submit(string.Concat(part.Select(r => r.Value))));
        server.Kill();
        server.Start();
        await server.Events(Articles);
        server.Restart();
        var log = Book.Decisions(at.PathTo("ingest.db"));
        Assert.Equal(Articles, log.Count);
        Assert.InRange(log.Select(d => d.Story).Distinct().Count(), 2, Articles / 2);
        Assert.Contains(log, d => d.Rejection is not null);

        using var again = new Workplace();
        using var fresh = Serving.Start(again);
        var fed = 0;
        foreach (var part in log.Chunk(90))
        {
            // One after the other: what is under way together is decided in any order.
            foreach (var decision in part)
            {
                await fresh.Record(JsonNode.Parse(records[decision.Submitted])!.AsObject());
                await fresh.Events(1, after: fed++);
            }

            fresh.Restart();
        }

        Assert.Equal(log, Book.Decisions(again.PathTo("ingest.db")));
    }

    /// <summary>Families of six: a text, cuts, additions and corrections of it; here and there one that is rejected.</summary>
    static string Record(int i)
    {
        var paragraphs = Workplace.Paragraphs(40_000 + i / 6, 6);
        if (i % 97 == 0)
            return Workplace.RecordOf($"a{i}", "Share this article\n");
        return new JsonObject
        {
            ["id"] = $"a{i}",
            ["agency"] = i % 2 == 0 ? "AP" : null,
            ["text"] = Workplace.Text((i % 6) switch
            {
                0 => paragraphs,
                1 => paragraphs[..4],
                2 => [.. paragraphs, .. Workplace.Paragraphs(90_000 + i, 2)],
                3 => ["CORRECTION: a name corrected", .. paragraphs],
                4 => paragraphs[2..],
                _ => [.. paragraphs.Select(p => p.Replace('e', i % 4 == 1 ? 'a' : 'e'))],
            }),
        }.ToJsonString() + "\n";
    }
}
