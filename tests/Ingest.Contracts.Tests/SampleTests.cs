using System.Text.Json;
using System.Text.Json.Nodes;
using Ingest.Contracts.V1;

namespace Ingest.Contracts.Tests;

/// <summary>Every sample that was ever published keeps its meaning (row 22 of the faults). A sample is named after its message: message[.case].json.</summary>
public class SampleTests
{
    static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    static readonly Dictionary<string, Type> Messages = new(StringComparer.Ordinal)
    {
        ["raw-article"] = typeof(RawArticle),
        ["article-outcome"] = typeof(ArticleOutcome),
        ["article-pair"] = typeof(ArticlePair),
        ["submit-articles"] = typeof(SubmitArticles),
        ["submit-articles.list"] = typeof(IReadOnlyList<RawArticle>),
        ["submit-articles.one"] = typeof(RawArticle),
        ["canonical-article-published"] = typeof(CanonicalArticlePublished),
        ["canonical-article-revised"] = typeof(CanonicalArticleRevised),
        ["duplicate-detected"] = typeof(DuplicateDetected),
        ["article-rejected"] = typeof(ArticleRejected),
        ["normalise-articles"] = typeof(NormaliseArticles),
        ["deduplicate-articles"] = typeof(DeduplicateArticles),
        ["submitted"] = typeof(Submitted),
        ["submitted-line"] = typeof(SubmittedLine),
        ["problem"] = typeof(Problem),
        ["collection-list"] = typeof(CollectionList),
        ["analysis"] = typeof(Analysis),
        ["article-state"] = typeof(ArticleState),
        ["story-state"] = typeof(StoryState),
        ["story-page"] = typeof(StoryPage),
        ["event-page"] = typeof(EventPage),
        ["health-state"] = typeof(HealthState),
        ["source-page"] = typeof(SourcePage),
        ["source-state"] = typeof(SourceState),
        ["source-passage"] = typeof(SourcePassage),
        ["source-ruling"] = typeof(SourceRuling),
        ["source-ruled"] = typeof(SourceRuled),
        ["sources-imported"] = typeof(SourcesImported),
    };

