using System.CommandLine;
using System.CommandLine.Parsing;
using Ingest.Ledger;
using Ingest.Service.Display;
using Ingest.Service.Serve;

namespace Ingest.Service.Cli;

/// <summary>The commands of <c>ingest</c> and their options.</summary>
static class CommandLine
{
    /// <summary>
    /// Exit codes: all is well, every input got an outcome or was accepted; something could not be read, reached or done; usage error;
    /// somebody pressed Ctrl+C, or the system ended the program (SIGTERM).
    /// </summary>
    public const int Success = 0, Unreadable = 1, Usage = 2, Interrupted = 130, Terminated = 143;

    /// <summary>Runs a command that has the settings of a server and a ledger; what cannot be done is said.</summary>
    /// <returns>The exit code.</returns>
    public static int Guarded(Func<int> run)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (e is SettingsException or FormatException or InvalidDataException)
        {
            Terminal.Complain(e.Message);
            return Usage;
        }
        catch (Exception e) when (e is LedgerException or IOException)
        {
            Terminal.Complain(e.Message);
            return Unreadable;
        }
    }

    const string Paths = "at least one PATH: a file, a folder, or - for standard input";
    const string OneSource = "one SOURCE, as 'ingest sources' lists them";
    const string SourceAndText = "a SOURCE and a TEXT: a line or a sentence, in quotation marks";
    const string OneId = "the ID of an article, as shown by 'ingest errors list'";

    /// <summary>What a command needs and takes beside its options; nothing for those that are not here.</summary>
    static readonly Dictionary<string, (string Needs, string Takes)> Words = new(StringComparer.Ordinal)
    {
        ["run"] = (Paths, ""),
        ["submit"] = (Paths, ""),
        ["explain"] = ("two articles: two files, or two IDs with --ledger", "two articles"),
        ["backup"] = ("a FILE for the copy", "one FILE"),
        ["sources"] = ("", OneSource),
        ["sources keep"] = (SourceAndText, SourceAndText),
        ["sources remove"] = (SourceAndText, SourceAndText),
        ["sources forget"] = (SourceAndText, SourceAndText),
        ["sources import"] = ("a FILE that 'ingest sources export' wrote, or - for standard input", "one FILE"),
        ["errors show"] = (OneId, "one ID"),
        ["errors retry"] = (OneId, "one ID"),
        ["errors discard"] = (OneId, "one ID"),
    };

    public static int Run(string[] args)
    {
        var root = new RootCommand("Ingest turns raw news copy into clean canonical articles.")
        {
            RunCommand.Create(), ExplainCommand.Create(), ServeCommand.Create(), SubmitCommand.Create(), EventsCommand.Create(),
            ErrorsCommand.Create(), SourcesCommand.Create(), ReplayCommand.Create(), BackupCommand.Create(), CopyLedgerCommand.Create(),
            MigrateCommand.Create(), UpkeepCommand.Create(), CheckCommand.Create(), KeyCommand.Create(),
        };
        if (args.Length == 0)
        {
            root.Parse("--help").Invoke(new InvocationConfiguration { Output = Console.Error });
            return Usage;
        }

        var parsed = root.Parse(args);
        if (parsed.Errors.Count == 0)
            // The library would end the process two seconds after SIGTERM; the service has a limit of its own, and
            // listens for signals itself.
            return Invoke(parsed, parsed.CommandResult.Command.Name == ServeCommand.Name
                ? new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false }
                : new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        foreach (var message in Messages(parsed).Distinct(StringComparer.Ordinal))
            Terminal.Complain(message);
        Console.Error.WriteLine($"Try '{string.Join(' ', [root.Name, .. Names(parsed.CommandResult), "--help"])}'.");
        return Usage;
    }

    /// <summary>Whatever a command writes may find its output closed or full, which is no fault of the program.</summary>
    static int Invoke(ParseResult parsed, InvocationConfiguration configuration)
    {
        try
        {
            return parsed.Invoke(configuration);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Terminal.Complain($"cannot write to standard output: {e.Message}");
            return Unreadable;
        }
    }

    /// <summary>The names of a command from the first below the root on.</summary>
    static List<string> Names(CommandResult command) =>
        command.Parent is CommandResult parent ? [.. Names(parent), command.Command.Name] : [];

    static IEnumerable<string> Messages(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var name = string.Join(' ', Names(parsed.CommandResult));
        if (command.Subcommands.Count > 0 && command.Arguments.Count == 0)
            return [NoCommand(command, name, parsed.UnmatchedTokens is [var word, ..] ? word : null)];

        // After an unknown option, its value looks like an unexpected argument.
        var unknown = parsed.UnmatchedTokens.Where(t => t.StartsWith('-')).Select(t => Mistyped.NoOption(t, command))
            .Concat(parsed.Errors.Select(e => e.Message).Where(m => m.StartsWith("there is no option", StringComparison.Ordinal)));
        if (unknown.ToList() is { Count: > 0 } messages)
            return messages;
        var (needs, takes) = Words.GetValueOrDefault(name, ("", "options only"));
        if (parsed.UnmatchedTokens is [var over, ..])
        {
            // Of a mistyped command below it the first word stands where its own argument does.
            var hint = command.Subcommands.Count > 0 && parsed.CommandResult.Tokens is [var first, ..]
                ? Typos.Hint(first.Value, command.Subcommands.Select(c => c.Name))
                : "";
            return [$"unexpected argument '{Secrets.Hidden(over)}': {name} takes {takes}.{hint}"];
        }

        // The library's words for these name types and arities of the code.
        return parsed.Errors.Select(error => error.SymbolResult switch
        {
            ArgumentResult { Tokens.Count: 0 } => $"{name} needs {needs}.",
            OptionResult { IdentifierToken: { } option } result when error.Message.Contains("expected type", StringComparison.Ordinal) =>
                $"{option.Value} takes a {(result.Option.ValueType == typeof(double) ? "" : "whole ")}number, "
                + $"not '{string.Join(' ', result.Tokens.Select(t => t.Value))}'.",
            OptionResult { IdentifierToken: { } option, Tokens.Count: 0 } => $"{option.Value} needs a value.",
            OptionResult { IdentifierTokenCount: > 1, IdentifierToken: { } option } => $"{option.Value} was given more than once.",
            _ => error.Message,
        });
    }

    /// <summary>About a command that only has others below it.</summary>
    static string NoCommand(Command command, string name, string? word)
    {
        var commands = command.Subcommands.Select(c => c.Name).ToList();
        if (word is null)
            return $"{name} needs a command: {string.Join(", ", commands.SkipLast(1))} or {commands[^1]}.";
        if (word.StartsWith('-'))
            return Mistyped.NoOption(word, command);
        var file = name.Length == 0 && Path.Exists(word) ? $" To clean it: ingest run {word}" : "";
        return $"there is no command '{(name.Length == 0 ? "" : name + " ")}{Secrets.Hidden(word)}'.{Typos.Hint(word, commands)}{file}";
    }
}
