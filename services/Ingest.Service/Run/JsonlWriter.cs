using System.Text.Json;
using System.Text.Json.Serialization;
using Ingest.Contracts.V1;
using Ingest.Service.Outcomes;

namespace Ingest.Service.Run;

/// <summary>One outcome of the contract a line.</summary>
sealed class JsonlWriter(TextWriter output) : IOutcomeWriter
{
    public void Write(Outcome outcome)
    {
        output.Write(Line(outcome));
        output.Write('\n');
    }

    public void Write(Outcome[] outcomes)
    {
        var lines = new string[outcomes.Length];
        Parallel.For(0, outcomes.Length, i => lines[i] = Line(outcomes[i]));
        foreach (var line in lines)
        {
            output.Write(line);
            output.Write('\n');
        }
    }

    static string Line(Outcome outcome) =>
        ReadableJson.Escaped(JsonSerializer.Serialize(outcome.ToContract(), ContractJson.Readable.ArticleOutcome));

    public void Finish() => output.Flush();
}

/// <summary>The JSON form of the contract: camel case, nulls written, letters of all scripts as they are.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ArticleOutcome))]
[JsonSerializable(typeof(ArticlePair))]
sealed partial class ContractJson : JsonSerializerContext
{
    public static ContractJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = ReadableJson.Encoder,
    });
}
