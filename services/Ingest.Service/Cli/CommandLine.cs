using System.CommandLine;

namespace Ingest.Service.Cli;

/// <summary>The commands of <c>ingest</c> and their options.</summary>
static class CommandLine
{
    /// <summary>Exit codes: every input got an outcome; something could not be read; the command line is wrong.</summary>
    public const int Success = 0, Unreadable = 1, Usage = 2;

    public static int Run(string[] args)
    {
        var root = new RootCommand("Ingest turns raw news copy into clean canonical articles.") { RunCommand.Create() };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count == 0)
            return parsed.Invoke();
        foreach (var error in parsed.Errors)
            Console.Error.WriteLine($"ingest: {error.Message}");
        Console.Error.WriteLine("Try 'ingest --help' or 'ingest run --help'.");
        return Usage;
    }
}
