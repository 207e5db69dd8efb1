using System.Globalization;
using System.IO.Compression;
using System.Text;
using Ingest.Core.Articles;

namespace Ingest.Core.Forms.Archives;

/// <summary>The page of HTML in a record of a web archive.</summary>
/// <param name="Start">Where it begins, behind what the server said of it.</param>
/// <param name="Charset">As stated beside it.</param>
/// <param name="Codings">What it is packed in, in the order in which it was.</param>
internal sealed record WebPage(int Start, string? Charset, bool IsChunked, IReadOnlyList<string> Codings)
{
    const string Form = "a record of a web archive";

    /// <summary>Null for a record of another kind, and for what is no page or was not found.</summary>
    /// <param name="content">Its beginning is enough.</param>
    public static WebPage? Of(Dictionary<string, string> record, ReadOnlySpan<byte> content)
    {
        var type = record.GetValueOrDefault("WARC-Type")?.ToLowerInvariant();
        if (type == "resource")
            return MediaType(record.GetValueOrDefault("Content-Type"), out var given) is "text/html" or "application/xhtml+xml"
                ? new WebPage(0, given, false, [])
                : null;
        if (type != "response" || !content.StartsWith("HTTP/"u8) || !HasStatus200(content))
            return null;
        var (fields, start) = HeaderFields.Read(content[..Math.Min(content.Length, 1 << 16)]);
        if (start < 0)
            return null;
        var media = MediaType(fields.GetValueOrDefault("Content-Type"), out var charset);
        var codings = List(fields.GetValueOrDefault("Content-Encoding"));
        var isPage = media is "text/html" or "application/xhtml+xml"
            || media is null && PageStart.IsPage(new InputStart(content[start..Math.Min(content.Length, start + InputForm.LookAhead)].ToArray(), ""));
        return isPage
            ? new WebPage(start, charset, List(fields.GetValueOrDefault("Transfer-Encoding")).Contains("chunked"), codings)
            : null;
    }

    /// <summary>The article of its bytes, unpacked.</summary>
    public RawArticle Article(ReadOnlyMemory<byte> body, RawArticle article, InputLimits limits)
    {
        // Crawlers keep the server's header, but some undo what it says of the body: it is looked at, too.
        if (IsChunked && Joined(body.Span) is { } joined)
            body = joined;
        foreach (var coding in Codings.Reverse())
        {
            try
            {
                using var packed = new MemoryStream(body.ToArray(), writable: false);
                using var unpacking = Unpacking(coding, packed, body.Span, limits);
                if (unpacking is null)
                    continue;
                if (!BoundedReader.TryReadAll(unpacking, BoundedReader.MostOfText(limits.MaxArticle), out var bytes))
                    return article with { OverLimit = limits.MaxArticle };
                body = bytes;
            }
            catch (Exception e) when (e is InvalidDataException or InvalidOperationException or NotSupportedException or EndOfStreamException)
            {
                return article with { Refused = Rejection.Unreadable(Form, $"its Content-Encoding is \"{coding}\". {e.Message}") };
            }
        }

        return article with { Form = ArticleForm.Html, Content = PageBytes.Of(body, Charset) };
    }

    static bool HasStatus200(ReadOnlySpan<byte> content)
    {
        var line = content[..(content.IndexOf((byte)'\n') is >= 0 and var end ? end : content.Length)];
        var rest = line.IndexOf((byte)' ') is >= 0 and var space ? line[space..].Trim(" \r"u8) : [];
        return rest.StartsWith("200"u8) && (rest.Length == 3 || rest[3] == ' ');
    }

    static string? MediaType(string? given, out string? charset)
    {
        charset = null;
        if (string.IsNullOrWhiteSpace(given))
            return null;
        var parts = given.Split(';', StringSplitOptions.TrimEntries);
        foreach (var part in parts.Skip(1))
            if (part.StartsWith("charset=", StringComparison.OrdinalIgnoreCase))
                charset = part["charset=".Length..].Trim('"', '\'', ' ');
        return parts[0].ToLowerInvariant();
    }

    static List<string> List(string? given) =>
        [.. (given ?? "").ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    /// <returns>Null where the body is not packed so.</returns>
    static Stream? Unpacking(string coding, Stream packed, ReadOnlySpan<byte> body, InputLimits limits) => coding switch
    {
        "identity" => null,
        "gzip" or "x-gzip" => body.StartsWith(GzipReader.Magic) ? new GZipStream(packed, CompressionMode.Decompress) : null,
        // By its standard it is zlib's form; some servers send it bare.
        "deflate" when body.Length > 1 && (body[0] & 0x0f) == 8 && (body[0] << 8 | body[1]) % 31 == 0 => new ZLibStream(packed, CompressionMode.Decompress),
        "deflate" => new DeflateStream(packed, CompressionMode.Decompress),
        "br" => new BrotliStream(packed, CompressionMode.Decompress),
        "zstd" => body.StartsWith(ZstdReader.Magic) ? ZstdReader.Unpack(packed, limits) : null,
        _ => throw new NotSupportedException("Only gzip, deflate, br and zstd can be unpacked."),
    };

    /// <summary>The chunks of a body as one; null where it is in none. What was cut off is as long as it is.</summary>
    static byte[]? Joined(ReadOnlySpan<byte> body)
    {
        var joined = new MemoryStream(body.Length);
        for (var isFirst = true; !body.IsEmpty; isFirst = false)
        {
            var end = body.IndexOf((byte)'\n');
            var size = end < 0 ? [] : body[..end];
            size = (size.IndexOf((byte)';') is >= 0 and var extension ? size[..extension] : size).Trim(" \t\r"u8);
            if (!int.TryParse(Encoding.Latin1.GetString(size), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var length) || length < 0)
                return isFirst ? null : joined.ToArray();
            if (length == 0)
                break;
            body = body[(end + 1)..];
            joined.Write(body[..Math.Min(length, body.Length)]);
            body = body[Math.Min(length, body.Length)..];
            body = body.StartsWith("\r\n"u8) ? body[2..] : body.StartsWith("\n"u8) ? body[1..] : body;
        }

        return joined.ToArray();
    }
}
