using System.Text.Json;
using System.Text.Json.Serialization;
using Ingest.Contracts.V1;
using Ingest.Service.Outcomes;

namespace Ingest.Service.Http;

/// <summary>The JSON form of what is answered over HTTP: that of every message of the contract.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Submitted))]
[JsonSerializable(typeof(SubmittedLine))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ArticleState))]
[JsonSerializable(typeof(StoryState))]
[JsonSerializable(typeof(StoryAnswer))]
[JsonSerializable(typeof(StoryPage))]
[JsonSerializable(typeof(EventPage))]
[JsonSerializable(typeof(List<DamagedEntry>))]
[JsonSerializable(typeof(HealthState))]
[JsonSerializable(typeof(SourcePage))]
[JsonSerializable(typeof(SourceState))]
[JsonSerializable(typeof(SourcePassage))]
[JsonSerializable(typeof(SourceRuling))]
[JsonSerializable(typeof(SourceRuled))]
[JsonSerializable(typeof(SourcesImported))]
sealed partial class HttpJson : JsonSerializerContext
{
    static HttpJson() => Default = new HttpJson(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = ReadableJson.Encoder });
}
