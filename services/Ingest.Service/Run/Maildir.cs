namespace Ingest.Service.Run;

/// <summary>A folder in which a mail program keeps one file for each mail, without an ending: those it has seen in <c>cur</c>, others in <c>new</c>.</summary>
static class Maildir
{
    /// <summary>Whether a file is a mail, by where it lies: beside one of the other folders that each such folder has.</summary>
    public static bool Holds(string path)
    {
        var folder = Path.GetDirectoryName(path);
        return Path.GetFileName(folder) is "cur" or "new" && Path.GetDirectoryName(folder) is { } above
            && Array.Exists(["cur", "new", "tmp"], n => n != Path.GetFileName(folder) && Directory.Exists(Path.Combine(above, n)));
    }
}
