using System.Text.Json.Serialization;

namespace Ingest.Contracts.V1;

/// <summary>Answer to a submission over HTTP: the article is in the ledger, and nothing can make it be lost.</summary>
/// <param name="ArticleId">UUID under which it is found.</param>
/// <param name="Id">The submitter's id; the UUID where none was given.</param>
/// <param name="Location">Path of its state.</param>
/// <param name="Known">True where the same article was accepted before: it is the same one, and is not decided twice.</param>
public sealed record Submitted(Guid ArticleId, string Id, string Location, bool Known)
{
    /// <summary>
    /// The other articles, in their order, where the text was a database's export of several documents; missing where it was one article.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Submitted>? Others { get; init; }
}

/// <summary>Answer to one line of a batch: either <see cref="Article"/> or <see cref="Problem"/>.</summary>
/// <param name="Line">Counted from 1.</param>
/// <param name="Status">The status code that the line would have had alone.</param>
public sealed record SubmittedLine(long Line, int Status, Submitted? Article, Problem? Problem);

/// <summary>What went wrong (RFC 9457).</summary>
/// <param name="Type">A URI reference that names the kind of fault: <c>/problems/</c> and its name.</param>
public sealed record Problem(string Type, string Title, int Status, string Detail)
{
    /// <summary>The first position of the log that can still be given, where what was asked for is no longer kept; missing otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? First { get; init; }
}

/// <summary>The collections that a service has.</summary>
/// <param name="Collections">Their names, the default one's first.</param>
public sealed record CollectionList(IReadOnlyList<string> Collections);

/// <summary>What is known of one article.</summary>
/// <param name="Stage"><c>accepted</c>, <c>failed</c> (see <c>ingest errors</c>) or <c>decided</c>.</param>
/// <param name="Position">Place of its decision in the log; null before it.</param>
/// <param name="Canonical">UUID of its story's canonical article today; null where it has no story.</param>
/// <param name="Outcome">
/// What became of it; null before the decision. Its <c>story</c> says how things stood at that moment, with submitters' ids.
/// </param>
public sealed record ArticleState(
    Guid ArticleId, string Id, string Stage, DateTimeOffset Accepted, DateTimeOffset? Decided, long? Position,
    Guid? StoryId, Guid? Canonical, ArticleOutcome? Outcome)
{
    /// <summary>The feed that the submission named.</summary>
    public string? Feed { get; init; }
}

/// <summary>A story and its articles in the order of the decisions.</summary>
/// <param name="Version">How many canonical articles it has had.</param>
/// <param name="Canonical">Its canonical article today.</param>
public sealed record StoryState(Guid StoryId, int Version, Guid Canonical, CleanArticle? Article, IReadOnlyList<StoryMember> Articles);

/// <param name="Relation">To <see cref="Matched"/>; null for the first article.</param>
public sealed record StoryMember(
    Guid ArticleId, string Id, long Position, DateTimeOffset Decided, string? Relation, Guid? Matched,
    double? Resemblance, double? Containment, string? Headline, string? Agency, string? Publisher);

/// <param name="Stories">The latest first.</param>
/// <param name="Next">To be given as <c>before</c> for the stories before these; null where there are none.</param>
public sealed record StoryPage(IReadOnlyList<StorySummary> Stories, long? Next);

/// <param name="Position">Of the latest decision that matched the query.</param>
/// <param name="Headline">That of the article of this decision, as are agency and publisher.</param>
public sealed record StorySummary(
    Guid StoryId, int Version, Guid Canonical, long Position, DateTimeOffset Decided, string? Headline, string? Agency, string? Publisher);

/// <summary>A stretch of the log of decisions, as events.</summary>
/// <param name="Next">To be given as <c>after</c> for what comes behind it.</param>
public sealed record EventPage(IReadOnlyList<LoggedEvent> Events, long Next)
{
    /// <summary>UUID of the log, to be given as <c>log</c> with <see cref="Next"/>: positions of another log mean nothing in this one.</summary>
    public Guid? Log { get; init; }

    /// <summary>Entries of which no event can be made; null where there is none.</summary>
    public IReadOnlyList<DamagedEntry>? Damaged { get; init; }
}

/// <summary>An entry of the log of which no event can be made, because what the ledger holds of the article is damaged.</summary>
public sealed record DamagedEntry(long Position, string Detail);

/// <param name="Type">
/// <c>CanonicalArticlePublished</c>, <c>CanonicalArticleRevised</c>, <c>DuplicateDetected</c> or <c>ArticleRejected</c>.
/// </param>
/// <param name="Event">The record of that name.</param>
public sealed record LoggedEvent(string Type, long Position, System.Text.Json.JsonElement Event);

/// <summary>Whether the program can do its work.</summary>
/// <param name="Status"><c>ready</c>, <c>not ready</c>, <c>live</c> or <c>dead</c>.</param>
/// <param name="Reasons">Why not, by part; empty otherwise.</param>
/// <param name="Warnings">What is worth an alarm, but keeps nothing from working.</param>
public sealed record HealthState(string Status, IReadOnlyDictionary<string, string> Reasons, IReadOnlyDictionary<string, string> Warnings);
