using Ingest.Ledger;
using Microsoft.Extensions.Logging;

namespace Ingest.Service.Serve;

static partial class ServerLog
{
    [LoggerMessage(600, LogLevel.Error, "A request for {Path} failed.")]
    public static partial void RequestFailed(this ILogger logger, Exception fault, string? path);

    [LoggerMessage(601, LogLevel.Warning,
        "Anyone who can connect to {Url} can submit articles and read them all: no API key is set. Set Ingest:Security:ApiKeys ('ingest key' makes one), "
        + "or listen on 127.0.0.1.")]
    public static partial void OpenToAll(this ILogger logger, string url);

    [LoggerMessage(602, LogLevel.Critical, "The ledger is lost; nothing is accepted, decided or read: {Reason}")]
    public static partial void LedgerLost(this ILogger logger, string reason);

    [LoggerMessage(606, LogLevel.Critical, "The part {Part} ended by a fault, and the program with it.")]
    public static partial void StageEnded(this ILogger logger, Exception fault, string part);

    [LoggerMessage(603, LogLevel.Information, "Texts up to position {Texts} and decisions up to position {Decisions} are no longer kept (Ingest:Retention).")]
    public static partial void LettingGo(this ILogger logger, LogPosition texts, LogPosition decisions);

    [LoggerMessage(604, LogLevel.Information, "Something is kept longer than Ingest:Retention says: {Reason}")]
    public static partial void Held(this ILogger logger, string reason);

    [LoggerMessage(605, LogLevel.Warning, "What is too old cannot be let go now; it is tried again in an hour. {Reason}")]
    public static partial void UpkeepFailed(this ILogger logger, string reason);
}
