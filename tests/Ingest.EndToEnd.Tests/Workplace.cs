using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace Ingest.EndToEnd.Tests;

/// <summary>A folder of a test's own, in which the real program runs as a process.</summary>
sealed class Workplace : IDisposable
{
    /// <param name="Output">Standard output as UTF-8.</param>
    public sealed record Finished(int Exit, string Output, string Errors)
    {
        public List<JsonNode> Lines => [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)];
    }

    /// <summary>
    /// What the program finds in its environment beside what the tests have. The tests start hundreds of processes that live for a second: compiled lightly, each takes two
    /// thirds of the processor time that it takes with the setting for long runs.
    /// </summary>
    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal) { ["DOTNET_TC_QuickJitForLoops"] = "1" };

    public string Folder { get; } = Directory.CreateTempSubdirectory("ingest-test-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public string PathTo(string name) => Path.Combine(Folder, name);

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a file, packed where its name ends in .gz, and returns its name.</summary>
    public string Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathTo(name))!);
        using Stream file = File.Create(PathTo(name));
        using var packed = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file;
        packed.Write(bytes);
        return name;
    }

    public Finished Run(params string[] arguments) => Run(null, arguments);

    /// <summary>Runs <c>ingest</c> in the folder, with <paramref name="input"/> as its standard input.</summary>
    public Finished Run(byte[]? input, params string[] arguments)
    {
        using var process = Start(input is not null, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (input is not null)
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }

        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(2)), "ingest did not end");
        return new Finished(process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
    }

    public Process Start(bool input, params string[] arguments) => StartProgram(Executable, input, arguments);

    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, "ingest");

    /// <summary>Runs a program that runs <c>ingest</c>, such as a shell or a terminal.</summary>
    public Process StartProgram(string program, bool input, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardInput = input,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>An article that is clean already: a headline and two paragraphs with a word of the caller's in them.</summary>
    public static string Article(string word) =>
        $"Mill at {word} reopens as a library\n\nThe old paper mill at {word} opened again on Monday, with shelves where the rollers stood.\n\nAbout 300 people came to see it in the rain, the town of {word} said in a statement.\n";

    public static string Record(string id, string word) => RecordOf(id, Article(word));

    /// <summary>A database's export with a document about the mill at each place.</summary>
    public static string Export(params string[] places) => string.Concat(places.Select((place, i) => $"""
        {i + 1} of {places.Length} DOCUMENTS

        The {place} Sentinel

        March 3, 2021 Wednesday

        Mill at {place} reopens

        BYLINE: Hanna Sorley

        LENGTH: 20 words

        The old mill at {place} opened again on Monday, with shelves where the stones had been.

        Nobody in {place} had asked for it, and everybody came to see what had become of the stones.

        LOAD-DATE: March 4, 2021


        """));

    public static string RecordOf(string id, string text) => new JsonObject { ["id"] = id, ["text"] = text }.ToJsonString() + "\n";

    /// <summary>Paragraphs of invented words that no other seed has in this order.</summary>
    public static List<string> Paragraphs(int seed, int count = 4)
    {
        var random = new Random(seed);
        string Word() => string.Concat(Enumerable.Range(0, random.Next(2, 4)).Select(_ => "bdfgklmnprstv"[random.Next(13)].ToString() + "aeiou"[random.Next(5)]));
        string Sentence() => $"The {string.Join(' ', Enumerable.Range(0, 12).Select(_ => Word()))}.";
        return [.. Enumerable.Range(0, count).Select(_ => $"{Sentence()} {Sentence()}")];
    }

    public static string Text(IEnumerable<string> paragraphs) => string.Join("\n\n", paragraphs) + "\n";
}
