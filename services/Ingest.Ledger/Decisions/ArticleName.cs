namespace Ingest.Ledger.Decisions;

/// <summary>The names of an article that has a story.</summary>
/// <param name="ArticleId">Ours.</param>
/// <param name="Id">The submitter's.</param>
public readonly record struct ArticleName(StoryNumber Number, Guid ArticleId, string Id);
