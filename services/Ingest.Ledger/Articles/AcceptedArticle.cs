using System.Globalization;
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

/// <summary>What a client names a request by, so that it may send it again.</summary>
/// <param name="Content">Hash of the body.</param>
public sealed record IdempotencyKey(string Key, byte[] Content)
{
    /// <summary>Characters.</summary>
    public const int MostLength = 255;

    /// <summary>The key of a line, where the client names a batch. No client's own key has a line break.</summary>
    public static IdempotencyKey OfLine(string batch, long line, byte[] content) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{batch}\n{line}"), content);
}

/// <summary>Articles that are accepted together.</summary>
/// <param name="Key">Null where the client names none.</param>
public sealed record AcceptRequest(IReadOnlyList<Submission> Submissions, IdempotencyKey? Key = null);
