using System.IO.Compression;
using Ingest.Core.Forms;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Ingest.Service.Http;

/// <summary>What a body is packed with, as <c>Content-Encoding</c> over HTTP and the property of a message name it.</summary>
static class ContentCoding
{
    /// <summary>The largest window that Zstandard may have over HTTP (RFC 9659), as a power of two. All of it may be in use.</summary>
    public const int ZstdWindowBits = 23;

    /// <returns>Null for a body that is not packed.</returns>
    /// <exception cref="BodyException">It is none that is taken, or several.</exception>
    public static string? Of(string? given)
    {
        var names = (given ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(n => n.ToLowerInvariant()).Where(n => n != "identity").ToList();
        return names switch
        {
            [] => null,
            ["gzip" or "x-gzip"] => "gzip",
            ["deflate" or "br" or "zstd"] => names[0],
            _ => throw new BodyException(Faults.UnsupportedCoding(given!)),
        };
    }

    /// <summary>What the body unpacks to, which is read asynchronously only.</summary>
    /// <param name="coding">See <see cref="Of"/>.</param>
    /// <param name="head">The first two bytes, asked for with <c>deflate</c> only.</param>
    /// <returns>Reading it throws a <see cref="BodyException"/> where it unpacks to too much, and what <see cref="IsDamage"/> knows where it is damaged.</returns>
    public static Stream Unpacked(Stream body, string coding, ReadOnlySpan<byte> head)
    {
        // By its standard deflate is zlib's form; some send it bare.
        var isZlib = head is [var first, var second, ..] && (first & 0x0f) == 8 && (first << 8 | second) % 31 == 0;
        var packed = new CountedStream(body);
        Stream unpacked = coding switch
        {
            "gzip" => new GZipStream(packed, CompressionMode.Decompress),
            "br" => new BrotliStream(packed, CompressionMode.Decompress),
            "zstd" => Zstd(packed),
            _ when isZlib => new ZLibStream(packed, CompressionMode.Decompress),
            _ => new DeflateStream(packed, CompressionMode.Decompress),
        };
        // The limit of bytes alone would let a few of them keep a core busy.
        return new CountedStream(unpacked, total =>
        {
            if (total - InputLimits.WithoutRatio > packed.Total * InputLimits.Ratio)
                throw new BodyException(Faults.PackedTooTightly(coding));
        });
    }

    public static bool IsDamage(Exception e) => e is InvalidDataException or InvalidOperationException or ZstdException or EndOfStreamException;

    static DecompressionStream Zstd(Stream packed)
    {
        var unpacked = new DecompressionStream(packed);
        unpacked.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, ZstdWindowBits);
        return unpacked;
    }
}
