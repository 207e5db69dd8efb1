namespace Ingest.Contracts.V1;

/// <summary>
/// An article that was joined to a story, and the earlier article that it is a copy or a version of: one line of
/// <c>ingest run --format pairs</c>. It says how things stood at the decision about the article.
/// </summary>
/// <param name="Id">The submitter's id; for a file without one, its path.</param>
/// <param name="ArticleId">UUID of the article.</param>
/// <param name="Matched">The submitter's id of the earlier article.</param>
/// <param name="MatchedArticleId">UUID of the earlier article.</param>
/// <param name="Relation">To <see cref="Matched"/>: <c>exact</c>, <c>near</c>, <c>excerpt</c>, <c>expanded</c> or <c>revision</c>.</param>
/// <param name="Resemblance">Shingles in both texts as a share of shingles in either (Jaccard), 0 to 1.</param>
/// <param name="Containment">Share of the shorter text's words that the other has, 0 to 1.</param>
/// <param name="StoryId">UUID of the story that both are in.</param>
/// <param name="Canonical">
/// The submitter's id of the story's canonical article. If that is this article, it took the place of an earlier one.
/// </param>
/// <param name="CanonicalArticleId">UUID of <see cref="Canonical"/>.</param>
public sealed record ArticlePair(
    string Id, Guid ArticleId, string Matched, Guid MatchedArticleId, string Relation, double Resemblance, double Containment,
    Guid StoryId, string Canonical, Guid CanonicalArticleId);
