namespace Ingest.Ledger.Decisions;

/// <summary>An entry of the log with what is told of it: the article, what the normaliser made of it, and the ids behind the numbers.</summary>
/// <param name="Id">Id of the article.</param>
/// <param name="Result">In the form of <see cref="Articles.StoredResult"/>.</param>
/// <param name="Story">Id of the story's first article, which is the story's; null for a rejected one, as are the next two.</param>
/// <param name="Canonical">Id of the story's canonical article after this decision.</param>
/// <param name="Matched">Id of the earlier article that it matched; null for a story's first.</param>
/// <param name="Previous">Where it became the canonical of an older story: the id of the one before.</param>
public sealed record LogEntry(
    DecisionEntry Decision, Guid Id, string Submitted, DateTimeOffset Accepted, string? Metadata, string Text, byte[] Result,
    Guid? Story, Guid? Canonical, Guid? Matched, Guid? Previous);
