using System.Globalization;
using Ingest.Service.Display;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Ingest.Service.Serve;

/// <summary>
/// A log entry as one line on a terminal. It may quote what others wrote, so nothing in it may steer the screen; the library's own
/// forms leave that to whoever logs.
/// </summary>
sealed class TerminalLog() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "terminal";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var (level, colour) = logEntry.LogLevel switch
        {
            LogLevel.Critical => ("critical", 31),
            LogLevel.Error => ("error", 31),
            LogLevel.Warning => ("warning", 33),
            LogLevel.Information => ("info", 32),
            _ => ("debug", 36),
        };
        textWriter.Write(DateTime.Now.ToString("HH:mm:ss ", CultureInfo.InvariantCulture));
        textWriter.Write(Terminal.Coloured ? $"\e[{colour}m{level}\e[0m" : level);
        var said = logEntry.Formatter(logEntry.State, logEntry.Exception);
        var category = logEntry.Category[(logEntry.Category.LastIndexOf('.') + 1)..];
        textWriter.WriteLine(Terminal.Plain($" {category}: {said} {logEntry.Exception}").TrimEnd());
    }
}
