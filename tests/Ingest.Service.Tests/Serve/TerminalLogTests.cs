using Ingest.Service.Serve;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ingest.Service.Tests.Serve;

public sealed class TerminalLogTests
{
    [Fact]
    public void An_entry_is_one_line_that_steers_no_terminal_whatever_it_quotes()
    {
        const string Hostile = "a\e]0;PWNED\a\e[2Jb\u009b31mc\u202ed\r\ne\uffff";
        using var output = new StringWriter { NewLine = "\n" };
        new TerminalLog().Write(
            new LogEntry<string>(
                LogLevel.Warning, "Ingest.Service.Accept.AcceptConsumer", 105, Hostile, new InvalidOperationException(Hostile),
                (state, _) => $"It cannot be read: {state}"),
            null, output);
        var line = output.ToString();
        Assert.Contains(" AcceptConsumer: It cannot be read: a·]0;PWNED··[2Jb·31mc·d  e\ufffd System.InvalidOperationException: a·", line, StringComparison.Ordinal);
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
        // The colour of the level is ours.
        var colours = line.Replace("\e[33m", "", StringComparison.Ordinal).Replace("\e[0m", "", StringComparison.Ordinal);
        Assert.DoesNotContain(colours[..^1], c => char.IsControl(c) || c is '\u202e');
    }
}
