using System.Text.Json.Nodes;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>A database's export of several documents over HTTP: one body, as many articles.</summary>
[Collection(SharedServing.Tests.Name)]
public sealed class ExportTests(SharedServing shared)
{
    [Fact]
    public async Task A_text_with_several_documents_is_as_many_articles()
    {
        var answer = await shared.Server.Post("/v1/articles", "text/plain", Workplace.Export("Ashby", "Brock", "Crewe"));
        var first = answer.ArticleId;
        var others = answer.Json["others"]!.AsArray();
        Assert.Equal([$"{first}#2", $"{first}#3"], others.Select(o => (string)o!["id"]!));
        foreach (var (id, place) in others.Select(o => (string)o!["articleId"]!).Prepend(first).Zip(["Ashby", "Brock", "Crewe"]))
        {
            var state = await shared.Server.Settled(id);
            Assert.Equal(($"Mill at {place} reopens", $"The {place} Sentinel"),
                ((string)state["outcome"]!["article"]!["headline"]!, (string)state["outcome"]!["article"]!["publisher"]!));
        }
    }

    [Fact]
    public async Task A_key_covers_all_documents()
    {
        (string, string)[] key = [("Idempotency-Key", "export-1")];
        var once = await shared.Server.Post("/v1/articles", "text/plain", Workplace.Export("Dover", "Esher"), key);
        var again = await shared.Server.Post("/v1/articles", "text/plain", Workplace.Export("Dover", "Esher"), key);
        Assert.Equal(once.ArticleId, again.ArticleId);
        Assert.Equal((false, false), ((bool)once.Json["known"]!, (bool)once.Json["others"]![0]!["known"]!));
        Assert.Equal((true, true), ((bool)again.Json["known"]!, (bool)again.Json["others"]![0]!["known"]!));
        Assert.Equal(422, (await shared.Server.Post("/v1/articles", "text/plain", Workplace.Export("Dover"), key)).Status);
    }

    [Fact]
    public async Task One_article_has_no_others() =>
        Assert.Null((await shared.Server.Post("/v1/articles", "text/plain", Workplace.Export("Fleet"))).Json["others"]);

    [Fact]
    public async Task A_line_of_a_batch_may_be_an_export()
    {
        var lines = await shared.Server.Submit(Workplace.RecordOf("export/1", Workplace.Export("Goole", "Hythe")) + Workplace.RecordOf("export/2", Workplace.Export("Ilkley")));
        Assert.Equal([(1, 202), (2, 202)], lines.Select(l => ((int)l["line"]!, (int)l["status"]!)));
        Assert.Equal("export/1#2", (string)lines[0]["article"]!["others"]!.AsArray().Single()!["id"]!);
        Assert.Null(lines[1]["article"]!["others"]);
    }
}
