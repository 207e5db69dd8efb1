namespace Ingest.Contracts.V1;

/// <summary>
/// An article's place in its story: the copies and versions of one text, with one canonical article. For the first article of a story
/// <see cref="Relation"/> and what belongs to it are null.
/// </summary>
/// <param name="Id">The story's id. It never changes, and stories never merge.</param>
/// <param name="Canonical">Id of the story's canonical article once this one was decided. If that is this article, it took the place of an earlier one.</param>
/// <param name="Version">How many canonical articles the story has had.</param>
/// <param name="Relation">To <see cref="Matched"/>: <c>exact</c>, <c>near</c>, <c>excerpt</c>, <c>expanded</c> or <c>revision</c>.</param>
/// <param name="Resemblance">Shingles in both texts as a share of shingles in either (Jaccard), 0 to 1.</param>
/// <param name="Containment">Share of the shorter text's words that the other has, 0 to 1.</param>
/// <param name="Matched">Id of the earlier article of the story that this one was found to be a copy or version of.</param>
/// <param name="Changes">For a revision, what reads otherwise; otherwise empty.</param>
public sealed record Story(
    Guid Id,
    string Canonical,
    int Version,
    string? Relation,
    double? Resemblance,
    double? Containment,
    string? Matched,
    IReadOnlyList<Change> Changes);

/// <summary>A short passage that reads otherwise in the later text.</summary>
public sealed record Change(string Before, string After);
