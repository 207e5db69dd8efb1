using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Ingest.Contracts.Tests;
using Ingest.Contracts.V1;
using Ingest.Service.Outcomes;
using Ingest.Service.Publish;

namespace Ingest.EndToEnd.Tests;

/// <summary>What the service really sends is what the schemas in <c>contracts/schemas/v1</c> promise.</summary>
public sealed class ContractTests : IDisposable
{
    const string Lead = "ORRIN BRIDGE, March 4 (Reuters) - The weir below Orrin Bridge will be lowered by a hand's breadth, so that eels can pass it.";
    const string End = "The miller's heirs, who hold the right to the water, said that they had not been asked since the year of the great flood.";

    readonly Workplace at = new();
    readonly Dictionary<string, List<string>> sent = new(StringComparer.Ordinal);

    public void Dispose() => at.Dispose();

    [SchemaFact]
    public async Task What_is_sent_over_HTTP_and_the_feed_is_valid_by_its_schema()
    {
        using var serving = Serving.Start(at);
        await Submit(serving, "application/json", Record("wire/1", $"Eels get a way past the weir\n\n{Lead}\n\n{End}\n"), 202);
        await serving.Events(1);
        await Submit(serving, "application/json", Record("herald/1", $"Eels get a way past the weir\n\n{Lead}\n\n{End}\n\nShare this article\n"), 202);
        await serving.Events(2);
        await Submit(serving, "application/json", Record("wire/2", $"UPDATE 1-Eels get a way past the weir\n\n{Lead}\n\n{End}\n\nThe council counted nine eels.\n"), 202);
        await serving.Events(3);
        await Submit(serving, "text/plain", "Share this article\n\nRead more\n", 202);
        await serving.Events(4);

        await Submit(serving, "application/json", """{"text":7}""", 400);
        await Submit(serving, "application/json", "[", 400);
        await Submit(serving, "application/pdf", "%PDF", 415);
        await Submit(serving, "text/plain", " ", 422);
        await Submit(serving, "text/plain", "%PDF-1.7\n1 0 obj", 415);
        using (var untyped = await serving.Http.PostAsync("/v1/articles", new ByteArrayContent([1])))
            Assert.Equal(HttpStatusCode.UnsupportedMediaType, untyped.StatusCode);
        Assert.DoesNotContain("*/*", await Text(serving, "/openapi/v1.json"), StringComparison.Ordinal);
        foreach (var path in new[] { "/v1/articles/none", "/v1/stories/none", "/v1/events?after=x", "/v1/stories?limit=0", "/nothing" })
            Note("problem", await Text(serving, path, path.Contains('?', StringComparison.Ordinal) ? 400 : 404));

        foreach (var line in await serving.Submit($"{Record("wire/1", $"Eels get a way past the weir\n\n{Lead}\n\n{End}\n")}\n\n{{\"text\":7}}\nnothing\n{Record("late", "A late line.")}\n"))
            Note("submitted-line", line.ToJsonString());
        Note("article-state", await Text(serving, (string)JsonNode.Parse(sent["submitted-line"][^1])!["article"]!["location"]!));
        foreach (var answer in sent["submitted"])
            Note("article-state", await Text(serving, (string)JsonNode.Parse(answer)!["location"]!));
        foreach (var story in sent["article-state"].Select(s => (string?)JsonNode.Parse(s)!["storyId"]).OfType<string>().Distinct())
            Note("story-state", await Text(serving, $"/v1/stories/{story}"));
        Note("story-page", await Text(serving, "/v1/stories"));
        Note("story-page", await Text(serving, "/v1/stories?limit=1"));
        Note("event-page", await Text(serving, "/v1/events"));
        Note("event-page", await Text(serving, "/v1/events?after=2&limit=1"));
        Note("event-page", await Text(serving, "/v1/events?after=4"));
        Note("problem", await Text(serving, "/v1/events?after=1000", 409));
        foreach (var body in new[] { Record("copy", $"Eels get a way past the weir\n\n{Lead}\n"), Record("UPDATE 2", $"UPDATE 2-Eels get a way past the weir\n\n{Lead}\n\n{End}\n\nThe council counted nine eels, and two more.\n"), "7" })
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await serving.Http.PostAsync("/v1/analyse", content);
            Note("analysis", await answer.Content.ReadAsStringAsync());
        }

        await Sources(serving);
        Note("collection-list", await Text(serving, "/v1/collections"));
        Note("health-state", await Text(serving, "/health/live"));
        Note("health-state", await Text(serving, "/health/ready"));
        await Stream(serving, 4);