    static readonly List<string> Files = [.. Directory.GetFiles(Repository.PathTo("contracts", "samples", "v1"), "*.json").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Samples() => [.. Files];

    [Fact]
    public void Every_message_has_a_sample() =>
        Assert.All(Messages.Keys, message => Assert.Contains(Files, sample => Message(sample) == message || sample == message + ".json"));

    [Fact]
    public void Every_schema_is_that_of_a_message_and_has_a_sample() => Assert.Equal(
        Messages.Keys.Where(m => !m.Contains('.', StringComparison.Ordinal)).Order(StringComparer.Ordinal),
        Directory.GetFiles(Repository.PathTo("contracts", "schemas", "v1")).Select(f => Path.GetFileName(f).Replace(".schema.json", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_comes_back_as_it_was(string sample)
    {
        var published = Sample(sample);
        var read = Reread(published, sample);
        Forget(read, published);
        Assert.True(JsonNode.DeepEquals(published, read), read.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Fields_that_a_reader_does_not_know_are_ignored(string sample)
    {
        var later = Sample(sample);
        Add(later, "fromALaterVersion");
        var (read, known) = (Reread(later, sample), Sample(sample));
        Forget(read, known);
        Assert.True(JsonNode.DeepEquals(known, read), read.ToJsonString());
    }

    [SchemaFact]
    public void Fields_that_a_schema_does_not_know_are_valid() => Assert.All(Files, sample =>
    {
        var later = Sample(sample);
        Add(later, "fromALaterVersion");
        Assert.Equal("", Faults(Message(sample), later));
    });

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

    [SchemaFact]
    public void A_message_that_breaks_the_contract_is_not_valid()
    {
        void Broken(string sample, Action<JsonNode> breaking, string where)
        {
            var message = Sample(sample + ".json");
            breaking(message);
            Assert.Contains(where, Faults(Message(sample + ".json"), message), StringComparison.Ordinal);
        }

        Broken("canonical-article-published", m => m["version"] = 2, "$.version");
        Broken("canonical-article-published", m => m["decided"] = "yesterday", "$.decided");
        Broken("canonical-article-published", m => m["article"]!["pubStatus"] = "gone", "$.article.pubStatus");
        Broken("canonical-article-published.withheld", m => m["article"]!["urgency"] = 0, "$.article.urgency");
        Broken("canonical-article-published.withheld", m => m["article"]!["embargoedUntil"] = "Friday", "$.article.embargoedUntil");
        Broken("canonical-article-revised", m => m["previous"] = "wire/2024-03-04/0731", "$.previous");
        Broken("canonical-article-revised", m => m["joined"]!["relation"] = "cousin", "$.joined.relation");
        Broken("duplicate-detected", m => m.AsObject().Remove("canonical"), "'canonical' is a required property");
        Broken("article-rejected", m => m["rejection"]!["reason"] = "dull", "$.rejection.reason");
        Broken("article-pair", m => m["relation"] = "cousin", "$.relation");
        Broken("article-pair", m => m["matched"] = null, "$.matched");
        Broken("submit-articles", m => m["articles"] = new JsonArray(), "$: ");
        Broken("submit-articles.one", m => m["text"] = 7, "$: ");
        Broken("raw-article.html", m => m["html"] = "", "$: ");
        Broken("raw-article.html", m => m["text"] = "A text as well.", "$: ");
        Broken("raw-article.wire", m => m["urgency"] = 10, "$.urgency");
        Broken("submitted-line", m => m["article"] = null, "$.article");
        Broken("article-state", m => m["outcome"]!["story"]!["version"] = 0, "$.outcome");
        Broken("article-state.accepted", m => m["position"] = 1, "$.position");
        Broken("article-state", m => m["stage"] = "lost", "$.stage");
        Broken("event-page", m => m["events"]![0]!["type"] = "Rumour", "$.events[0].type");
        Broken("event-page", m => m["events"]![0]!["type"] = "ArticleRejected", "$.events[0].event");
        Broken("health-state", m => m["status"] = "unwell", "$.status");
        Broken("source-passage.ruled", m => m["ruling"] = "kept", "$.ruling");
        Broken("source-state", m => m["passages"]![1]!["articles"] = 0, "$.passages[1]");
        Broken("source-ruling", m => m["ruling"] = "learnt", "$.ruling");
    }

    static JsonNode Sample(string name) => JsonNode.Parse(File.ReadAllText(Repository.PathTo("contracts", "samples", "v1", name)))!;

    static JsonNode Reread(JsonNode message, string sample)
    {
        var type = Messages.GetValueOrDefault(sample[..^".json".Length]) ?? Messages[Message(sample)];
        return JsonSerializer.SerializeToNode(JsonSerializer.Deserialize(message, type, Json), type, Json)!;
    }

    /// <summary>Takes out what a message of before does not have: a field that came later, which is null in it.</summary>
    static void Forget(JsonNode? read, JsonNode? before)
    {
        if (read is JsonObject fields && before is JsonObject had)
        {
            foreach (var (name, _) in fields.Where(f => f.Value is null && !had.ContainsKey(f.Key)).ToList())
                fields.Remove(name);
            foreach (var (name, value) in fields)
                Forget(value, had[name]);
        }
        else if (read is JsonArray items && before is JsonArray old)
        {
            for (var i = 0; i < Math.Min(items.Count, old.Count); i++)
                Forget(items[i], old[i]);
        }
    }

    /// <summary>Gives every object a field, but for those whose names are data and for events of a page, which are passed on as they are.</summary>
    static void Add(JsonNode? node, string name)
    {
        if (node is JsonObject fields)
        {
            foreach (var (field, value) in fields.ToList())
                if (field is not ("evidence" or "reasons" or "warnings" or "event"))
                    Add(value, name);
            fields[name] = new JsonArray(1, "two");
        }
        else if (node is JsonArray items)
        {
            foreach (var item in items)
                Add(item, name);
        }
    }

    static string Faults(params JsonNode[] outcomes) => Faults("article-outcome", outcomes);

    static string Faults(string message, params JsonNode[] texts)
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.jsonl");
        try
        {
            File.WriteAllLines(file, texts.Select(o => o.ToJsonString()));
            return SchemaCheck.Faults(Repository.PathTo("contracts", "schemas", "v1", message + ".schema.json"), file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    static string Message(string sample) => sample[..sample.IndexOf('.', StringComparison.Ordinal)];
}
