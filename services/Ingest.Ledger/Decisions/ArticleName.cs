namespace Ingest.Ledger.Decisions;

/// <summary>The names of an article that has a story.</summary>
/// <param name="Number">In the order of the decisions.</param>
/// <param name="Submitted">The submitter's id.</param>
public readonly record struct ArticleName(long Number, Guid Id, string Submitted);
