using System.Text.Json.Serialization;

namespace Ingest.Contracts.V1;

/// <summary>A story has its first article, which is its canonical.</summary>
/// <param name="EventId">Name-based UUID of the decision: the same however often the event is sent. Also the message id.</param>
/// <param name="Position">Place in the log of decisions, from 1, without gaps.</param>
/// <param name="ArticleId">UUID of the article; its state is at <c>/v1/articles/{articleId}</c>.</param>
/// <param name="Id">The submitter's id; the article's UUID where none was given.</param>
/// <param name="StoryId">UUID of the story: that of its first article.</param>
/// <param name="Version">How many canonical articles the story has had: here 1.</param>
public sealed record CanonicalArticlePublished(
    Guid EventId, long Position, DateTimeOffset Decided, Guid ArticleId, string Id, Guid StoryId, int Version, CleanArticle Article)
{
    /// <summary>The feed that the submission named.</summary>
    public string? Feed { get; init; }

    /// <summary>The collection whose log has it; missing for the default one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Collection { get; init; }
}

/// <summary>
/// A better article took the place of a story's canonical: a correction, a later version, a fuller text, the agency's own copy.
/// </summary>
/// <param name="Previous">UUID of the article that was the canonical before.</param>
public sealed record CanonicalArticleRevised(
    Guid EventId, long Position, DateTimeOffset Decided, Guid ArticleId, string Id, Guid StoryId, int Version, Guid Previous,
    Joined Joined, CleanArticle Article)
{
    /// <summary>The feed that the submission named.</summary>
    public string? Feed { get; init; }

    /// <summary>The collection whose log has it; missing for the default one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Collection { get; init; }
}

/// <summary>A copy of a story was found; the story's canonical stays.</summary>
/// <param name="Canonical">UUID of the story's canonical article.</param>
public sealed record DuplicateDetected(
    Guid EventId, long Position, DateTimeOffset Decided, Guid ArticleId, string Id, Guid StoryId, int Version, Guid Canonical,
    Joined Joined)
{
    /// <summary>The feed that the submission named.</summary>
    public string? Feed { get; init; }

    /// <summary>The collection whose log has it; missing for the default one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Collection { get; init; }
}

/// <summary>No article could be made of what was submitted.</summary>
public sealed record ArticleRejected(
    Guid EventId, long Position, DateTimeOffset Decided, Guid ArticleId, string Id, Rejection Rejection)
{
    /// <summary>The feed that the submission named.</summary>
    public string? Feed { get; init; }

    /// <summary>The collection whose log has it; missing for the default one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Collection { get; init; }
}

/// <summary>Why an article was joined to its story.</summary>
/// <param name="Relation">To <see cref="Matched"/>: <c>exact</c>, <c>near</c>, <c>excerpt</c>, <c>expanded</c> or <c>revision</c>.</param>
/// <param name="Matched">UUID of the earlier article of the story that it was found to be a copy or version of.</param>
/// <param name="Resemblance">Shingles in both texts as a share of shingles in either (Jaccard), 0 to 1.</param>
/// <param name="Containment">Share of the shorter text's words that the other has, 0 to 1.</param>
/// <param name="Changes">For a revision, what reads otherwise; otherwise empty.</param>
public sealed record Joined(string Relation, Guid Matched, double Resemblance, double Containment, IReadOnlyList<Change> Changes);

/// <summary>
/// A clean article as it is published: an <see cref="Article"/> without the account of where each part of it came from,
/// which is kept at <c>/v1/articles/{articleId}</c>.
/// </summary>
public sealed record CleanArticle(
    string? Headline,
    IReadOnlyList<Byline> Bylines,
    string? Agency,
    string? Publisher,
    string? Dateline,
    string? Published,
    string? Language,
    string? Url,
    string? Slugline,
    string? Version,
    string? Correction,
    string? EdNote,
    string? CopyrightNotice,
    string Profile,
    string PubStatus,
    string RepresentationType,
    IReadOnlyList<string> Body,
    IReadOnlyList<MediaItem> Media,
    IReadOnlyList<SocialEmbed> Embeds,
    IReadOnlyList<string> RelatedLinks,
    IReadOnlyList<string> Tags)
{    /// <summary>The part of the paper or site, as its sender calls it.</summary>
    public string? Section { get; init; }

    /// <summary>1 (flash) to 9.</summary>
    public int? Urgency { get; init; }

    /// <summary>ISO 8601: not to be published before.</summary>
    public string? EmbargoedUntil { get; init; }

    /// <summary>Who may use it, and how, in the sender's words.</summary>
    public string? UsageTerms { get; init; }
}
