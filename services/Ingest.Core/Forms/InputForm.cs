using Ingest.Core.Articles;

namespace Ingest.Core.Forms;

/// <summary>What a file shows of itself before it is read.</summary>
/// <param name="Beginning">Its first bytes, up to <see cref="InputForms.LookAhead"/>.</param>
/// <param name="Name">The last part of its path; empty where it has none.</param>
/// <param name="ContentType">What its sender says that it is, in lower case without parameters; null where nobody says.</param>
public readonly record struct InputStart(ReadOnlyMemory<byte> Beginning, string Name, string? ContentType = null);

/// <summary>How much is read. All in bytes.</summary>
/// <param name="MaxArticle">Of one article. What is longer is an article that is refused by name: see <see cref="RawArticle.OverLimit"/>.</param>
/// <param name="MaxFile">Of a file that must be in memory as a whole to be read.</param>
/// <param name="MaxUnpacked">Of all that a compressed file holds.</param>
/// <param name="MaxRatio">Unpacked bytes for each packed one, behind the first megabyte.</param>
/// <param name="MaxDepth">Files inside files inside files.</param>
public sealed record InputLimits(
    long MaxArticle, long MaxFile = 256L << 20, long MaxUnpacked = 64L << 30, int MaxRatio = 200, int MaxDepth = 3);

/// <summary>
/// A form in which articles are sent that is neither plain text, nor a record, nor a page of HTML. Its reader turns a file into articles of
/// those three forms: what the file says of an article is its <see cref="ArticleMetadata"/>, its text is text or HTML.
/// </summary>
/// <param name="Name">In messages: "an RSS feed".</param>
/// <param name="Recognises">Whether a file has this form, by its first bytes above all.</param>
/// <param name="Read">The articles of a file, in its order, as they are asked for.</param>
public sealed record InputForm(string Name, Func<InputStart, bool> Recognises, InputReader Read);

/// <summary>Reads the articles of a file.</summary>
/// <param name="content">Read once, from front to end; it may not be able to seek. Who opened it closes it.</param>
/// <param name="file">
/// What is known of the file, without its content. Each article is made of it with <c>with</c>: its id is the file's and <c>#</c> and its own id in the file, or its number
/// where it has none; where the file's id is empty, its own id alone.
/// </param>
/// <returns>
/// An entry that cannot be read is an article that is <see cref="RawArticle.Refused"/> by name, and the next one is read. Nothing is thrown
/// but for what the stream throws itself.
/// </returns>
public delegate IEnumerable<RawArticle> InputReader(Stream content, RawArticle file, InputLimits limits);

/// <summary>All forms, in the order in which they are asked.</summary>
public static class InputForms
{
    /// <summary>Bytes by which a form is recognised.</summary>
    public const int LookAhead = 4096;

    static readonly InputForm[] All =
    [
        new("a web archive", Archives.WarcReader.Recognises, Archives.WarcReader.Read),
        new("a ZIP archive", Archives.ZipReader.Recognises, (c, f, l) => Archives.ZipReader.Read(c, f, l, InputFiles.ReadMember)),
        new("a gzip file", Archives.GzipReader.Recognises, (c, f, l) => Archives.GzipReader.Read(c, f, l, (s, m, d) => InputFiles.Read(s, m, d))),
        new("a tar archive", Archives.TarReader.Recognises, (c, f, l) => Archives.TarReader.Read(c, f, l, InputFiles.ReadMember)),
        new("a ninjs file", Wires.Ninjs.Recognises, Wires.Ninjs.Read),
        new("a NewsML-G2 file", Wires.NewsMLG2.Recognises, Wires.NewsMLG2.Read),
        new("a NewsML 1 file", Wires.NewsML12.Recognises, Wires.NewsML12.Read),
        new("a NITF file", Wires.Nitf.Recognises, Wires.Nitf.Read),
        new("an IPTC 7901 file", Wires.Iptc7901.Recognises, Wires.Iptc7901.Read),
        new("an ANPA 1312 file", Wires.Anpa1312.Recognises, Wires.Anpa1312.Read),
        new("a feed (RSS or Atom)", Feeds.XmlFeed.Recognises, Feeds.XmlFeed.Read),
        new("a JSON feed", Feeds.JsonFeed.Recognises, Feeds.JsonFeed.Read),
        new("a mail", Mail.MailReader.Recognises, Mail.MailReader.Read),
        new("a table", Tables.TextTable.Recognises, Tables.TextTable.Read),
        new("a list of records in JSON", Tables.JsonTable.Recognises, Tables.JsonTable.Read),
    ];

    /// <summary>The form of a file; null for text, records and HTML, and for what nobody knows.</summary>
    public static InputForm? Of(InputStart start) => Array.Find(All, f => f.Recognises(start));

    /// <summary>The id of an article in a file.</summary>
    /// <param name="own">Its id in the file; null or empty where it has none.</param>
    /// <param name="number">Its place, from 1.</param>
    public static string IdOf(RawArticle file, string? own, int number)
    {
        ArgumentNullException.ThrowIfNull(file);
        var part = string.IsNullOrWhiteSpace(own) ? number.ToString(System.Globalization.CultureInfo.InvariantCulture) : own.Trim();
        return file.Id.Length > 0 ? $"{file.Id}#{part}" : string.IsNullOrWhiteSpace(own) ? "" : part;
    }
}
