using System.Text.Json;
using System.Text.Json.Nodes;
using Ingest.Contracts.V1;

namespace Ingest.Contracts.Tests;

/// <summary>Every sample that was ever published keeps its meaning. A sample is named after its message: message[.case].json.</summary>
public class SampleTests
{
    static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    static readonly Dictionary<string, Type> Messages = new(StringComparer.Ordinal)
    {
        ["raw-article"] = typeof(RawArticle),
        ["article-outcome"] = typeof(ArticleOutcome),
    };

    static readonly List<string> Files = [.. Directory.GetFiles(Repository.PathTo("contracts", "samples", "v1"), "*.json").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Samples() => [.. Files];

    [Fact]
    public void Every_message_has_a_sample() =>
        Assert.All(Messages.Keys, message => Assert.Contains(Files, sample => Message(sample) == message));

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_comes_back_as_it_was(string sample)
    {
        var text = File.ReadAllText(Repository.PathTo("contracts", "samples", "v1", sample));
        var type = Messages[Message(sample)];
        var message = JsonSerializer.Deserialize(text, type, Json);
        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(text), JsonNode.Parse(JsonSerializer.Serialize(message, type, Json))),
            JsonSerializer.Serialize(message, type, Json));
    }

    [SchemaFact]
    public void Every_sample_is_valid_by_its_schema() => Assert.All(Files, sample => Assert.Equal("", SchemaCheck.Faults(
        Repository.PathTo("contracts", "schemas", "v1", Message(sample) + ".schema.json"),
        Repository.PathTo("contracts", "samples", "v1", sample))));

    [SchemaFact]
    public void What_breaks_the_contract_is_no_valid_sample()
    {
        var outcome = JsonNode.Parse(File.ReadAllText(Repository.PathTo("contracts", "samples", "v1", "article-outcome.json")))!;
        outcome["removed"]![0]!["kind"] = "something-else";
        outcome["article"]!["published"] = "last Friday";
        outcome["rejection"] = new JsonObject { ["reason"] = "dull", ["detail"] = "" };
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, outcome.ToJsonString());
            var faults = SchemaCheck.Faults(Repository.PathTo("contracts", "schemas", "v1", "article-outcome.schema.json"), file);
            Assert.Contains("something-else", faults, StringComparison.Ordinal);
            Assert.Contains("last Friday", faults, StringComparison.Ordinal);
            Assert.Contains("$.rejection", faults, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    static string Message(string sample) => sample[..sample.IndexOf('.', StringComparison.Ordinal)];
}
