namespace Ingest.Contracts.V1;

/// <summary>What would become of the articles of a body if it were submitted now. Nothing of it is kept.</summary>
/// <param name="Articles">In the order of the body.</param>
/// <param name="NotCompared">Why the articles were compared with no story; null where they were.</param>
public sealed record Analysis(IReadOnlyList<AnalysedArticle> Articles, string? NotCompared);

/// <param name="Outcome">
/// As if it were decided now, without the others of the body. Its <c>story</c> is the one that it would join; null for one of its own.
/// </param>
/// <param name="Near">The stories that it was compared with, the one that it would join first, then the most similar.</param>
public sealed record AnalysedArticle(ArticleOutcome Outcome, IReadOnlyList<NearStory> Near);

/// <summary>A story that an article was compared with.</summary>
/// <param name="Version">How many canonical articles it has had.</param>
/// <param name="Canonical">UUID of its canonical article.</param>
/// <param name="Compared">UUID of the article of the story that the figures are about.</param>
/// <param name="Relation">That the article would have to it; null where the story could not be joined.</param>
/// <param name="Resemblance">Shingles in both, as a share of shingles in either.</param>
/// <param name="Containment">The share of the shorter text that the other has.</param>
public sealed record NearStory(Guid StoryId, int Version, Guid Canonical, Guid Compared, string? Relation, double Resemblance, double Containment);
