using System.CommandLine;
using Ingest.Service.Display;

namespace Ingest.Service.Cli;

/// <summary>Words that look like options and are not.</summary>
static class Mistyped
{
    public static string NoOption(string word, Command command) =>
        $"there is no option '{word}'.{Typos.Hint(word, command.Options.Select(o => o.Name))}";

    /// <summary>A file may begin with a dash; what does not exist is more likely a mistyped option.</summary>
    public static void RefuseOptions(Argument paths, Command command) => paths.Validators.Add(given =>
    {
        foreach (var path in given.Tokens.Select(t => t.Value).Where(p => p.Length > 1 && p[0] == '-' && !Path.Exists(p)))
            given.AddError(NoOption(path, command));
    });
}
