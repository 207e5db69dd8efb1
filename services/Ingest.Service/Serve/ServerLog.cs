using Microsoft.Extensions.Logging;

namespace Ingest.Service.Serve;

static partial class ServerLog
{
    [LoggerMessage(600, LogLevel.Error, "A request for {Path} failed.")]
    public static partial void RequestFailed(this ILogger logger, Exception fault, string? path);
}
