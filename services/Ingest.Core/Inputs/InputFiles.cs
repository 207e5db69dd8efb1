using System.Text;
using Ingest.Core.Articles;
using Ingest.Core.Forms;
using Ingest.Core.Forms.Archives;
using Ingest.Core.Forms.Tables;
using Ingest.Core.Normalisation.Decoding;

namespace Ingest.Core.Inputs;

/// <summary>
/// The articles of any file: the one way from bytes of which nobody knows what they are, so that the same file gives the same articles
/// wherever it comes in.
/// </summary>
public static class InputFiles
{
    static readonly string[] LineEndings = [".jsonl", ".ndjson"], JsonEndings = [".json", ".ninjs"];

    static readonly string[] LineTypes = ["application/x-ndjson", "application/jsonl", "application/jsonlines", "application/x-jsonlines"];

    /// <summary>The ends of names by which a file of a folder is taken for one with articles; each also with <c>.gz</c> or <c>.zst</c>.</summary>
    public static IReadOnlyList<string> Endings { get; } =
    [
        ".txt", ".text", .. LineEndings, .. PageStart.Endings, ".xml", ".rss", ".atom", ".rdf", .. JsonEndings, ".nitf", ".newsml", ".csv", ".tsv", ".warc",
        ".zip", ".tar", ".tgz", ".eml",
    ];

    /// <summary>Whether a file of a folder has articles, by its name. Expected outcomes that stand beside samples (<c>expected.jsonl</c>) are none.</summary>
    public static bool IsWanted(string path)
    {
        var name = Path.GetFileName(path);
        name = EndsWith(name, ".gz") ? name[..^3] : EndsWith(name, ".zst") ? name[..^4] : name;
        return Endings.Any(e => EndsWith(name, e)) && !IsExpected(name);
    }

    /// <summary>Whether a content type is that of JSON Lines, by any of its names.</summary>
    public static bool AreLines(string? contentType) => Array.IndexOf(LineTypes, contentType) >= 0;

    static bool IsExpected(string name) => name == "expected.jsonl" || name.EndsWith(".expected.jsonl", StringComparison.Ordinal);

    /// <summary>The articles of a file.</summary>
    /// <param name="content">Read once, as the articles are asked for.</param>
    /// <param name="file">Its <see cref="RawArticle.Name"/> is looked at; <c>-</c> and nothing are no names.</param>
    /// <param name="contentType">What its sender says that it is, in lower case without parameters; null where nobody says.</param>
    /// <returns>What cannot be read of it is refused by name.</returns>
    /// <exception cref="InvalidDataException">It is packed, and damaged.</exception>
    /// <exception cref="ICSharpCode.SharpZipLib.SharpZipBaseException">The same.</exception>
    public static IEnumerable<RawArticle> Read(Stream content, RawArticle file, InputLimits limits, string? contentType = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(limits);
        return Articles();

        // Nothing is read before the first is asked for: whoever asks handles what the stream throws.
        IEnumerable<RawArticle> Articles()
        {
            var begun = BegunStream.Of(content, InputForm.LookAhead, out var beginning);
            var start = new InputStart(beginning, file.Name == "-" ? "" : Path.GetFileName(file.Name), contentType);
            foreach (var article in Read(begun, file, limits, start))
                yield return article;
        }
    }

    /// <summary>A file in an archive: as one in a folder, what is not known is passed over.</summary>
    internal static IEnumerable<RawArticle> ReadMember(Stream content, RawArticle file, InputLimits limits)
    {
        var path = file.Name[(file.Name.LastIndexOf('#') + 1)..];
        if (path.Split('/', '\\').Any(p => p is "__MACOSX" || p.StartsWith('.') && p is not ("." or "..")))
            return [];
        content = BegunStream.Of(content, InputForm.LookAhead, out var beginning);
        var start = new InputStart(beginning, Path.GetFileName(path));
        return IsWanted(path) || !IsExpected(start.Name) && (InputForms.Of(start) is not null || PageStart.IsPage(start)) ? Read(content, file, limits, start) : [];
    }

