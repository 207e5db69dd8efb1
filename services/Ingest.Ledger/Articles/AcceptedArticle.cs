namespace Ingest.Ledger.Articles;

/// <summary>An article to be accepted.</summary>
/// <param name="Id">Made from what identifies the submission: the same article has the same id.</param>
/// <param name="Submitted">The submitter's id.</param>
/// <param name="Metadata">The other fields of the record as JSON; null where there are none.</param>
public sealed record NewArticle(Guid Id, string Submitted, DateTimeOffset Accepted, string? Metadata, string Text);

/// <param name="Article">Its number in the order of acceptance.</param>
/// <param name="Known">It was accepted before; nothing was written.</param>
public readonly record struct Acceptance(long Article, bool Known);

/// <summary>An accepted article as it is kept.</summary>
public sealed record AcceptedArticle(long Article, Guid Id, string Submitted, DateTimeOffset Accepted, string? Metadata, string Text);
