using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ingest.Contracts.V1;
using Ingest.Service.Outcomes;

namespace Ingest.Service.Http;

/// <summary>The JSON form of what is answered over HTTP: that of every message of the contract.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Submitted))]
[JsonSerializable(typeof(SubmittedLine))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(Analysis))]
[JsonSerializable(typeof(ArticleState))]
[JsonSerializable(typeof(StoryState))]
[JsonSerializable(typeof(StoryAnswer))]
[JsonSerializable(typeof(StoryPage))]
[JsonSerializable(typeof(EventPage))]
[JsonSerializable(typeof(List<DamagedEntry>))]
[JsonSerializable(typeof(HealthState))]
[JsonSerializable(typeof(CollectionList))]
[JsonSerializable(typeof(SourcePage))]
[JsonSerializable(typeof(SourceState))]
[JsonSerializable(typeof(SourcePassage))]
[JsonSerializable(typeof(SourceRuling))]
[JsonSerializable(typeof(SourceRuled))]
[JsonSerializable(typeof(SourcesImported))]
sealed partial class HttpJson : JsonSerializerContext
{
    /// <summary>Writes a line of JSON Lines.</summary>
    public static void WriteLine<T>(IBufferWriter<byte> output, T value, JsonTypeInfo<T> type)
    {
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = ReadableJson.Encoder }))
            JsonSerializer.Serialize(json, value, type);
        output.Write("\n"u8);
    }

    static HttpJson() => Default = new HttpJson(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = ReadableJson.Encoder });
}
