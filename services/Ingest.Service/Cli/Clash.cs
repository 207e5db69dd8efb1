using Ingest.Ledger;
using Ingest.Service.Run;

namespace Ingest.Service.Cli;

/// <summary>Whether a run would write over what it reads. Files are compared, not their names.</summary>
static class Clash
{
    const string StandardInput = "/dev/stdin", StandardOutput = "/dev/stdout";

    static readonly string[] LedgerEndings = ["", "-wal", "-shm", "-journal"];

    /// <param name="output">Null or <c>-</c> for standard output.</param>
    /// <returns>What is wrong, and what to do; null for nothing.</returns>
    public static string? Of(IReadOnlyList<ArticleFile> inputs, string? output, string? ledger)
    {
        var toFile = output is not null and not "-";
        var written = IdentityOf(toFile ? output! : StandardOutput, isMade: toFile);
        var stored = ledger is null ? [] : FilesOf(ledger);
        var name = toFile ? $"--output {output}" : "standard output";
        if (written is { } place && stored.Contains(place))
            return $"{name} is a file of the ledger {ledger} and would destroy it. Choose another file.";
        foreach (var input in inputs)
        {
            var path = input.Path == "-" ? StandardInput : input.Path;
            if (IdentityOf(path, isMade: false) is not { } read)
                continue;
            var called = input.Path == "-" ? "standard input" : input.Path;
            if (stored.Contains(read))
                return $"--ledger {ledger} is also an input ({called}). Name another file with --ledger.";
            if (written == read)
                return $"{name} is also an input ({called}) and would be overwritten. {(input.Folder is null ? "Choose another file." : $"Choose a file outside of {input.Folder}.")}";
        }

        return null;
    }

    /// <summary>Whether a file that is to be written is one of a ledger's.</summary>
    public static bool WithLedger(string output, string ledger) => FilesOf(ledger).Contains(FileStatus.IdentityOf(output));

    /// <summary>Whether a file that is to be written is one of those of any ledger that a process has open, or left without closing it.</summary>
    public static bool OfAnotherLedger(string output)
    {
        var path = FileStatus.Target(output);
        return LedgerEndings.Skip(1).Any(e => File.Exists(path + e) || path.EndsWith(e, StringComparison.Ordinal) && File.Exists(path[..^e.Length]));
    }

    static HashSet<FileIdentity> FilesOf(string ledger) => [.. LedgerEndings.Select(e => FileStatus.IdentityOf(FileStatus.Target(ledger) + e))];

    /// <summary>Null for a pipe, a device, and for nothing: they are not overwritten.</summary>
    static FileIdentity? IdentityOf(string path, bool isMade)
    {
        try
        {
            return FileStatus.Of(path) is { } found ? found.Kind == FileKind.Regular ? found.Identity : null
                : isMade ? FileStatus.IdentityOf(path) : null;
        }
        catch (IOException)
        {
            // Opening it says why.
            return null;
        }
    }
}
