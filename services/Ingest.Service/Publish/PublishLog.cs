using Ingest.Ledger;
using Microsoft.Extensions.Logging;

namespace Ingest.Service.Publish;

static partial class PublishLog
{
    [LoggerMessage(400, LogLevel.Information, "Publishing to {Destination} from position {Position}.")]
    public static partial void Publishing(this ILogger logger, LogPosition position, Destination destination);

    [LoggerMessage(401, LogLevel.Error, "Nothing is published: {Reason} Retrying every two seconds; unsent events stay in the log.")]
    public static partial void NothingPublished(this ILogger logger, string reason);

    [LoggerMessage(403, LogLevel.Error, "Skipping position {Position}: its article's stored data is damaged. Later events are still sent.")]
    public static partial void Damaged(this ILogger logger, Exception fault, LogPosition position);

    [LoggerMessage(402, LogLevel.Warning, "Some events are not sent: {Reason}")]
    public static partial void Unsent(this ILogger logger, string reason);

    [LoggerMessage(404, LogLevel.Warning, "{Destination} was not sent the events from position {From} to {To}, and they are no longer kept (Ingest:Retention): it gets those that follow.")]
    public static partial void NoLongerKept(this ILogger logger, Destination destination, LogPosition from, LogPosition to);
}
