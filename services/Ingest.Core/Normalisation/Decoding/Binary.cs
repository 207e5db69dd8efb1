using System.Buffers;
using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Decoding;

/// <summary>Tells text from what is none.</summary>
internal static class Binary
{
    /// <summary>The first bytes of what is no text; a byte below a space among them, or too odd a word, where letters alone could begin one.</summary>
    static readonly (byte[] Sign, string What)[] Signs =
    [
        ([0x1f, 0x8b], "a gzip file"), ([0x89, (byte)'P', (byte)'N', (byte)'G'], "a PNG picture"), ([0xff, 0xd8, 0xff], "a JPEG picture"),
        ("%PDF-"u8.ToArray(), "a PDF file"), ("PK\x3\x4"u8.ToArray(), "a ZIP archive"), ("GIF89a"u8.ToArray(), "a GIF picture"),
        ("GIF87a"u8.ToArray(), "a GIF picture"), ("II*\0"u8.ToArray(), "a TIFF picture"), ("MM\0*"u8.ToArray(), "a TIFF picture"),
        ([0x1a, 0x45, 0xdf, 0xa3], "a film"), ("OggS\0"u8.ToArray(), "a sound file"),
        ("fLaC\0"u8.ToArray(), "a sound file"), ("ID3\x3"u8.ToArray(), "a sound file"), ("ID3\x4"u8.ToArray(), "a sound file"),
        ("{\\rtf1"u8.ToArray(), "an RTF document"), ([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], "an old office document"),
        ("SQLite format 3\0"u8.ToArray(), "an SQLite database"), ("PAR1\x15"u8.ToArray(), "a Parquet file"),
        ([(byte)'M', (byte)'Z', 0x90, 0], "a program"), ("\u007fELF"u8.ToArray(), "a program"), ("\0asm"u8.ToArray(), "a program"),
        ([0xca, 0xfe, 0xba, 0xbe], "a program"), ([0xcf, 0xfa, 0xed, 0xfe], "a program"),
        ("wOF2\0"u8.ToArray(), "a font"), ("wOFF\0"u8.ToArray(), "a font"), ("OTTO\0"u8.ToArray(), "a font"), ([0, 1, 0, 0, 0], "a font"),
        ([(byte)'7', (byte)'z', 0xbc, 0xaf], "a 7z archive"), ("Rar!\x1a\x7"u8.ToArray(), "a RAR archive"),
        ([0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], "an xz file"), ([0x28, 0xb5, 0x2f, 0xfd], "a Zstandard file"),
    ];

    /// <summary>Control characters that no text has: neither white space, nor those of wires and terminals.</summary>
    static readonly SearchValues<char> Controls = SearchValues.Create(
        [.. Enumerable.Range(0, ' ').Select(c => (char)c).Where(c => !Chars.Is(c, CharClass.Space)
            && c is not ('\u0016' or '\u0013' or '\u0002' or '\u0003' or '\u0001' or '\u0004' or '\b' or '\u001b'))]);

    /// <summary>A sign that bytes are no text: those that what is called so begins with; null where there is none.</summary>
    public static string? Signature(ReadOnlySpan<byte> bytes)
    {
        foreach (var (sign, what) in Signs)
            if (bytes.StartsWith(sign))
                return $"it begins like {what}";
        return bytes.Length >= 12 && Framed(bytes) is { } framed ? $"it begins like {framed}" : null;
    }

    /// <summary>What begins with its length, or says what it is behind that.</summary>
    static string? Framed(ReadOnlySpan<byte> bytes) =>
        bytes[0] == 0 && bytes[4..].StartsWith("ftyp"u8) ? "a film or picture"
        : bytes.StartsWith("BZh"u8) && bytes[4..].StartsWith("1AY&SY"u8) ? "a bzip2 file"
        : !bytes.StartsWith("RIFF"u8) ? null
        : bytes[8..].StartsWith("WEBP"u8) ? "a WebP picture"
        : bytes[8..].StartsWith("WAVE"u8) ? "a sound file"
        : bytes[8..].StartsWith("AVI "u8) ? "a film"
        : null;

    /// <summary>A sign that the text is binary data, or null: a magic number, or control characters in more than a few places.</summary>
    public static string? Sign(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("%PDF-"))
            return "it begins like a PDF file";
        if (text.StartsWith("PK\u0003\u0004"))
            return "it begins like a ZIP archive";
        // A sample from the front: data is strange from its first kilobyte on.
        var sample = text.Length > 65536 ? text[..65536] : text;
        var (controls, replaced) = (sample.CountAny(Controls), sample.Count('\ufffd'));
        if (controls > 2 && controls * 100 > sample.Length)
            return $"{controls} of its first {sample.Length} characters are control characters";
        return replaced > 8 && replaced * 10 > sample.Length
            ? $"{replaced} of its first {sample.Length} characters could not be decoded"
            : null;
    }
}
