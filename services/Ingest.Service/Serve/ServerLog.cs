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
}
