using Microsoft.Extensions.Logging;

namespace Ingest.Service.Accept;

static partial class AcceptLog
{
    [LoggerMessage(100, LogLevel.Information, "Resuming {Articles} articles without an outcome.")]
    public static partial void TakenUp(this ILogger logger, int articles);

    [LoggerMessage(101, LogLevel.Warning, "Cannot look for unfinished articles: {Reason}")]
    public static partial void CannotLook(this ILogger logger, string reason);

    [LoggerMessage(102, LogLevel.Warning, "{Articles} articles could not be processed; they stay in the ledger and will be retried.")]
    public static partial void NotBrought(this ILogger logger, Exception fault, int articles);

    [LoggerMessage(103, LogLevel.Error, "Not accepting articles: {Reason}")]
    public static partial void NothingAccepted(this ILogger logger, string reason);

    [LoggerMessage(104, LogLevel.Debug, "Accepted {ArticleId} ({Id}) over HTTP.")]
    public static partial void Accepted(this ILogger logger, Guid articleId, string id);

    [LoggerMessage(105, LogLevel.Warning, "A message on ingest.accept cannot be read: {Reason} It is moved to ingest.accept_error.")]
    public static partial void Unreadable(this ILogger logger, string reason);

    [LoggerMessage(106, LogLevel.Information, "Not reading from the queue: {Reason}")]
    public static partial void QueueLeftAlone(this ILogger logger, string reason);
}
