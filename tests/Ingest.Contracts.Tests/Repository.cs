namespace Ingest.Contracts.Tests;

/// <summary>Paths of the checkout that the tests were built from.</summary>
static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>What stands beside a developer's checkout and never inside of it; null elsewhere.</summary>
    public static string? Shared(string path) => Path.GetFullPath(Path.Combine(Root, "..", "shared", path)) is var found && Path.Exists(found) ? found : null;

    public static bool OnCi => Environment.GetEnvironmentVariable("CI") == "true";

    public static string PathTo(params string[] parts) => Path.Combine([Root, .. parts]);

    static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Ingest.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"No Ingest.sln above {AppContext.BaseDirectory}.");
        return folder;
    }
}
