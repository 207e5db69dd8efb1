using Ingest.Ledger;
using Microsoft.Extensions.Logging;

namespace Ingest.Service.Publish;

static partial class PublishLog
{
    [LoggerMessage(400, LogLevel.Information, "Publishing from position {Position} on.")]
    public static partial void Publishing(this ILogger logger, LogPosition position);

    [LoggerMessage(401, LogLevel.Error, "Nothing is published: {Reason} Trying again every two seconds; the log keeps what is to be sent.")]
    public static partial void NothingPublished(this ILogger logger, string reason);

    [LoggerMessage(403, LogLevel.Error, "No event can be made of the decision at position {Position}: what the ledger holds of its article is damaged. It is set aside; those behind it are sent.")]
    public static partial void Damaged(this ILogger logger, Exception fault, LogPosition position);

    [LoggerMessage(402, LogLevel.Warning, "{Events} events wait because no queue takes them. Bind a queue to their exchanges; they are tried again every ten seconds.")]
    public static partial void Unroutable(this ILogger logger, long events);
}
