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

    public static TheoryData<string, Type> Definitions() => new()
    {
        { "rejection", typeof(V1.Rejection) },
        { "story", typeof(V1.Story) },
        { "change", typeof(V1.Change) },
        { "article", typeof(V1.Article) },
        { "byline", typeof(V1.Byline) },
        { "keptBlock", typeof(KeptBlock) },
        { "removedBlock", typeof(RemovedBlock) },
        { "mediaItem", typeof(V1.MediaItem) },
        { "socialEmbed", typeof(V1.SocialEmbed) },
        { "fieldEvidence", typeof(V1.FieldEvidence) },
    };

    [Theory]
    [MemberData(nameof(Definitions))]
    public void A_record_and_its_definition_have_the_same_fields(string definition, Type record)
    {
        var schema = Outcome["$defs"]![definition]!;
        Assert.Equal(Fields(record), Names(schema));
        Assert.Equal(Fields(record), schema["required"]!.AsArray().Select(n => (string)n!));
    }

    [Fact]
    public void The_messages_and_their_schemas_have_the_same_fields()
    {
        Assert.Equal(Fields(typeof(ArticleOutcome)), Names(Outcome));
        Assert.Equal(Fields(typeof(V1.RawArticle)), Names(Raw));
        Assert.Equal(["text"], Raw["required"]!.AsArray().Select(n => (string)n!));
    }

    [Fact]
    public void Every_field_of_a_schema_is_described() => Assert.All(
        new[] { Outcome, Raw, Outcome["$defs"]!["article"]!, Outcome["$defs"]!["story"]!, Outcome["$defs"]!["change"]! }.SelectMany(s => s["properties"]!.AsObject()),
        field => Assert.NotEqual("", (string?)field.Value!["description"] ?? ""));

    [Fact]
    public void An_outcome_needs_no_story_as_older_ones_have_none() =>
        Assert.Equal(Names(Outcome).Except(["story"]), Outcome["required"]!.AsArray().Select(n => (string)n!));

    [Fact]
    public void The_relations_are_those_of_the_core_in_its_order()
    {
        Assert.Equal(Enum.GetNames<Relation>().Select(n => n.ToLowerInvariant()), Choices("relation"));
        Assert.All(Choices("relation"), name => Assert.Contains($" {name}: ", (string)Outcome["$defs"]!["relation"]!["description"]!, StringComparison.Ordinal));
    }

    [Fact]
    public void A_revision_lists_as_many_changes_as_the_core_finds_at_most() =>
        Assert.Equal(Core.Deduplication.Change.Most, (int)Outcome["$defs"]!["story"]!["properties"]!["changes"]!["maxItems"]!);

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

    static IEnumerable<string> Choices(string definition) => Outcome["$defs"]![definition]!["enum"]!.AsArray().Select(n => (string)n!);

    static IEnumerable<string> Fields(Type record) => record.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name));
}