    static IEnumerable<RawArticle> Read(Stream content, RawArticle file, InputLimits limits, InputStart start)
    {
        if (InputForms.Of(start) is { } form)
            return form.Read(content, file, limits).Select(a => Named(a, file));
        if (!limits.Columns.IsEmpty && JsonTable.MayBeRecords(start))
            return JsonTable.Read(content, file, limits).Select(a => Named(a, file));
        if (ZipReader.DocumentOf(start) is { } document)
            return [file with { Refused = Rejection.Binary($"it is {document}") }];
        if (Binary.Signature(start.Beginning.Span) is { } sign)
            return [file with { Refused = Rejection.Binary(sign) }];
        if (LineEndings.Any(e => EndsWith(start.Name, e)) || AreLines(start.ContentType)
            || start.Name.Length == 0 && start.ContentType is null && FirstLetter(start.Beginning.Span) == '{')
            return Lines(content, file, limits, start);
        if (PageStart.IsPage(start))
            return Whole(content, file, limits, ArticleForm.Html);
        // Whatever it holds, it is no text: what cannot be read of it, or is no record, is refused by name. An empty file is empty.
        if (JsonEndings.Any(e => EndsWith(start.Name, e)) && (FirstLetter(start.Beginning.Span) != 0 || start.Beginning.Length >= InputForm.LookAhead))
            return InputForms.RecordsInJson.Read(content, file, limits).Select(a => Named(a, file));
        if (start.ContentType is { } type)
            return [file with { Refused = Rejection.Unreadable(type, "it begins like nothing that is known of this type.") }];
        return Whole(content, file, limits, ArticleForm.Text);
    }

    /// <summary>As a table calls it: by the file's name, and its place in it.</summary>
    static RawArticle Named(RawArticle article, RawArticle file) =>
        article.Name == file.Name && article.Id.Length > file.Id.Length && article.Id.StartsWith(file.Id, StringComparison.Ordinal)
            ? article with { Name = file.Name + article.Id[file.Id.Length..] }
            : article;

    static IEnumerable<RawArticle> Whole(Stream content, RawArticle file, InputLimits limits, ArticleForm form)
    {
        var article = file with { Form = form };
        yield return BoundedReader.TryReadAll(content, BoundedReader.MostOfText(limits.MaxArticle), out var bytes)
            ? article with { Content = bytes }
            : article with { OverLimit = limits.MaxArticle };
    }

    static IEnumerable<RawArticle> Lines(Stream content, RawArticle file, InputLimits limits, InputStart start)
    {
        // Escapes can make a character six bytes long, and metadata stands beside the text.
        using var lines = new BoundedReader(AsUtf8(content, start), limits.MaxArticle * 6 + 65536);
        for (long number = 1; lines.TryReadLine(out var line, out var tooLong); number++)
        {
            var article = file with
            {
                Id = file.Id.Length > 0 ? $"{file.Id}:{number}" : "", Name = $"{file.Name}:{number}", Form = ArticleForm.Record,
            };
            if (tooLong)
                yield return article with { OverLimit = limits.MaxArticle };
            else if (!line.Span.Trim(" \t\r"u8).IsEmpty)
                yield return article with { Content = line.ToArray() };
        }
    }

    /// <summary>Lines are split as bytes, which UTF-16 (known by its mark) would not survive; other encodings are told line by line.</summary>
    static Stream AsUtf8(Stream content, InputStart start) => FirstLetter(start.Beginning.Span) switch
    {
        0xff => Encoding.CreateTranscodingStream(content, Encoding.Unicode, Encoding.UTF8),
        0xfe => Encoding.CreateTranscodingStream(content, Encoding.BigEndianUnicode, Encoding.UTF8),
        _ => content,
    };

    /// <summary>The first byte that is neither white space nor part of a byte-order mark; 0 where there is none.</summary>
    static byte FirstLetter(ReadOnlySpan<byte> bytes) =>
        bytes.TrimStart((ReadOnlySpan<byte>)[(byte)' ', (byte)'\t', (byte)'\r', (byte)'\n', 0xef, 0xbb, 0xbf]) is [var first, ..] ? first : (byte)0;

    static bool EndsWith(string name, string ending) => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
}
