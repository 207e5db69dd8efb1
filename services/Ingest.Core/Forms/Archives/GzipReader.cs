using ICSharpCode.SharpZipLib.GZip;
using Ingest.Core.Articles;

namespace Ingest.Core.Forms.Archives;

/// <summary>A file that was packed with gzip.</summary>
internal static class GzipReader
{
    // .NET's own GZipStream takes a file that was cut off for a whole one.
    static readonly PackedFile Packed = new("a gzip file", (stream, _) => new GZipInputStream(stream) { IsStreamOwner = false }, Unpacked);

    internal static ReadOnlySpan<byte> Magic => [0x1f, 0x8b];

    public static bool Recognises(InputStart start) =>
        start.Beginning.Span.StartsWith(Magic) || start.ContentType is "application/gzip" or "application/x-gzip"
        || start.Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) || start.Name.EndsWith(".tgz", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="ICSharpCode.SharpZipLib.SharpZipBaseException">
    /// It is damaged or was cut off: what came before is good, and who opened the file says so of it.
    /// </exception>
    public static IEnumerable<RawArticle> Read(Stream content, RawArticle file, InputLimits limits, MemberReader inside) =>
        Packed.Read(content, file, limits, inside);

    static string Unpacked(string name) =>
        name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3]
        : name.EndsWith(".tgz", StringComparison.OrdinalIgnoreCase) ? name[..^4] + ".tar"
        : name;
}
