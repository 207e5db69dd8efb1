using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Ingest.Core.Normalisation.Decoding;

/// <summary>
/// Bytes to text: UTF-8 with or without BOM, and UTF-16. What is neither is read in the charset that it declares, in one that its letters
/// tell, or else as Windows-1252.
/// </summary>
public static class TextDecoder
{
    static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <param name="Text">Null for binary data.</param>
    /// <param name="Notes">What had to be assumed or mended.</param>
    /// <param name="BinarySign">Why it is binary data.</param>
    public readonly record struct Decoded(string? Text, IReadOnlyList<string> Notes, string? BinarySign);

    public static Decoded Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xef, 0xbb, 0xbf]))
            return new Decoded(Encoding.UTF8.GetString(bytes[3..]), [], null);
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xff, 0xfe]))
            return new Decoded(Encoding.Unicode.GetString(bytes[2..]), ["read as UTF-16"], null);
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xfe, 0xff]))
            return new Decoded(Encoding.BigEndianUnicode.GetString(bytes[2..]), ["read as UTF-16, big-endian"], null);
        if (Binary.Signature(bytes) is { } sign)
            return new Decoded(null, [], sign);
        if (WithoutMark(bytes) is { } utf16)
            return new Decoded(utf16.GetString(bytes), ["read as UTF-16 without a byte-order mark"], null);
        if (Utf8.IsValid(bytes))
            return new Decoded(Encoding.UTF8.GetString(bytes), [], null);
        if (Controls(bytes) is { } controls)
            return new Decoded(null, [], controls);
        if (Charset.Declared(bytes) is { } declared)
            return new Decoded(declared.GetString(bytes), [$"read as {declared.WebName}, which it declares"], null);
        if (Charset.Detect(bytes) is { } told)
            return new Decoded(told.GetString(bytes), [$"read as {told.WebName}, by its letters, as it is not valid UTF-8"], null);
        return new Decoded(Windows1252.GetString(bytes), ["read as Windows-1252, as it is not valid UTF-8"], null);
    }

    /// <summary>
    /// Other encodings of text hold no zeros. UTF-16 holds them where its spaces, breaks and Latin letters are, all in the even or all in
    /// the odd places; data holds them anywhere, and does not read as text.
    /// </summary>
    static Encoding? WithoutMark(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 8 || bytes.Length % 2 != 0)
            return null;
        var sample = bytes[..Math.Min(bytes.Length, 4096)];
        int even = 0, odd = 0;
        for (var i = 0; i < sample.Length; i++)
            if (sample[i] == 0)
            {
                if (i % 2 == 0)
                    even++;
                else
                    odd++;
            }

        var encoding = even == 0 ? Encoding.Unicode : Encoding.BigEndianUnicode;
        return Math.Min(even, odd) == 0 && Math.Max(even, odd) * 50 >= sample.Length / 2
            && ReadsAsText(encoding.GetString(sample)) ? encoding : null;
    }

    static bool ReadsAsText(string text)
    {
        var strange = 0;
        foreach (var c in text)
            if (c == '\ufffd' || char.IsControl(c) && !char.IsWhiteSpace(c)
                || char.GetUnicodeCategory(c) is UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse)
                strange++;
        return strange * 50 <= text.Length;
    }

    static string? Controls(ReadOnlySpan<byte> bytes)
    {
        var sample = bytes[..Math.Min(bytes.Length, 65536)];
        var controls = 0;
        foreach (var b in sample)
            if (b < 32 && b is not (9 or 10 or 11 or 12 or 13 or 27))
                controls++;
        return controls > 2 && controls * 50 > sample.Length
            ? $"{controls} of its first {sample.Length} bytes are control characters"
            : null;
    }
}
