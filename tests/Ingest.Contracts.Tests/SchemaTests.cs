using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ingest.Contracts.V1;
using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using BlockKind = Ingest.Core.Articles.BlockKind;
using ContractKinds = Ingest.Contracts.V1.BlockKinds;

namespace Ingest.Contracts.Tests;

/// <summary>Records, schemas and the core say the same.</summary>
public class SchemaTests
{
    static readonly JsonNode Outcome = Schema("article-outcome");
    static readonly JsonNode Raw = Schema("raw-article");

    /// <summary>Where the schema of each record is: a message, or a definition within one.</summary>
    static readonly Dictionary<Type, (string Message, string? Definition)> Records = new()
    {
        [typeof(V1.RawArticle)] = ("raw-article", null),
        [typeof(ArticleOutcome)] = ("article-outcome", null),
        [typeof(V1.Rejection)] = ("article-outcome", "rejection"),
        [typeof(V1.Story)] = ("article-outcome", "story"),
        [typeof(V1.Change)] = ("article-outcome", "change"),
        [typeof(V1.Article)] = ("article-outcome", "article"),
        [typeof(V1.Byline)] = ("article-outcome", "byline"),
        [typeof(KeptBlock)] = ("article-outcome", "keptBlock"),
        [typeof(RemovedBlock)] = ("article-outcome", "removedBlock"),
        [typeof(V1.Repeated)] = ("article-outcome", "repeated"),
        [typeof(V1.MediaItem)] = ("article-outcome", "mediaItem"),
        [typeof(V1.SocialEmbed)] = ("article-outcome", "socialEmbed"),
        [typeof(V1.FieldEvidence)] = ("article-outcome", "fieldEvidence"),
        [typeof(ArticlePair)] = ("article-pair", null),
        [typeof(SubmitArticles)] = ("submit-articles", "submitArticles"),
        [typeof(CanonicalArticlePublished)] = ("canonical-article-published", null),
        [typeof(CleanArticle)] = ("canonical-article-published", "cleanArticle"),
        [typeof(CanonicalArticleRevised)] = ("canonical-article-revised", null),
        [typeof(DuplicateDetected)] = ("duplicate-detected", null),
        [typeof(Joined)] = ("duplicate-detected", "joined"),
        [typeof(ArticleRejected)] = ("article-rejected", null),
        [typeof(NormaliseArticles)] = ("normalise-articles", null),
        [typeof(DeduplicateArticles)] = ("deduplicate-articles", null),
        [typeof(NormalisedArticle)] = ("deduplicate-articles", "normalisedArticle"),
        [typeof(NormalisationFault)] = ("deduplicate-articles", "normalisationFault"),
        [typeof(Submitted)] = ("submitted", null),
        [typeof(SubmittedLine)] = ("submitted-line", null),
        [typeof(Problem)] = ("problem", null),
        [typeof(CollectionList)] = ("collection-list", null),
        [typeof(Analysis)] = ("analysis", null),
        [typeof(AnalysedArticle)] = ("analysis", "analysedArticle"),
        [typeof(V1.NearStory)] = ("analysis", "nearStory"),
        [typeof(ArticleState)] = ("article-state", null),
        [typeof(StoryState)] = ("story-state", null),
        [typeof(StoryMember)] = ("story-state", "storyMember"),
        [typeof(StoryPage)] = ("story-page", null),
        [typeof(StorySummary)] = ("story-page", "storySummary"),
        [typeof(EventPage)] = ("event-page", null),
        [typeof(LoggedEvent)] = ("event-page", "loggedEvent"),
        [typeof(DamagedEntry)] = ("event-page", "damagedEntry"),
        [typeof(HealthState)] = ("health-state", null),
        [typeof(SourcePage)] = ("source-page", null),
        [typeof(SourceSummary)] = ("source-page", "sourceSummary"),
        [typeof(RemovedShare)] = ("source-page", "removedShare"),
        [typeof(SourceState)] = ("source-state", null),
        [typeof(SourcePassage)] = ("source-passage", null),
        [typeof(SourceRuling)] = ("source-ruling", null),
        [typeof(SourceRuled)] = ("source-ruled", null),
        [typeof(SourcesImported)] = ("sources-imported", null),
    };

