using Ingest.Core.Forms;
using Ingest.Core.Inputs;

namespace Ingest.Service.Accept;

/// <summary>The content types under which a body is read as a file would be: what is in it may be many articles.</summary>
static class FileTypes
{
    static readonly string[] Texts =
    [
        "text/html", "application/xhtml+xml", "application/xml", "text/xml", "application/rss+xml", "application/atom+xml", "application/rdf+xml",
        "application/vnd.iptc.g2.newsitem+xml", "application/vnd.iptc.g2.newsmessage+xml", "application/vnd.iptc.g2.packageitem+xml", "application/feed+json",
        "text/csv", "text/tab-separated-values", "message/rfc822",
    ];

    static readonly string[] Packed = ["application/warc", "application/zip", "application/gzip", "application/x-gzip", "application/zstd", "application/x-tar"];

    /// <summary>JSON is a record, unless it has the form of a wire or a feed, or its sender says what its members are called.</summary>
    public static bool IsFile(string? kind, ReadOnlyMemory<byte> body, ColumnMap columns) =>
        IsFile(kind) || kind == "application/json" && (!columns.IsEmpty || FormOf(body) is not null);

    /// <summary>
    /// Whether a message of the queue is a file. JSON Lines are one, as there is no batch; a list of records in JSON is a message of our own,
    /// unless its sender says what its members are called.
    /// </summary>
    public static bool IsFileOfQueue(string? kind, ReadOnlyMemory<byte> body, ColumnMap columns) =>
        IsFile(kind) || InputFiles.AreLines(kind)
        || kind == "application/json" && (!columns.IsEmpty || FormOf(body) is { } form && form != InputForms.RecordsInJson);

    static InputForm? FormOf(ReadOnlyMemory<byte> json) =>
        InputForms.Of(new InputStart(json[..Math.Min(json.Length, InputForm.LookAhead)], "", "application/json"));

    public static bool IsFile(string? kind) => Array.IndexOf(Texts, kind) >= 0 || IsPacked(kind);

    /// <summary>What is packed is bytes, whatever charset is stated.</summary>
    public static bool IsPacked(string? kind) => Array.IndexOf(Packed, kind) >= 0;

    /// <summary>What may state its charset inside.</summary>
    public static bool DeclareCharset(string kind) =>
        kind == "text/html" || kind.EndsWith("/xml", StringComparison.Ordinal) || kind.EndsWith("+xml", StringComparison.Ordinal);
}
