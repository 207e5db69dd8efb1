using System.Text.Json.Nodes;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>A service learns what its sources repeat from its log, and knows it again after a restart.</summary>
public sealed class LearningServiceTests
{
    static async Task<bool> Keeps(Serving server, int number)
    {
        var answer = await server.Record(new JsonObject { ["id"] = $"a{number}", ["feed"] = "coast", ["text"] = LearningTests.Advertised(number) });
        var state = await server.Settled(answer.ArticleId);
        Assert.Equal("decided", (string)state["stage"]!);
        return state["outcome"]!["article"]!["body"]!.AsArray().Any(p => ((string)p!).Contains(LearningTests.Advert, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_source_repeats_goes_once_two_articles_have_it_and_after_a_kill_too()
    {
        using var at = new Workplace();
        var kept = new List<bool>();
        using (var server = Serving.Start(at))
        {
            for (var i = 1; i <= 5; i++)
                kept.Add(await Keeps(server, i));
            server.Kill();
            server.Start();
            for (var i = 6; i <= 8; i++)
                kept.Add(await Keeps(server, i));
            server.Stop();
        }

        Assert.Equal([true, true, false, false, false, false, false, false], kept);
        Assert.Equal(0, at.Run("check", "--ledger", "ingest.db").Exit);
        // Cleaned again, with what was known then, all is as it was.
        var replayed = at.Run("replay", "--normaliser", "--to", "again.db");
        Assert.True(replayed.Exit == 0 && replayed.Output.Contains("8 decisions: 8 the same, 0 different.", StringComparison.Ordinal), replayed.Output + replayed.Errors);
    }
}
