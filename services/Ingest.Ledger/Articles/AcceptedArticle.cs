using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Reading;

namespace Ingest.Ledger.Articles;

/// <param name="Known">It was accepted before; nothing was written.</param>
public readonly record struct Acceptance(ArticleNumber Article, bool Known);

/// <summary>An accepted article as it is kept.</summary>
/// <param name="Feed">The feed it came by.</param>
public sealed record AcceptedArticle(ArticleNumber Number, string? Feed, Submission Submission)
{
    public Guid ArticleId => Submission.ArticleId;
}

/// <summary>Articles that were read together.</summary>
/// <param name="End">Of the numbers that were asked for, all up to here have been looked at.</param>
public sealed record ArticleStretch(IReadOnlyList<AcceptedArticle> Articles, ArticleNumber End);

/// <summary>What a client names a request by, so that it may send it again.</summary>
/// <param name="Content">Hash of the body.</param>
public sealed record IdempotencyKey(string Key, byte[] Content)
{
    public const int MostLength = 255;
}

/// <summary>Articles that are accepted together.</summary>
/// <param name="Key">Null where the client names none.</param>
public sealed record AcceptRequest(IReadOnlyList<Submission> Submissions, IdempotencyKey? Key = null);
