using System.Text;
using System.Text.Unicode;
using Ingest.Core.Normalisation.Decoding;

namespace Ingest.Core.Forms;

/// <summary>The bytes of a page whose charset was stated beside it, where whoever reads them later cannot look.</summary>
internal static class PageBytes
{
    /// <summary>
    /// As they came where they say the same themselves, or nothing was stated; else in UTF-8 with its mark: what a server states counts more
    /// than what the page declares, and the mark more than either.
    /// </summary>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> page, string? charset)
    {
        var bytes = page.Span;
        if (charset is null || HasMark(bytes))
            return page;
        var declared = Charset.Declared(bytes);
        if (charset.Trim().ToLowerInvariant() is "utf-8" or "utf8")
            return declared is not null && Utf8.IsValid(bytes) ? Marked(page.ToArray()) : page;
        if (Charset.Named(charset) is not { } stated || stated.CodePage == declared?.CodePage)
            return page;
        // What is valid UTF-8 is in no code page by chance. Where all bytes are ASCII it says nothing, and changes nothing.
        return stated.IsSingleByte && Utf8.IsValid(bytes) ? page : Marked(Encoding.UTF8.GetBytes(stated.GetString(bytes)));
    }

    static byte[] Marked(byte[] utf8) => [.. "\ufeff"u8, .. utf8];

    static bool HasMark(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("\ufeff"u8) || bytes.StartsWith((ReadOnlySpan<byte>)[0xff, 0xfe]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xfe, 0xff]);
}
