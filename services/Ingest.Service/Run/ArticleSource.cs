using System.Text;
using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.GZip;
using Ingest.Core.Articles;

namespace Ingest.Service.Run;

/// <summary>
/// Takes raw articles from files, folders and standard input. What cannot be opened is a fault of the run; whether there is an
/// article in what can be opened is the normaliser's word. Memory holds one article at a time.
/// </summary>
/// <param name="output">A file that the run writes: a walk passes it by.</param>
sealed class ArticleSource(long maxBytes, string? output = null)
{
    static readonly string[] TextEndings = [".txt", ".text"];
    static readonly string[] RecordEndings = [".jsonl", ".ndjson"];

    /// <summary>What could not be opened or read, with the reason.</summary>
    public List<string> Faults { get; } = [];

    public IEnumerable<RawArticle> Read(IEnumerable<string> paths) => paths.SelectMany(ReadPath);

    IEnumerable<RawArticle> ReadPath(string path)
    {
        if (path == "-")
            return ReadStandardInput();
        if (Directory.Exists(path))
            return Walk(path).SelectMany(file => ReadFile(file, Path.GetRelativePath(path, file)));
        return ReadFile(path, Path.GetFileName(path));
    }

    /// <summary>
    /// The articles below a folder, in the order of their paths. Expected outcomes that stand beside samples
    /// (<c>expected.jsonl</c>) are none, nor are files with another ending; a file named on the command line is always read.
    /// </summary>
    List<string> Walk(string folder)
    {
        var files = new List<string>();
        try
        {
            var walk = new EnumerationOptions
            {
                RecurseSubdirectories = true,
                IgnoreInaccessible = false,
                AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
            };
            foreach (var file in Directory.EnumerateFiles(folder, "*", walk))
            {
                var name = Path.GetFileName(Unzipped(file));
                if (output is not null && Path.GetFullPath(file) == Path.GetFullPath(output))
                    continue;
                if (EndsWith(name, TextEndings)
                    || EndsWith(name, RecordEndings) && name != "expected.jsonl" && !name.EndsWith(".expected.jsonl", StringComparison.Ordinal))
                    files.Add(file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Faults.Add($"cannot read the folder {folder}: {e.Message}");
            return files;
        }

        if (files.Count == 0)
            Faults.Add($"{folder} contains no article: looked for {string.Join(", ", TextEndings.Concat(RecordEndings))}, each also with .gz.");
        files.Sort(StringComparer.Ordinal);
        return files;
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
        var stream = new BufferedStream(Console.OpenStandardInput(), 1 << 16);
        var first = new PeekedStream(stream);
        return Guarded("standard input", first, first.Peek() == '{' ? ReadRecords(first, "-", "-") : ReadText(first, "-", "-"));
    }

    IEnumerable<RawArticle> ReadText(Stream stream, string path, string name)
    {
        // UTF-16 takes two bytes where UTF-8 takes one: the decoded text is measured, this only bounds the reading.
        if (!BoundedReader.TryReadAll(stream, maxBytes * 2 + 4, out var bytes))
        {
            yield return Raw(path, name, ArticleForm.Text, default) with { OverLimit = maxBytes };
            yield break;
        }

        yield return Raw(path, name, ArticleForm.Text, bytes);
    }

    IEnumerable<RawArticle> ReadRecords(Stream stream, string path, string name)
    {
        // Escapes can make a character six bytes long, and metadata stands beside the text.
        using var lines = new BoundedReader(AsUtf8(stream), maxBytes * 6 + 65536);
        for (long number = 1; lines.TryReadLine(out var line, out var tooLong); number++)
        {
            var at = $"{path}:{number}";
            if (tooLong)
                yield return Raw(at, $"{name}:{number}", ArticleForm.Record, default) with { OverLimit = maxBytes };
            else if (!IsBlank(line))
                yield return Raw(at, $"{name}:{number}", ArticleForm.Record, line.ToArray());
        }
    }

    static RawArticle Raw(string id, string name, ArticleForm form, ReadOnlyMemory<byte> content) =>
        new(id, form, content, ArticleMetadata.None, "file") { Name = name };

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
