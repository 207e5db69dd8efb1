using System.CommandLine;
using System.CommandLine.Parsing;

namespace Ingest.Service.Cli;

/// <summary>The commands of <c>ingest</c> and their options.</summary>
static class CommandLine
{
    /// <summary>Exit codes: every input got an outcome; something could not be read; the command line is wrong.</summary>
    public const int Success = 0, Unreadable = 1, Usage = 2;

    public static int Run(string[] args)
    {
        var root = new RootCommand("Ingest turns raw news copy into clean canonical articles.") { RunCommand.Create(), ExplainCommand.Create(), ServeCommand.Create(), ReplayCommand.Create() };
        if (args.Length == 0)
        {
            root.Parse("--help").Invoke(new InvocationConfiguration { Output = Console.Error });
            return Usage;
        }

        var parsed = root.Parse(args);
        if (parsed.Errors.Count == 0)
            return parsed.Invoke();
        foreach (var message in Messages(root, parsed).Distinct(StringComparer.Ordinal))
            Terminal.Complain(message);
        Console.Error.WriteLine(parsed.CommandResult.Command == root ? "Try 'ingest --help'." : $"Try 'ingest {parsed.CommandResult.Command.Name} --help'.");
        return Usage;
    }

    static IEnumerable<string> Messages(RootCommand root, ParseResult parsed)
    {
        if (parsed.CommandResult.Command == root)
        {
            var word = parsed.UnmatchedTokens is [var first, ..] ? first : "";
            var kind = word.StartsWith('-') ? "option" : "command";
            var known = word.StartsWith('-') ? root.Options.Select(o => o.Name) : root.Subcommands.Select(c => c.Name);
            var file = kind == "command" && Path.Exists(word) ? $" To clean it: ingest run {word}" : "";
            return [$"there is no {kind} '{word}'.{Typos.Hint(word, known)}{file}"];
        }

        // An option that is not known makes its value a word too many.
        var command = parsed.CommandResult.Command;
        var unknown = parsed.UnmatchedTokens.Where(t => t.StartsWith('-')).Select(t => Typos.NoOption(t, command))
            .Concat(parsed.Errors.Select(e => e.Message).Where(m => m.StartsWith("there is no option", StringComparison.Ordinal)));
        if (unknown.ToList() is { Count: > 0 } messages)
            return messages;
        if (parsed.UnmatchedTokens is [var over, ..])
            return [$"{command.Name} takes two articles: '{over}' is one too many."];
        // The library's words for these name types and arities of the code.
        return parsed.Errors.Select(error => error.SymbolResult switch
        {
            ArgumentResult { Tokens.Count: 0, Argument.Name: "PATH" } => "run needs at least one PATH: a file, a folder, or - for standard input.",
            ArgumentResult { Argument.Name: "A" or "B" } => "explain needs two articles: the paths of two files.",
            OptionResult { IdentifierToken: { } option } result when error.Message.Contains("expected type", StringComparison.Ordinal) =>
                $"{option.Value} takes a {(result.Option.ValueType == typeof(double) ? "" : "whole ")}number, not '{string.Join(' ', result.Tokens.Select(t => t.Value))}'.",
            OptionResult { IdentifierToken: { } option, Tokens.Count: 0 } => $"{option.Value} needs a value.",
            OptionResult { IdentifierTokenCount: > 1, IdentifierToken: { } option } => $"{option.Value} is given twice.",
            _ => error.Message,
        });
    }
}
