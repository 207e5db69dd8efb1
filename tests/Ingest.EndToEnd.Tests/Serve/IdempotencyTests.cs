using System.Text.Json.Nodes;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>Sending again: the same article is known, the same key means the same request.</summary>
[Collection(SharedServing.Tests.Name)]
public sealed class IdempotencyTests(SharedServing shared)
{
    static string Text(int seed) => Workplace.Text(Workplace.Paragraphs(60_000 + seed));

    [Fact]
    public async Task A_location_leads_to_the_article()
    {
        var answer = await shared.Server.Article("idem-location", Text(0));
        Assert.Equal($"/v1/articles/{answer.ArticleId}", answer.Headers.Location!.OriginalString);
        Assert.Equal(answer.Headers.Location.OriginalString, (string)answer.Json["location"]!);
        var state = await shared.Server.Get(answer.Headers.Location.OriginalString);
        Assert.Equal(("idem-location", answer.ArticleId), ((string)state["id"]!, (string)state["articleId"]!));
    }

    [Fact]
    public async Task The_same_key_with_the_same_body_is_the_same_article()
    {
        var record = new JsonObject { ["text"] = Text(1) };
        var first = await shared.Server.Record(record, ("Idempotency-Key", "idem-1"));
        var again = await shared.Server.Record(record, ("Idempotency-Key", "idem-1"));
        Assert.Equal(first.ArticleId, again.ArticleId);
        Assert.Equal([false, true], new[] { first, again }.Select(a => (bool)a.Json["known"]!));
        // Without a key, and without an id, each is an article of its own.
        Assert.NotEqual((await shared.Server.Record(record)).ArticleId, (await shared.Server.Record(record)).ArticleId);
        Assert.NotEqual(first.ArticleId, (await shared.Server.Record(record, ("Idempotency-Key", "idem-other"))).ArticleId);
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused_and_changes_nothing()
    {
        var first = await shared.Server.Article("idem-2", Text(2), ("Idempotency-Key", "idem-2"));
        var before = Book.Count(shared.Ledger, "articles");
        var other = await shared.Server.Article("idem-2", Text(3), ("Idempotency-Key", "idem-2"));
        Assert.Equal((422, "idempotency-key-reused"), (other.Status, other.Problem));
        Assert.Equal(before, Book.Count(shared.Ledger, "articles"));
        Assert.Equal(first.ArticleId, (await shared.Server.Article("idem-2", Text(2), ("Idempotency-Key", "idem-2"))).ArticleId);
    }

    [Fact]
    public async Task Requests_with_one_key_at_the_same_time_are_one_article()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => shared.Server.Record(new JsonObject { ["text"] = Text(4) }, ("Idempotency-Key", "idem-4"))));
        Assert.Single(answers.Select(a => a.ArticleId).Distinct());
        Assert.Single(answers, a => !(bool)a.Json["known"]!);
    }

    [Fact]
    public async Task A_batch_sent_again_with_its_key_is_the_same_articles()
    {
        var lines = string.Concat(Enumerable.Range(0, 5).Select(_ => new JsonObject { ["text"] = Text(5) }.ToJsonString() + "\n"));
        var first = await shared.Server.Post("/v1/articles:batch", "application/x-ndjson", lines, ("Idempotency-Key", "idem-5"));
        var again = await shared.Server.Post("/v1/articles:batch", "application/x-ndjson", lines, ("Idempotency-Key", "idem-5"));
        static List<JsonNode> Lines(Answer answer) => [.. answer.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!["article"]!)];
        Assert.Equal(5, Lines(first).Select(a => (string)a["articleId"]!).Distinct().Count());
        Assert.Equal(Lines(first).Select(a => (string)a["articleId"]!), Lines(again).Select(a => (string)a["articleId"]!));
        Assert.All(Lines(again), a => Assert.True((bool)a["known"]!));
    }

    [Fact]
    public async Task A_line_with_other_content_under_a_batch_s_key_is_refused_and_the_others_are_not()
    {
        static string Line(int seed) => new JsonObject { ["text"] = Text(seed) }.ToJsonString() + "\n";
        async Task<List<int>> Submit(string lines) => [.. (await shared.Server.Post("/v1/articles:batch", "application/x-ndjson", lines, ("Idempotency-Key", "idem-8")))
            .Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => (int)JsonNode.Parse(l)!["status"]!)];
        // A line that was not accepted may be mended.
        Assert.Equal([202, 400, 202], await Submit($"{Line(80)}{{\n{Line(82)}"));
        var before = Book.Count(shared.Ledger, "articles");
        Assert.Equal([202, 202, 422], await Submit($"{Line(80)}{Line(81)}{Line(83)}"));
        Assert.Equal(before + 1, Book.Count(shared.Ledger, "articles"));
        Assert.Equal([202, 202, 202], await Submit($"{Line(80)}{Line(81)}{Line(82)}"));
        var long256 = await shared.Server.Post("/v1/articles:batch", "application/x-ndjson", Line(80), ("Idempotency-Key", new string('k', 256)));
        Assert.Equal((400, "idempotency-key-too-long"), (long256.Status, long256.Problem));
    }

    [Fact]
    public async Task The_same_article_by_its_own_id_is_known_and_decided_once()
    {
        var state = await shared.Server.Decided("idem-6", Text(6));
        var again = await shared.Server.Article("idem-6", Text(6));
        Assert.True((bool)again.Json["known"]!);
        Assert.Equal((string)state["articleId"]!, again.ArticleId);
        Assert.Equal((long)state["position"]!, (long)(await shared.Server.Settled(again.ArticleId))["position"]!);
        // The same id with another text is another article.
        Assert.NotEqual(again.ArticleId, (await shared.Server.Article("idem-6", Text(7))).ArticleId);
    }
}
