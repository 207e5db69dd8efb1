namespace Ingest.Contracts.V1;

/// <summary>
/// Submits articles over the broker, one or many, to the queue <c>ingest.accept</c>. As plain JSON the same queue takes a single
/// <see cref="RawArticle"/> or an array of them too.
/// </summary>
public sealed record SubmitArticles(IReadOnlyList<RawArticle> Articles);