        // All four events, and each stage but failed, were among them.
        Assert.Equal(4, sent.Keys.Count(Event.Names.Select(SchemaOf).Contains));
        Assert.All(sent, told =>
        {
            var name = at.Write($"{told.Key}.jsonl", string.Concat(told.Value.Select(t => t + "\n")));
            Assert.Equal("", SchemaCheck.Faults(Repository.PathTo("contracts", "schemas", "v1", told.Key + ".schema.json"), at.PathTo(name)));
        });
        var schemas = Directory.GetFiles(Repository.PathTo("contracts", "schemas", "v1")).Select(f => Path.GetFileName(f).Replace(".schema.json", "", StringComparison.Ordinal));
        // Seen by others: what is submitted, what goes between stages (both in Ingest.Broker.Tests), the outcome within the state of an article, and what only a run writes.
        Assert.Equal(["article-outcome", "article-pair", "deduplicate-articles", "normalise-articles", "raw-article", "source-ruling", "submit-articles"], schemas.Except(sent.Keys).Order(StringComparer.Ordinal));
    }

    [SchemaFact]
    public async Task A_server_without_its_broker_says_so_in_the_form_of_the_contract()
    {
        using var serving = Serving.StartUnready(at, "--rabbitmq", $"amqp://desk:secret@127.0.0.1:{Ingest.Broker.Tests.LoopbackPorts.Free()}/");
        for (var tries = 0; tries < 200; tries++, await Task.Delay(50))
        {
            try
            {
                using var answer = await serving.Http.GetAsync("/health/ready");
                Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
                var name = at.Write("health.json", await answer.Content.ReadAsStringAsync());
                Assert.Equal("", SchemaCheck.Faults(Repository.PathTo("contracts", "schemas", "v1", "health-state.schema.json"), at.PathTo(name)));
                return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
        }

        Assert.Fail(serving.Log);
    }

    [Fact]
    public void The_events_that_are_sent_are_those_of_the_contract() => Assert.Equal(
        typeof(CanonicalArticlePublished).Assembly.GetExportedTypes().Where(t => t.GetProperty(nameof(ArticleRejected.EventId)) is not null).Select(t => t.Name).Order(StringComparer.Ordinal),
        Event.Names.Order(StringComparer.Ordinal));

    static string SchemaOf(string type) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(type);

    static string Record(string id, string text) => new JsonObject { ["id"] = id, ["text"] = text }.ToJsonString();

    void Note(string message, string json)
    {
        if (!sent.TryGetValue(message, out var texts))
            sent[message] = texts = [];
        texts.Add(json);
    }

    async Task Submit(Serving serving, string type, string body, int status)
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var answer = await serving.Http.PostAsync("/v1/articles", content);
        var said = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, said);
        Assert.Equal(status == 202 ? "application/json" : "application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Note(status == 202 ? "submitted" : "problem", said);
    }

    /// <summary>Sources with what was learnt of them and ruled, in all its forms.</summary>
    async Task Sources(Serving serving)
    {
        Note("source-page", await Text(serving, "/v1/sources"));
        foreach (var number in Enumerable.Range(1, 3))
            await serving.Submit(new JsonObject { ["id"] = $"s{number}", ["feed"] = "coast", ["text"] = LearningTests.Advertised(number) }.ToJsonString() + "\n");
        await serving.Events(7);
        using (var lines = new StringContent(
            $$"""{"source":"coast","text":"Read all about it in our paper","ids":null}{{"\n"}}{"source":"hills","text":"Read also","ruling":"keep"}""", Encoding.UTF8, "application/x-ndjson"))
        using (var answer = await serving.Http.PostAsync("/v1/sources:import", lines))
            Note("sources-imported", await answer.Content.ReadAsStringAsync());
        using (var ruling = new StringContent("""{"text":"Read also","ruling":"remove"}""", Encoding.UTF8, "application/json"))
        using (var answer = await serving.Http.PutAsync("/v1/sources/coast/rulings", ruling))
            Note("source-ruled", await answer.Content.ReadAsStringAsync());
        Note("source-page", await Text(serving, "/v1/sources?limit=1"));
        Note("source-state", await Text(serving, "/v1/sources/coast"));
        Note("source-state", await Text(serving, "/v1/sources/hills"));
        foreach (var line in (await Text(serving, "/v1/sources:export")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Note("source-passage", line);
        Assert.Equal(["learnt", "remove", null, "keep"], sent["source-passage"].Select(l => (string?)JsonNode.Parse(l)!["ruling"]));
        Note("problem", await Text(serving, "/v1/sources/none", 404));
    }

    static async Task<string> Text(Serving serving, string path, int status = 200)
    {
        using var answer = await serving.Http.GetAsync(path);
        var said = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, said);
        return said;
    }

    /// <summary>The feed as server-sent events: of each the record alone.</summary>
    async Task Stream(Serving serving, int events)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/events?after=0") { Headers = { { "Accept", "text/event-stream" } } };
        using var answer = await serving.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        for (var type = ""; events > 0;)
        {
            var line = await lines.ReadLineAsync() ?? throw new InvalidOperationException("The feed ended.");
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                type = line["event: ".Length..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                Note(SchemaOf(type), line["data: ".Length..]);
                events--;
            }
        }
    }
}
