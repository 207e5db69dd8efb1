namespace Ingest.Contracts.V1;

/// <summary>
/// An article's place in its story: the copies and versions of one text, with one canonical article. For the first article of a story
/// <see cref="Relation"/> and what belongs to it are null.
/// </summary>
/// <param name="Id">UUID of the story: that of its first article. It never changes, and stories never merge.</param>
/// <param name="Canonical">
/// The submitter's id of the story's canonical article once this one was decided. If that is this article, it took
/// the place of an earlier one.
/// </param>
/// <param name="Version">How many canonical articles the story has had.</param>
/// <param name="Relation">To <see cref="Matched"/>: <c>exact</c>, <c>near</c>, <c>excerpt</c>, <c>expanded</c> or <c>revision</c>.</param>
/// <param name="Resemblance">Shingles in both texts as a share of shingles in either (Jaccard), 0 to 1.</param>
/// <param name="Containment">Share of the shorter text's words that the other has, 0 to 1.</param>
/// <param name="Matched">The submitter's id of the earlier article of the story that this one was found to be a copy or version of.</param>
/// <param name="Changes">For a revision, what reads otherwise; otherwise empty.</param>
public sealed record Story(
    Guid Id,
    string Canonical,
    int Version,
    string? Relation,
    double? Resemblance,
    double? Containment,
    string? Matched,
    IReadOnlyList<Change> Changes)
{
    /// <summary>
    /// UUID of <see cref="Canonical"/>, as submitters' ids need not be unique; null in outcomes that were written
    /// before it was told.
    /// </summary>
    public Guid? CanonicalArticleId { get; init; }

    /// <summary>UUID of <see cref="Matched"/>.</summary>
    public Guid? MatchedArticleId { get; init; }
}

/// <summary>A short passage that reads otherwise in the later text.</summary>
public sealed record Change(string Before, string After);
