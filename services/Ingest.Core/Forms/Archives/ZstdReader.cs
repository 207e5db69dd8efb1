using System.Numerics;
using Ingest.Core.Articles;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Ingest.Core.Forms.Archives;

/// <summary>A file that was packed with Zstandard (RFC 8878).</summary>
internal static class ZstdReader
{
    /// <summary>The largest window that its own program takes unasked, as a power of two.</summary>
    const int MostWindow = 27;

    static readonly PackedFile Packed = new("a Zstandard file", Unpack, Unpacked);

    internal static ReadOnlySpan<byte> Magic => [0x28, 0xb5, 0x2f, 0xfd];

    public static bool Recognises(InputStart start) =>
        start.Beginning.Span.StartsWith(Magic) || start.ContentType is "application/zstd" || start.Name.EndsWith(".zst", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="InvalidDataException">It is damaged: what came before is good, and who opened the file says so of it.</exception>
    /// <exception cref="EndOfStreamException">It was cut off. The same.</exception>
    public static IEnumerable<RawArticle> Read(Stream content, RawArticle file, InputLimits limits, MemberReader inside) =>
        Packed.Read(content, file, limits, inside);

    /// <summary>A stream declares its window, which is held in memory: no more of it than a file may have there.</summary>
    public static Stream Unpack(Stream packed, InputLimits limits)
    {
        var unpacking = new DecompressionStream(packed);
        unpacking.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, Math.Clamp(BitOperations.Log2((ulong)limits.MaxFile), 10, MostWindow));
        return new ZstdStream(unpacking);
    }

    static string Unpacked(string name) => name.EndsWith(".zst", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name;

    /// <summary>Says of damage what other unpackers say.</summary>
    sealed class ZstdStream(DecompressionStream inner) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer)
        {
            try
            {
                return inner.Read(buffer);
            }
            catch (ZstdException e)
            {
                throw new InvalidDataException($"it is damaged, or needs a dictionary or too large a window: {e.Message}", e);
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
