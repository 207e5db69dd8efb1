using System.Text.Json;
using System.Text.Json.Serialization;
using Ingest.Contracts.V1;
using Ingest.Core.Articles;
using Ingest.Ledger.Articles;
using Ingest.Ledger.Decisions;
using Ingest.Service.Accept;
using Ingest.Service.Cli;
using Ingest.Service.Normalise;

namespace Ingest.Service.Publish;

/// <summary>What is told of one decision.</summary>
/// <param name="Type">Name of the contract's record.</param>
/// <param name="Id">Of the event: the same however often it is sent.</param>
/// <param name="Json">The record as UTF-8.</param>
sealed record Event(string Type, Guid Id, long Position, byte[] Json)
{
    public static readonly IReadOnlyList<string> Types = [nameof(CanonicalArticlePublished), nameof(CanonicalArticleRevised), nameof(DuplicateDetected), nameof(ArticleRejected)];

    /// <summary>Made anew from the log each time: the log is the outbox.</summary>
    public static Event Of(LogEntry entry)
    {
        var (decision, article) = (entry.Decision, entry.Id);
        var id = ArticleIds.EventOf(article);
        if (decision.Place is not { } place)
            return Create(nameof(ArticleRejected), EventJson.Default.ArticleRejected, new ArticleRejected(id, decision.Position, decision.Decided, article, entry.Submitted, RejectionOf(Result(entry).Rejection!)));
        if (place.Join is not { } join)
            return Create(nameof(CanonicalArticlePublished), EventJson.Default.CanonicalArticlePublished, new CanonicalArticlePublished(
                id, decision.Position, decision.Decided, article, entry.Submitted, article, place.Version, Clean(entry)));
        if (place.Canonical == place.Number)
            return Create(nameof(CanonicalArticleRevised), EventJson.Default.CanonicalArticleRevised, new CanonicalArticleRevised(
                id, decision.Position, decision.Decided, article, entry.Submitted, entry.Story!.Value, place.Version, entry.Previous!.Value, JoinedOf(join, entry), Clean(entry)));
        return Create(nameof(DuplicateDetected), EventJson.Default.DuplicateDetected, new DuplicateDetected(
            id, decision.Position, decision.Decided, article, entry.Submitted, entry.Story!.Value, place.Version, entry.Canonical!.Value, JoinedOf(join, entry)));

        Event Create<T>(string type, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> form, T told) => new(type, id, decision.Position, JsonSerializer.SerializeToUtf8Bytes(told, form));
    }

    public static NormalisationResult Result(LogEntry entry) => StoredResult.Read(entry.Result, entry.Text);

    public static CleanArticle Clean(LogEntry entry) => OutcomeMapper.Clean(Result(entry).Article!);

    public static Contracts.V1.Rejection RejectionOf(Core.Articles.Rejection rejection) => new(OutcomeMapper.Hyphenated(rejection.Reason), rejection.Detail);

    static Joined JoinedOf(DecidedJoin join, LogEntry entry) =>
        new(join.Relation, entry.Matched!.Value, join.Resemblance, join.Containment, [.. join.Changes.Select(c => new Contracts.V1.Change(c.Before, c.After))]);
}

/// <summary>The JSON form of events: that of every message of the contract.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CanonicalArticlePublished))]
[JsonSerializable(typeof(CanonicalArticleRevised))]
[JsonSerializable(typeof(DuplicateDetected))]
[JsonSerializable(typeof(ArticleRejected))]
sealed partial class EventJson : JsonSerializerContext
{
    static EventJson() => Default = new EventJson(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = ReadableJson.Encoder });
}
