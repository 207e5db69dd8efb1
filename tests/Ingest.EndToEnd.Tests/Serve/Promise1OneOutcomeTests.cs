using System.Text.Json.Nodes;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>Promise 1, one outcome: every accepted article ends in exactly one of canonical, duplicate of S, rejected because R.</summary>
[Collection(SharedServing.Tests.Name)]
public sealed class Promise1OneOutcomeTests(SharedServing shared)
{
    [Fact]
    public async Task Every_accepted_article_has_exactly_one_outcome()
    {
        var server = shared.Server;
        var text = Workplace.Text(Workplace.Paragraphs(1001));
        var lines = string.Concat(
            Workplace.RecordOf("p1-first", text),
            Workplace.RecordOf("p1-copy", text),
            Workplace.RecordOf("p1-cut", Workplace.Text(Workplace.Paragraphs(1001)[..3])),
            Workplace.RecordOf("p1-other", Workplace.Text(Workplace.Paragraphs(1002))),
            Workplace.RecordOf("p1-empty", ""),
            Workplace.RecordOf("p1-blank", " \n\t\n"),
            Workplace.RecordOf("p1-no-body", "Share this article\n"),
            Workplace.RecordOf("p1-binary", "PK\u0003\u0004 and what a ZIP archive has after it"),
            Workplace.RecordOf("p1-first", text));
        var answers = await server.Submit(lines);
        Assert.All(answers, a => Assert.Equal(202, (int)a["status"]!));
        Assert.Equal([false, false, false, false, false, false, false, false, true], answers.Select(a => (bool)a["article"]!["known"]!));
        var outcomes = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (var answer in answers)
            outcomes[(string)answer["article"]!["id"]!] = await server.Settled((string)answer["article"]!["articleId"]!);

        string Outcome(string id) => (string)outcomes[id]["outcome"]!["outcome"]! + (outcomes[id]["outcome"]!["rejection"] is { } why ? $" {why["reason"]}" : "");
        Assert.Equal("canonical", Outcome("p1-first"));
        Assert.Equal("duplicate", Outcome("p1-copy"));
        Assert.Equal("duplicate", Outcome("p1-cut"));
        Assert.Equal("canonical", Outcome("p1-other"));
        Assert.Equal("rejected empty", Outcome("p1-empty"));
        Assert.Equal("rejected empty", Outcome("p1-blank"));
        Assert.Equal("rejected no-body", Outcome("p1-no-body"));
        Assert.Equal("rejected binary", Outcome("p1-binary"));
        Assert.All(outcomes.Values, o => Assert.Equal((string)o["outcome"]!["outcome"]! == "rejected", o["storyId"] is null));

        // What is not accepted has none.
        var large = Assert.Single(await server.Submit(Workplace.RecordOf("p1-large", new string('x', 5 * 1024 * 1024))));
        Assert.Equal((413, null), ((int)large["status"]!, large["article"]));

        // The log has one entry for each, and tells the same.
        var told = (await server.Events((int)outcomes.Values.Max(o => (long)o["position"]!))).Where(e => outcomes.ContainsKey((string)e["event"]!["id"]!)).ToList();
        Assert.Equal(outcomes.Count, told.Count);
        Assert.All(told, e => Assert.Equal((string)outcomes[(string)e["event"]!["id"]!]["outcome"]!["outcome"]! switch
        {
            "canonical" => "CanonicalArticlePublished",
            "duplicate" => "DuplicateDetected",
            _ => "ArticleRejected",
        }, (string)e["type"]!));
        var ids = outcomes.Values.Select(o => (string)o["articleId"]!).ToHashSet();
        Assert.Equal(ids.Count, Book.Decisions(shared.Ledger).Count(d => ids.Contains(d.Article)));
    }
}
