using System.Text.Json;

namespace Ingest.Core.Tests;

/// <summary>The raw articles under seeds/ and Samples/, by their path in the repository.</summary>
static class SampleArticles
{
    static readonly string Root = FindRoot();
    static readonly string[] Folders = ["seeds", "tests/Ingest.Core.Tests/Samples/layouts",
        "tests/Ingest.Core.Tests/Samples/further", "tests/Ingest.Core.Tests/Samples/exports", "tests/Ingest.Core.Tests/Samples/traps"];

    public static IEnumerable<string> Names() => Folders.SelectMany(f => Directory.EnumerateFiles(Path.Combine(Root, f), "*.txt"))
        .Order(StringComparer.Ordinal).Select(p => Path.GetRelativePath(Root, p));

    public static string Text(string name) => File.ReadAllText(Path.Combine(Root, name));

    /// <summary>The expectation of an article, from the <c>expected.jsonl</c> beside it.</summary>
    public static JsonElement Expected(string name)
    {
        var path = Path.Combine(Root, name);
        foreach (var line in File.ReadLines(Path.Combine(Path.GetDirectoryName(path)!, "expected.jsonl")))
        {
            var expected = JsonDocument.Parse(line).RootElement;
            if (expected.GetProperty("id").GetString() == Path.GetFileName(path))
                return expected;
        }

        throw new InvalidOperationException($"No line of expected.jsonl is about {name}.");
    }

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Ingest.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Ingest.sln.");
    }
}
