using Ingest.Core.Forms;
using Ingest.Core.Forms.Archives;
using Ingest.Core.Forms.Feeds;
using Ingest.Core.Forms.Mail;
using Ingest.Core.Forms.Tables;
using Ingest.Core.Forms.Wires;

namespace Ingest.Core.Inputs;

/// <summary>All forms, in the order in which they are asked.</summary>
public static class InputForms
{
    /// <summary>Records as other programs write them; a list of our own is one too.</summary>
    public static InputForm RecordsInJson { get; } = new("a list of records in JSON", JsonTable.Recognises, JsonTable.Read);

    static readonly InputForm[] All =
    [
        new("a web archive", WarcReader.Recognises, WarcReader.Read),
        new("a ZIP archive", ZipReader.Recognises, (c, f, l) => ZipReader.Read(c, f, l, InputFiles.ReadMember)),
        new("a gzip file", GzipReader.Recognises, (c, f, l) => GzipReader.Read(c, f, l, (s, m, d) => InputFiles.Read(s, m, d))),
        new("a Zstandard file", ZstdReader.Recognises, (c, f, l) => ZstdReader.Read(c, f, l, (s, m, d) => InputFiles.Read(s, m, d))),
        new("a tar archive", TarReader.Recognises, (c, f, l) => TarReader.Read(c, f, l, InputFiles.ReadMember)),
        new("a ninjs file", Ninjs.Recognises, Ninjs.Read),
        new("a NewsML-G2 file", NewsMLG2.Recognises, NewsMLG2.Read),
        new("a NewsML 1 file", NewsML12.Recognises, NewsML12.Read),
        new("a NITF file", Nitf.Recognises, Nitf.Read),
        new("an IPTC 7901 file", Iptc7901.Recognises, Iptc7901.Read),
        new("an ANPA 1312 file", Anpa1312.Recognises, Anpa1312.Read),
        new("a telex", Telex.Recognises, Telex.Read),
        new("a feed (RSS or Atom)", XmlFeed.Recognises, XmlFeed.Read),
        new("a JSON feed", JsonFeed.Recognises, JsonFeed.Read),
        new("a mail", MailReader.Recognises, MailReader.Read),
        new("a table", TextTable.Recognises, TextTable.Read),
        RecordsInJson,
    ];

    /// <summary>The form of a file; null for text, records and HTML, and for what nobody knows.</summary>
    public static InputForm? Of(InputStart start) => Array.Find(All, f => f.Recognises(start));
}
