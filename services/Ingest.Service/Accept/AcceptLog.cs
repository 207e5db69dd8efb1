using Microsoft.Extensions.Logging;

namespace Ingest.Service.Accept;

static partial class AcceptLog
{
    [LoggerMessage(100, LogLevel.Information, "{Articles} articles without an outcome are taken up.")]
    public static partial void TakenUp(this ILogger logger, int articles);

    [LoggerMessage(101, LogLevel.Warning, "Cannot look for articles that were left behind: {Reason}")]
    public static partial void CannotLook(this ILogger logger, string reason);

    [LoggerMessage(102, LogLevel.Warning, "{Articles} articles could not be brought on their way; they wait in the ledger and are taken up again.")]
    public static partial void NotBrought(this ILogger logger, Exception fault, int articles);

    [LoggerMessage(103, LogLevel.Error, "Nothing is accepted: {Reason}")]
    public static partial void NothingAccepted(this ILogger logger, string reason);

    [LoggerMessage(104, LogLevel.Debug, "Accepted {ArticleId} ({Id}) over HTTP.")]
    public static partial void Accepted(this ILogger logger, Guid articleId, string id);

    [LoggerMessage(105, LogLevel.Warning, "A message on ingest.accept cannot be read: {Reason} It goes to ingest.accept_error.")]
    public static partial void Unreadable(this ILogger logger, string reason);

    [LoggerMessage(106, LogLevel.Information, "The queue is left alone: {Reason}")]
    public static partial void QueueLeftAlone(this ILogger logger, string reason);
}
