using ICSharpCode.SharpZipLib.GZip;
using Ingest.Core.Articles;

namespace Ingest.Core.Forms.Archives;

/// <summary>A file that was packed with gzip: it is what is in it, with the same id.</summary>
internal static class GzipReader
{
    internal static ReadOnlySpan<byte> Magic => [0x1f, 0x8b];

    public static bool Recognises(InputStart start) =>
        start.Beginning.Span.StartsWith(Magic) || start.ContentType is "application/gzip" or "application/x-gzip"
        || start.Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) || start.Name.EndsWith(".tgz", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="ICSharpCode.SharpZipLib.SharpZipBaseException">
    /// It is damaged or was cut off: what came before is good, and who opened the file says so of it.
    /// </exception>
    public static IEnumerable<RawArticle> Read(Stream content, RawArticle file, InputLimits limits, MemberReader inside)
    {
        if (limits.MaxDepth <= 0)
        {
            yield return Unpacking.TooDeep(file, "a gzip file");
            yield break;
        }

        var counted = new CountedStream(content);
        // .NET's own GZipStream takes a file that was cut off for a whole one.
        using var unpacked = new UnpackedStream(
            new GZipInputStream(counted) { IsStreamOwner = false }, () => counted.Total, limits, Unpacking.Of(content, limits));
        var member = file with { Name = Unpacked(file.Name) };
        using var each = inside(unpacked, member, limits with { MaxDepth = limits.MaxDepth - 1 }).GetEnumerator();
        while (true)
        {
            string? bomb = null;
            try
            {
                if (!each.MoveNext())
                    yield break;
            }
            catch (PackedTooTightlyException e)
            {
                bomb = e.Message;
            }

            if (bomb is not null)
            {
                yield return file with { Refused = Rejection.Unreadable("a gzip file", bomb) };
                yield break;
            }

            // A table calls it as its file is called.
            var article = each.Current;
            yield return article.Name.StartsWith(member.Name, StringComparison.Ordinal)
                ? article with { Name = file.Name + article.Name[member.Name.Length..] }
                : article;
        }
    }

    static string Unpacked(string name) =>
        name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3]
        : name.EndsWith(".tgz", StringComparison.OrdinalIgnoreCase) ? name[..^4] + ".tar"
        : name;

    sealed class CountedStream(Stream inner) : ReadOnlyStream
    {
        public long Total { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            Total += read;
            return read;
        }
    }
}
