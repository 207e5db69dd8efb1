using System.Text.Json;

namespace Ingest.Core.Tests;

/// <summary>The raw articles under seeds/ and Samples/, by their path in the repository.</summary>
static class SampleArticles
{
    const string Samples = "tests/Ingest.Core.Tests/Samples";
    const string Export = Samples + "/exports";

    public static readonly string Root = FindRoot();
    static readonly string[] Folders = ["seeds", "tests/Ingest.Core.Tests/Samples/layouts",
        "tests/Ingest.Core.Tests/Samples/further", Export, "tests/Ingest.Core.Tests/Samples/traps"];

    public static IEnumerable<string> Names() => Folders.SelectMany(f => Directory.EnumerateFiles(Path.Combine(Root, f), "*.txt"))
        .Order(StringComparer.Ordinal).Select(p => Path.GetRelativePath(Root, p));

    /// <summary>Exports of databases with one document or several; several are no sample of one article.</summary>
    public static IEnumerable<string> Exports() =>
        new[] { Export, Export + "/many" }.SelectMany(f => Directory.EnumerateFiles(Path.Combine(Root, f), "*.txt"))
            .Order(StringComparer.Ordinal).Select(p => Path.GetRelativePath(Root, p));

    /// <summary>The names of the articles in a folder of samples.</summary>
    public static IEnumerable<string> In(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, Samples, folder), "*.txt").Select(p => Path.GetFileName(p)).Where(n => n != "known.txt").Order(StringComparer.Ordinal);

    /// <summary>The lines of a file in a folder of samples; none where it is empty.</summary>
    public static IEnumerable<string> Lines(string folder, string file) =>
        File.ReadLines(Path.Combine(Root, Samples, folder, file)).Where(l => l.Length > 0);

    public static string PathOf(string folder, string name) => Path.Combine(Samples, folder, name);

    public static string FullPathOf(string folder) => Path.Combine(Root, Samples, folder);

    public static string Text(string name) => File.ReadAllText(Path.Combine(Root, name));

    /// <summary>The expectation of an article, from the <c>expected.jsonl</c> beside it.</summary>
    public static JsonElement Expected(string name) => ExpectedOf(name).FirstOrDefault() is { ValueKind: not JsonValueKind.Undefined } expected
        ? expected
        : throw new InvalidOperationException($"No line of expected.jsonl is about {name}.");

    /// <summary>The expectations of each document of a file: its name, then with <c>#2</c> and so on.</summary>
    public static IEnumerable<JsonElement> ExpectedOf(string name)
    {
        var path = Path.Combine(Root, name);
        return File.ReadLines(Path.Combine(Path.GetDirectoryName(path)!, "expected.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(e => e.GetProperty("id").GetString()!.Split('#')[0] == Path.GetFileName(path));
    }

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Ingest.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Ingest.sln.");
    }
}
