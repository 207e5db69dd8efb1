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
        var type = Messages[Message(sample)];
        var published = Sample(sample).AsObject();
        var read = JsonSerializer.SerializeToNode(JsonSerializer.Deserialize(published, type, Json), type, Json)!.AsObject();
        // A field that came later is null in a message of before it.
        foreach (var (name, _) in read.Where(f => f.Value is null && !published.ContainsKey(f.Key)).ToList())
            read.Remove(name);
        Assert.True(JsonNode.DeepEquals(published, read), read.ToJsonString());
    }

    [Fact]
    public void An_outcome_of_before_there_were_stories_has_none() =>
        Assert.Null(Sample("article-outcome.json").Deserialize<ArticleOutcome>(Json)!.Story);

    [Fact]
    public void A_revision_says_what_it_was_compared_with_and_what_changed()
    {
        var story = Sample("article-outcome.revision.json").Deserialize<ArticleOutcome>(Json)!.Story!;
        Assert.Equal(("wire/2024-03-04/0744", 2, "revision", "wire/2024-03-04/0731"), (story.Canonical, story.Version, story.Relation, story.Matched));
        Assert.Equal([new Change("300", "450"), new Change("31", "34")], story.Changes);
    }

    [SchemaFact]
    public void Every_sample_is_valid_by_its_schema() => Assert.All(Files, sample => Assert.Equal("", SchemaCheck.Faults(
        Repository.PathTo("contracts", "schemas", "v1", Message(sample) + ".schema.json"),
        Repository.PathTo("contracts", "samples", "v1", sample))));

    [SchemaFact]
    public void What_breaks_the_contract_is_no_valid_sample()
    {
        var outcome = Sample("article-outcome.json");
        outcome["removed"]![0]!["kind"] = "something-else";
        outcome["article"]!["published"] = "last Friday";
        outcome["rejection"] = new JsonObject { ["reason"] = "dull", ["detail"] = "" };
        var faults = Faults(outcome);
        Assert.Contains("something-else", faults, StringComparison.Ordinal);
        Assert.Contains("last Friday", faults, StringComparison.Ordinal);
        Assert.Contains("$.rejection", faults, StringComparison.Ordinal);
    }

    [SchemaFact]
    public void A_story_that_breaks_the_contract_is_not_valid()
    {
        JsonNode Broken(string sample, string field, JsonNode? value)
        {
            var outcome = Sample($"article-outcome.{sample}.json");
            outcome["story"]![field] = value;
            return outcome;
        }

        var rejected = Sample("article-outcome.rejected.json");
        rejected["story"] = Sample("article-outcome.canonical.json")["story"]!.DeepClone();
        JsonNode[] broken =
        [
            Broken("duplicate", "relation", "cousin"),
            Broken("duplicate", "relation", null),
            Broken("duplicate", "matched", null),
            Broken("duplicate", "resemblance", 1.01),
            Broken("duplicate", "containment", -0.01),
            Broken("duplicate", "version", 0),
            Broken("duplicate", "id", "7"),
            Broken("revision", "changes", new JsonArray(new JsonObject { ["before"] = "300" })),
            Broken("canonical", "relation", "near"),
            Broken("canonical", "containment", 1),
            rejected,
        ];
        var faults = Faults(broken);
        Assert.All(Enumerable.Range(1, broken.Length), line => Assert.Contains($".jsonl:{line}: $.story", faults, StringComparison.Ordinal));
    }

    static JsonNode Sample(string name) => JsonNode.Parse(File.ReadAllText(Repository.PathTo("contracts", "samples", "v1", name)))!;

    static string Faults(params JsonNode[] outcomes)
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.jsonl");
        try
        {
            File.WriteAllLines(file, outcomes.Select(o => o.ToJsonString()));
            return SchemaCheck.Faults(Repository.PathTo("contracts", "schemas", "v1", "article-outcome.schema.json"), file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    static string Message(string sample) => sample[..sample.IndexOf('.', StringComparison.Ordinal)];
}
