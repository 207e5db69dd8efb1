using System.Text;
using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.GZip;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Reading;
using Ingest.Service.Display;

namespace Ingest.Service.Run;

/// <summary>A file with articles.</summary>
/// <param name="Path"><c>-</c> for standard input.</param>
/// <param name="Name">How it is called in a table: below its folder.</param>
/// <param name="Folder">The folder that was named; null where the file itself was.</param>
sealed record ArticleFile(string Path, string Name, string? Folder);

/// <summary>
/// Takes raw articles from files, folders and standard input. What cannot be opened is a fault of the run; whether there is an
/// article in what can be opened is the normaliser's word. Memory holds one article at a time, or those that one export holds together.
/// </summary>
/// <param name="standardInput">Where <c>-</c> is read from, each time that it is.</param>
sealed class ArticleSource(long maxBytes, Func<Stream>? standardInput = null)
{
    /// <summary>That are named.</summary>
    const int MostSkipped = 10;

    static readonly string[] TextEndings = [".txt", ".text"];
    static readonly string[] RecordEndings = [".jsonl", ".ndjson"];

    /// <summary>What could not be opened or read, with the reason.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>What was passed by in folders, with the reason.</summary>
    public List<string> Skipped { get; } = [];

    /// <summary>Says on the error stream what was passed by, and what could not be read.</summary>
    public void Tell()
    {
        foreach (var skipped in Skipped.Take(MostSkipped))
            Terminal.Complain($"skipped {skipped}.");
        if (Skipped.Count > MostSkipped)
            Terminal.Complain($"skipped {Skipped.Count - MostSkipped} more of the same kinds.");
        Faults.ForEach(Terminal.Complain);
    }

    public IEnumerable<RawArticle> Read(IEnumerable<string> paths) => Read(Find(paths));

    public IEnumerable<RawArticle> Read(IEnumerable<ArticleFile> files) =>
        files.SelectMany(f => f.Path == "-" ? ReadStandardInput() : ReadFile(f.Path, f.Name)).SelectMany(ArticleParts.Of);

    /// <summary>The files that are to be read, in their order; nothing is opened yet.</summary>
    public List<ArticleFile> Find(IEnumerable<string> paths) => [.. paths.SelectMany(FindIn)];

    IEnumerable<ArticleFile> FindIn(string path) => path != "-" && Directory.Exists(path)
        ? Walk(path).Select(file => new ArticleFile(file, Path.GetRelativePath(path, file), path))
        : [new ArticleFile(path, Path.GetFileName(path), null)];

    /// <summary>
    /// The articles below a folder, in the order of their paths. Expected outcomes that stand beside samples
    /// (<c>expected.jsonl</c>) are none, nor are files with another ending; a file named on the command line is always read.
    /// </summary>
    List<string> Walk(string folder)
    {
        var walk = new FolderWalk(IsWanted);
        var files = walk.Files(folder);
        Faults.AddRange(walk.Faults);
        Skipped.AddRange(walk.Skipped);
        if (files.Count == 0 && walk.Faults.Count == 0)
            Faults.Add($"{folder} contains no article: looked for {string.Join(", ", TextEndings.Concat(RecordEndings))}, each also with .gz.");
        return files;
    }

    static bool IsWanted(string path)
    {
        var name = Path.GetFileName(Unzipped(path));
        return EndsWith(name, TextEndings)
            || EndsWith(name, RecordEndings) && name != "expected.jsonl" && !name.EndsWith(".expected.jsonl", StringComparison.Ordinal);
    }

    IEnumerable<RawArticle> ReadFile(string path, string name)
    {
        Stream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            Faults.Add($"cannot read {path}: {(e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file or folder." : e.Message)}");
            return [];
        }

        if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            // .NET's own GZipStream takes a file that was cut off for a whole one.
            stream = new GZipInputStream(stream);
        return Guarded(path, stream, EndsWith(Unzipped(path), RecordEndings) ? ReadRecords(stream, path, name) : ReadText(stream, path, name));
    }

    /// <summary>
    /// Passes inputs on; a fault while reading (a broken .gz, a failing disk) ends this file and is reported, not the run.
    /// </summary>
    IEnumerable<RawArticle> Guarded(string path, Stream stream, IEnumerable<RawArticle> inputs)
    {
        using (stream)
        {
            using var each = inputs.GetEnumerator();
            while (true)
            {
                try
                {
                    if (!each.MoveNext())
                        yield break;
                }
                catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or SharpZipBaseException)
                {
                    Faults.Add($"cannot read {path} to its end: {e.Message}");
                    yield break;
                }

                yield return each.Current;
            }
        }
    }

    /// <summary>Standard input is JSON Lines when its first character is a brace, else one article's text.</summary>
    IEnumerable<RawArticle> ReadStandardInput()
    {
        var stream = new BufferedStream(standardInput?.Invoke() ?? Console.OpenStandardInput(), 1 << 16);
        var first = new PeekedStream(stream);
        return Guarded("standard input", first, first.Peek() == '{' ? ReadRecords(first, "-", "-") : ReadText(first, "-", "-"));
    }

    IEnumerable<RawArticle> ReadText(Stream stream, string path, string name)
    {
        var folder = FolderOf(path);
        // UTF-16 takes two bytes where UTF-8 takes one, and an export may hold many: each decoded text is measured, this only bounds the reading.
        if (!BoundedReader.TryReadAll(stream, maxBytes * 2 + 4, out var bytes))
        {
            yield return Raw(path, folder, name, ArticleForm.Text, default) with { OverLimit = maxBytes };
            yield break;
        }

        yield return Raw(path, folder, name, ArticleForm.Text, bytes);
    }

    IEnumerable<RawArticle> ReadRecords(Stream stream, string path, string name)
    {
        var folder = FolderOf(path);
        // Escapes can make a character six bytes long, and metadata stands beside the text.
        using var lines = new BoundedReader(AsUtf8(stream), maxBytes * 6 + 65536);
        for (long number = 1; lines.TryReadLine(out var line, out var tooLong); number++)
        {
            var at = $"{path}:{number}";
            if (tooLong)
                yield return Raw(at, folder, $"{name}:{number}", ArticleForm.Record, default) with { OverLimit = maxBytes };
            else if (!IsBlank(line))
                yield return Raw(at, folder, $"{name}:{number}", ArticleForm.Record, line.ToArray());
        }
    }

    static RawArticle Raw(string id, string? folder, string name, ArticleForm form, ReadOnlyMemory<byte> content) =>
        new(id, form, content, ArticleMetadata.None, "file") { Name = name, Folder = folder };

    static string? FolderOf(string path) =>
        Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path))) is { Length: > 0 } folder ? folder : null;

    /// <summary>
    /// Lines are split as bytes, which UTF-16 (known by its mark) would not survive; other encodings are told line by line.
    /// </summary>
    static Stream AsUtf8(Stream stream)
    {
        var peeked = stream as PeekedStream ?? new PeekedStream(stream);
        return peeked.Peek() switch
        {
            0xff => Encoding.CreateTranscodingStream(peeked, Encoding.Unicode, Encoding.UTF8),
            0xfe => Encoding.CreateTranscodingStream(peeked, Encoding.BigEndianUnicode, Encoding.UTF8),
            _ => peeked,
        };
    }

    static bool IsBlank(ReadOnlyMemory<byte> line) => line.Span.Trim(" \t\r"u8).IsEmpty;

    static string Unzipped(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;

    static bool EndsWith(string path, string[] endings) => Array.Exists(endings, e => path.EndsWith(e, StringComparison.OrdinalIgnoreCase));
}
