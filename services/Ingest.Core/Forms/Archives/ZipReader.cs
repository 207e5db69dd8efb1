using System.IO.Compression;
using Ingest.Core.Articles;

namespace Ingest.Core.Forms.Archives;

/// <summary>A ZIP archive: each of its members is a file of its own.</summary>
internal static class ZipReader
{
    const string Form = "a ZIP archive";

    /// <summary>The first member of the archives that are one document.</summary>
    static readonly (byte[] Sign, string What)[] Documents =
    [
        ("mimetypeapplication/vnd.oasis.opendocument"u8.ToArray(), "an OpenDocument file"), ("mimetypeapplication/epub+zip"u8.ToArray(), "an EPUB book"),
        ("[Content_Types].xml"u8.ToArray(), "an office document"), ("_rels/.rels"u8.ToArray(), "an office document"),
        ("docProps/"u8.ToArray(), "an office document"), ("META-INF/"u8.ToArray(), "a program's archive"),
    ];

    static readonly string[] DocumentEndings = [".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp"];

    /// <summary>Not those that are one document: of an office, a book, a program.</summary>
    public static bool Recognises(InputStart start) =>
        (start.Beginning.Span.StartsWith("PK\x3\x4"u8) || start.Beginning.Span.StartsWith("PK\x5\x6"u8)) && DocumentOf(start) is null;

    /// <summary>What a ZIP archive is that holds the parts of one document; null for one that holds files.</summary>
    public static string? DocumentOf(InputStart start)
    {
        var bytes = start.Beginning.Span;
        if (bytes.Length < 30 || !bytes.StartsWith("PK\x3\x4"u8))
            return null;
        // The name of the first member, and its content where that is not packed.
        var first = bytes[30..];
        foreach (var (sign, what) in Documents)
            if (first.StartsWith(sign))
                return what;
        var name = start.Name;
        return Array.Exists(DocumentEndings, e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase)) ? "an office document" : null;
    }

    public static IEnumerable<RawArticle> Read(Stream content, RawArticle file, InputLimits limits, MemberReader inside)
    {
        if (limits.MaxDepth <= 0)
        {
            yield return Unpacking.TooDeep(file, Form);
            yield break;
        }

        // Its list of members stands at its end.
        byte[] whole = [];
        if (!content.CanSeek && !BoundedReader.TryReadAll(content, limits.MaxFile, out whole))
        {
            yield return file with { Refused = Rejection.Unreadable(Form, $"it has more than {limits.MaxFile} bytes, and comes through a pipe or from an archive. Save it as a file.") };
            yield break;
        }

        using var memory = new MemoryStream(whole, writable: false);
        var seekable = content.CanSeek ? content : memory;
        using var archive = Open(seekable, out var members, out var fault);
        if (archive is null)
        {
            yield return file with { Refused = Rejection.Unreadable(Form, fault) };
            yield break;
        }

        var unpacking = Unpacking.Of(content, limits);
        var number = 0;
        foreach (var entry in members)
        {
            number++;
            if (entry.FullName.EndsWith('/') || entry.FullName.EndsWith('\\'))
                continue;
            var member = Member.Of(file, entry.FullName, number);
            var articles = entry.IsEncrypted
                ? [member with { Refused = Rejection.Unreadable(Form, "it is encrypted.") }]
                : Unpacking.Guarded(member, Form, Articles(entry, Math.Min(entry.CompressedLength, seekable.Length), member, limits, unpacking, inside));
            foreach (var article in articles)
                yield return article;
        }
    }

    static IEnumerable<RawArticle> Articles(
        ZipArchiveEntry entry, long packed, RawArticle member, InputLimits limits, Unpacking unpacking, MemberReader inside)
    {
        using var unpacked = new UnpackedStream(entry.Open(), () => packed, limits, unpacking, entry.Crc32);
        foreach (var article in inside(unpacked, member, limits with { MaxDepth = limits.MaxDepth - 1 }))
            yield return article;
    }

    static ZipArchive? Open(Stream content, out IReadOnlyList<ZipArchiveEntry> members, out string fault)
    {
        (members, fault) = ([], "");
        try
        {
            var archive = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true);
            members = archive.Entries;
            return archive;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ArgumentException)
        {
            fault = $"its list of files is missing or damaged. {e.Message}";
            return null;
        }
    }
}
