using Ingest.Ledger;

namespace Ingest.Service.Run;

/// <summary>
/// Finds the article files below a folder, each once however many names lead to it. Links are followed, but what is reached without one
/// keeps that name. Only files are taken: reading a pipe would wait for somebody to write.
/// </summary>
/// <param name="wanted">Whether a file with this name holds articles.</param>
sealed class FolderWalk(Func<string, bool> wanted)
{
    static readonly EnumerationOptions Plain = new()
    {
        IgnoreInaccessible = false,
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
    };

    readonly Dictionary<FileIdentity, string> seen = [];
    readonly List<(string Path, FileStatus Status)> links = [];
    readonly Stack<string> folders = new();
    readonly List<string> files = [];

    /// <summary>Folders that could not be read, with the reason.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>What was passed by, with the reason.</summary>
    public List<string> Skipped { get; } = [];

    /// <summary>The files in the order of their paths. For one folder.</summary>
    public List<string> Files(string folder)
    {
        if (FileStatus.Of(folder) is { } start)
            seen[start.Identity] = folder;
        folders.Push(folder);
        Enter();
        // Grows while links are followed.
        for (var i = 0; i < links.Count; i++)
            if (IsNew(links[i].Path, links[i].Status))
            {
                Take(links[i].Path, links[i].Status);
                Enter();
            }

        files.Sort(StringComparer.Ordinal);
        return files;
    }

    void Enter()
    {
        while (folders.TryPop(out var folder))
        {
            try
            {
                foreach (var path in Directory.EnumerateFileSystemEntries(folder, "*", Plain).Order(StringComparer.Ordinal))
                    Look(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Faults.Add($"cannot read the folder {folder}: {e.Message}");
            }
        }
    }

    void Look(string path)
    {
        FileStatus? status = null;
        try
        {
            status = FileStatus.Of(path);
        }
        catch (IOException)
        {
            // Reading it says why.
        }

        if (status is null)
        {
            if (wanted(path))
                files.Add(path);
        }
        else if (status.Kind != FileKind.Folder && !wanted(path))
        {
            // Not an article.
        }
        else if (status.IsStream)
        {
            Skipped.Add($"{path}: it is a {status.Kind.ToString().ToLowerInvariant()}, not a file");
        }
        else if (new FileInfo(path).LinkTarget is not null)
        {
            links.Add((path, status));
        }
        else if (IsNew(path, status))
        {
            Take(path, status);
        }
    }

    bool IsNew(string path, FileStatus status)
    {
        if (seen.TryAdd(status.Identity, path))
            return true;
        Skipped.Add($"{path}: it is the same {(status.Kind == FileKind.Folder ? "folder" : "file")} as {seen[status.Identity]}");
        return false;
    }

    void Take(string path, FileStatus status)
    {
        if (status.Kind == FileKind.Folder)
            folders.Push(path);
        else
            files.Add(path);
    }
}
