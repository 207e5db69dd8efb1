namespace Ingest.Core.Articles;

/// <summary>
/// The outcome of cleaning one raw article: an article, or the reason why there is none; in both cases every decision.
/// </summary>
/// <param name="Blocks">All blocks in the order of the raw text, kept and removed: they tile it but for white space.</param>
public sealed record NormalisationResult(Article? Article, Rejection? Rejection, IReadOnlyList<Block> Blocks, IReadOnlyList<string> Notes);
