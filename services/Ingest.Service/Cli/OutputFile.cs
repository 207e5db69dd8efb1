using System.Runtime.InteropServices;
using Ingest.Ledger;
using Ingest.Service.Display;

namespace Ingest.Service.Cli;

/// <summary>
/// A file that a command makes, which appears whole or not at all: it is written beside its place, under a hidden name that no walk of a
/// folder takes for an input, and moved there in the end. Where the command fails or is interrupted, what was written is deleted.
/// </summary>
sealed class OutputFile : IDisposable
{
    static readonly string[] Companions = ["", "-journal", "-wal", "-shm"];

    readonly string place;
    readonly bool overwrite;
    readonly UnixFileMode? mode;
    readonly List<PosixSignalRegistration> signals = [];

    /// <param name="path">A link to a file stays a link.</param>
    /// <param name="overwrite">A file that is there is replaced; it keeps its permissions, and its owner where we may give files away.</param>
    /// <exception cref="IOException">Nothing can be written there; the message says why.</exception>
    public OutputFile(string path, bool overwrite)
    {
        (place, this.overwrite) = (FileStatus.Target(path), overwrite);
        if (place.Length == 0)
            throw new IOException("it has no name.");
        if (Directory.Exists(place))
            throw new IOException("it is a folder.");
        var (folder, name) = (Path.GetDirectoryName(place)!, Path.GetFileName(place));
        if (!Directory.Exists(folder))
            throw new IOException("its folder does not exist.");
        if (FileStatus.Of(place) is { Kind: not FileKind.Regular } other)
            throw new IOException($"it is a {other.Kind.ToString().ToLowerInvariant()}, not a file.");
        if (File.Exists(place))
        {
            if (!FileStatus.IsWritable(place))
                throw new IOException("it is read-only.");
            mode = OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(place);
        }

        if (!FileStatus.IsWritable(folder))
            throw new IOException($"the folder {folder}, where it is put together, is read-only.");
        // A name may have 255 bytes.
        WritePath = Path.Combine(folder, $".{name[..Math.Min(name.Length, 50)]}.{Path.GetRandomFileName()}.tmp");
        // Not at a hangup, which a run under nohup outlives.
        signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => End(CommandLine.Interrupted)));
        signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => End(CommandLine.Terminated)));
    }

    /// <summary>Where to write.</summary>
    public string WritePath { get; }

    /// <summary>Makes the file, from the start with the permissions of the one that it replaces.</summary>
    public Stream Create()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (mode is not null && !OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        return new FileStream(WritePath, options);
    }

    /// <summary>Whether an output has no beginning and no end of its own, so that it is written as it comes: a pipe, a device.</summary>
    public static bool IsDirect(string path) =>
        path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal)
        || FileStatus.Of(path) is { IsStream: true };

    /// <summary>Moves what was written, and closed, to its place.</summary>
    /// <exception cref="IOException">It cannot be moved there.</exception>
    public void Complete()
    {
        if (Companions.Skip(1).Any(c => File.Exists(WritePath + c)))
            throw new IOException("a part of it is still beside it.");
        if (mode is { } kept && !OperatingSystem.IsWindows())
        {
            // First the owner: a change of it takes rights away.
            FileStatus.CopyOwner(place, WritePath);
            File.SetUnixFileMode(WritePath, kept);
        }

        if (FileStatus.Of(place) is { Names: > 1 })
            Terminal.Complain($"{place} had other names (hard links), which keep what it held.");
        File.Move(WritePath, place, overwrite);
    }

    public void Dispose()
    {
        signals.ForEach(s => s.Dispose());
        Delete();
    }

    /// <summary>By itself the signal might be ignored, and the command go on without its file.</summary>
    void End(int exit)
    {
        Delete();
        Environment.Exit(exit);
    }

    void Delete()
    {
        foreach (var companion in Companions)
            File.Delete(WritePath + companion);
    }
}
