namespace Ingest.Accuracy;

/// <summary>The labelled data, which is no part of the repository: it lies in a folder <c>shared</c> beside it.</summary>
static class SharedData
{
    /// <summary>A file or folder in the nearest <c>shared</c> beside or above this checkout; INGEST_SHARED names another.</summary>
    /// <exception cref="FileNotFoundException">It is in none.</exception>
    public static string Find(string path)
    {
        if (Environment.GetEnvironmentVariable("INGEST_SHARED") is { Length: > 0 } shared)
            return Path.Combine(shared, path);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", path);
            if (Path.Exists(candidate))
                return candidate;
        }

        throw new FileNotFoundException($"No shared/{path} above this program; set INGEST_SHARED to the folder 'shared'.");
    }
}
