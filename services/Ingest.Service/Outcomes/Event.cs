using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ingest.Contracts.V1;
using Ingest.Core.Articles;
using Ingest.Ledger.Articles;
using Ingest.Ledger.Decisions;

namespace Ingest.Service.Outcomes;

/// <summary>What is told of one decision.</summary>
/// <param name="Name">Name of the contract's record.</param>
/// <param name="Id">Of the event: the same however often it is sent.</param>
/// <param name="Json">The record as UTF-8.</param>
sealed record Event(EventType Type, string Name, Guid Id, long Position, byte[] Json)
{
    /// <summary>All that can be told, by the names of the contract's records.</summary>
    public static readonly IReadOnlyList<(EventType Type, string Name)> Types =
    [
        (EventType.Published, nameof(CanonicalArticlePublished)), (EventType.Revised, nameof(CanonicalArticleRevised)),
        (EventType.Duplicate, nameof(DuplicateDetected)), (EventType.Rejected, nameof(ArticleRejected)),
    ];

    public static readonly IReadOnlyList<string> Names = [.. Types.Select(t => t.Name)];

    /// <summary>Made anew from the log each time: the log is the outbox.</summary>
    /// <param name="entry">Read with the texts that events tell of.</param>
    /// <exception cref="StoredResultException">What the ledger holds of the article cannot be read.</exception>
    public static Event Of(LogEntry entry, string collection)
    {
        var (decision, position, articleId) = (entry.Decision, entry.Decision.Position.Value, entry.ArticleId);
        var eventId = ArticleIds.EventOf(articleId);
        var named = collection == ArticleIds.DefaultCollection ? null : collection;
        return decision.Event switch
        {
            EventType.Rejected => Create(nameof(ArticleRejected), EventJson.Default.ArticleRejected, new ArticleRejected(
                eventId, position, decision.Decided, articleId, entry.Id,
                OutcomeMapper.ToContract(entry.Text!.Result().Rejection!, Audience.Client)) { Feed = entry.Feed, Collection = named }),
            EventType.Published => Create(nameof(CanonicalArticlePublished), EventJson.Default.CanonicalArticlePublished, new CanonicalArticlePublished(
                eventId, position, decision.Decided, articleId, entry.Id, articleId, decision.Place!.Version,
                Clean(entry)) { Feed = entry.Feed, Collection = named }),
            EventType.Revised => Create(nameof(CanonicalArticleRevised), EventJson.Default.CanonicalArticleRevised, new CanonicalArticleRevised(
                eventId, position, decision.Decided, articleId, entry.Id, entry.Story!.Value, decision.Place!.Version,
                entry.Previous!.Value, Joined(entry), Clean(entry)) { Feed = entry.Feed, Collection = named }),
            _ => Create(nameof(DuplicateDetected), EventJson.Default.DuplicateDetected, new DuplicateDetected(
                eventId, position, decision.Decided, articleId, entry.Id, entry.Story!.Value, decision.Place!.Version,
                entry.Canonical!.Value, Joined(entry)) { Feed = entry.Feed, Collection = named }),
        };

        Event Create<T>(string name, JsonTypeInfo<T> form, T told) =>
            new(decision.Event, name, eventId, position, JsonSerializer.SerializeToUtf8Bytes(told, form));
    }

    public static CleanArticle Clean(LogEntry entry) => OutcomeMapper.Clean(entry.Text!.Result().Article!);

    static Joined Joined(LogEntry entry)
    {
        var join = entry.Decision.Place!.Join!;
        return new Joined(
            OutcomeMapper.Word(join.Relation), entry.Matched!.Value, join.Resemblance, join.Containment,
            [.. join.Changes.Select(c => new Contracts.V1.Change(c.Before, c.After))]);
    }
}

/// <summary>The JSON form of events: that of every message of the contract.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CanonicalArticlePublished))]
[JsonSerializable(typeof(CanonicalArticleRevised))]
[JsonSerializable(typeof(DuplicateDetected))]
[JsonSerializable(typeof(ArticleRejected))]
sealed partial class EventJson : JsonSerializerContext
{
    static EventJson() => Default = new EventJson(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = ReadableJson.Encoder,
    });
}