    public static TheoryData<Type> AllRecords() => [.. Records.Keys];

    [Fact]
    public void Every_record_of_the_contract_has_a_schema() => Assert.Equal(
        typeof(ArticleOutcome).Assembly.GetExportedTypes().Where(t => t.GetMethod("<Clone>$") is not null && t != typeof(V1.BlockKind)).Select(t => t.Name).Order(StringComparer.Ordinal),
        Records.Keys.Select(t => t.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(AllRecords))]
    public void A_record_and_its_schema_have_the_same_fields(Type record)
    {
        var schema = Definition(record);
        Assert.Equal(Fields(record), Names(schema));
        if (record == typeof(V1.RawArticle))
            // One of the two, which a list of what is required cannot say.
            Assert.Equal([["text"], ["html"]], schema["anyOf"]!.AsArray().Select(either => Required(either!)));
        else
            // A field that came later is not in the constructor, and is not required: what was written before it stays valid.
            Assert.Equal(record.GetConstructors().Single(c => c.GetParameters().Length > 0).GetParameters().Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name!)), Required(schema));
    }

    [Theory]
    [MemberData(nameof(AllRecords))]
    public void A_field_that_may_be_null_in_the_record_may_be_null_in_the_schema(Type record)
    {
        var nullability = new NullabilityInfoContext();
        Assert.All(record.GetProperties(BindingFlags.Public | BindingFlags.Instance), property => Assert.Equal(
            nullability.Create(property).ReadState == NullabilityState.Nullable,
            AllowsNull(Definition(record)["properties"]![JsonNamingPolicy.CamelCase.ConvertName(property.Name)]!)));
    }

    [Fact]
    public void Every_schema_is_named_after_its_file() => Assert.All(Records.Values.Select(r => r.Message).Distinct(), message =>
    {
        Assert.Equal($"urn:ingest:contracts:v1:{message}", (string?)Schema(message)["$id"]);
        Assert.NotEqual("", (string?)Schema(message)["description"] ?? "");
    });

    [Fact]
    public void Every_field_of_a_schema_is_described() => Assert.All(
        Records.Keys.Where(r => !Small.Contains(r)).SelectMany(r => Definition(r)["properties"]!.AsObject()),
        field => Assert.NotEqual("", (string?)field.Value!["description"] ?? ""));

    /// <summary>Their fields say it all by their names.</summary>
    static readonly Type[] Small = [typeof(V1.Byline), typeof(KeptBlock), typeof(RemovedBlock), typeof(V1.MediaItem), typeof(V1.SocialEmbed), typeof(V1.FieldEvidence), typeof(V1.Rejection)];

    [Fact]
    public void A_published_article_is_that_of_the_outcome_without_blocks_and_evidence()
    {
        var article = Outcome["$defs"]!["article"]!["properties"]!.AsObject().Where(p => p.Key is not ("blocks" or "evidence"));
        var clean = Schema("canonical-article-published")["$defs"]!["cleanArticle"]!["properties"]!.AsObject();
        Assert.Equal(article.Select(p => p.Key), clean.Select(p => p.Key));
        Assert.All(article, p => Assert.Equal(p.Value!.ToJsonString().Replace("\"#/", "\"urn:ingest:contracts:v1:article-outcome#/", StringComparison.Ordinal), clean[p.Key]!.ToJsonString()));
    }

    [Fact]
    public void The_rejections_are_those_of_the_core_in_its_order() => Assert.Equal(
        Enum.GetNames<RejectionReason>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName),
        Outcome["$defs"]!["rejection"]!["properties"]!["reason"]!["enum"]!.AsArray().Select(n => (string)n!));

    [Fact]
    public void The_events_of_a_page_are_the_events_of_the_contract()
    {
        var logged = Schema("event-page")["$defs"]!["loggedEvent"]!;
        var events = logged["properties"]!["type"]!["enum"]!.AsArray().Select(n => (string)n!).ToList();
        Assert.Equal(Records.Keys.Where(t => t.GetProperty(nameof(ArticleRejected.EventId)) is not null).Select(t => t.Name).Order(StringComparer.Ordinal), events.Order(StringComparer.Ordinal));
        Assert.Equal(
            events.Select(e => (e, $"urn:ingest:contracts:v1:{JsonNamingPolicy.KebabCaseLower.ConvertName(e)}")),
            logged["allOf"]!.AsArray().Select(c => ((string)c!["if"]!["properties"]!["type"]!["const"]!, (string)c["then"]!["properties"]!["event"]!["$ref"]!)));
    }

    [Fact]
    public void The_relations_are_those_of_the_core_in_its_order()
    {
        Assert.Equal(Enum.GetNames<Relation>().Select(n => n.ToLowerInvariant()), Choices("relation"));
        Assert.All(Choices("relation"), name => Assert.Contains($" {name}: ", (string)Outcome["$defs"]!["relation"]!["description"]!, StringComparison.Ordinal));
    }

    [Fact]
    public void A_revision_lists_as_many_changes_as_the_core_finds_at_most() =>
        Assert.Equal(Core.Deduplication.Alignment.Change.Most, (int)Outcome["$defs"]!["story"]!["properties"]!["changes"]!["maxItems"]!);

    [Fact]
    public void The_block_kinds_are_those_of_the_core_in_its_order()
    {
        Assert.Equal(Enum.GetValues<BlockKind>().Select(k => k.Name()), ContractKinds.All.Select(k => k.Name));
        Assert.All(Enum.GetValues<BlockKind>(), kind => Assert.Equal(
            kind.IsBody() ? BlockGroup.Body : kind.IsField() ? BlockGroup.Field : BlockGroup.Removed,
            ContractKinds.All[(int)kind].Group));
        Assert.All(ContractKinds.All, kind => Assert.EndsWith(".", kind.Meaning, StringComparison.Ordinal));
    }

    [Fact]
    public void The_block_kinds_are_those_of_the_schema()
    {
        Assert.Equal(ContractKinds.All.Where(k => k.Group != BlockGroup.Removed).Select(k => k.Name), Choices("keptKind"));
        Assert.Equal(ContractKinds.All.Where(k => k.Group == BlockGroup.Removed).Select(k => k.Name), Choices("removedKind"));
        Assert.All(ContractKinds.All, kind => Assert.Contains($"{kind.Name}: {kind.Meaning}",
            (string)Outcome["$defs"]![kind.Group == BlockGroup.Removed ? "removedKind" : "keptKind"]!["description"]!, StringComparison.Ordinal));
    }

    [Fact]
    public void The_contract_references_nothing_of_ours() => Assert.DoesNotContain(
        typeof(ArticleOutcome).Assembly.GetReferencedAssemblies(), a => a.Name!.StartsWith("Ingest", StringComparison.OrdinalIgnoreCase));

    static JsonNode Schema(string message) => JsonNode.Parse(File.ReadAllText(Repository.PathTo("contracts", "schemas", "v1", message + ".schema.json")))!;

    static IEnumerable<string> Names(JsonNode schema) => schema["properties"]!.AsObject().Select(p => p.Key);

    static IEnumerable<string> Required(JsonNode schema) => schema["required"]!.AsArray().Select(n => (string)n!);

    static JsonNode Definition(Type record)
    {
        var (message, definition) = Records[record];
        return definition is null ? Schema(message) : Schema(message)["$defs"]![definition]!;
    }

    static bool AllowsNull(JsonNode field) =>
        field["anyOf"]?.AsArray().Any(f => (string?)f!["type"] == "null")
        ?? (field["type"] is JsonArray types && types.Any(t => (string?)t == "null"));

    static IEnumerable<string> Choices(string definition) => Outcome["$defs"]![definition]!["enum"]!.AsArray().Select(n => (string)n!);

    static IEnumerable<string> Fields(Type record) => record.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name));
}
