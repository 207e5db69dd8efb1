using Ingest.Ledger;
using Microsoft.Extensions.Logging;

namespace Ingest.Service.Deduplicate;

static partial class LaneLog
{
    [LoggerMessage(300, LogLevel.Information, "Index ready: {Articles} articles, log at position {Position}.")]
    public static partial void IndexBuilt(this ILogger logger, int articles, LogPosition position);

    [LoggerMessage(301, LogLevel.Error, "Nothing is decided: {Reason} Retrying every second.")]
    public static partial void LedgerUnavailable(this ILogger logger, string reason);

    [LoggerMessage(304, LogLevel.Warning, "{Articles} articles could not be read; retrying: {Reason}")]
    public static partial void NotRead(this ILogger logger, int articles, string reason);

    [LoggerMessage(303, LogLevel.Error, "Article number {Article} failed ({Name}: {Detail}); see 'ingest errors list'.")]
    public static partial void ArticleFailed(this ILogger logger, Exception? cause, ArticleNumber article, string name, string detail);

    [LoggerMessage(302, LogLevel.Critical, "The lane failed. Retrying every second.")]
    public static partial void LaneFailed(this ILogger logger, Exception fault);
}
