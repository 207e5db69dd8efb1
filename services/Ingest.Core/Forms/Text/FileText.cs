using System.Text;
using System.Text.Unicode;
using Ingest.Core.Normalisation.Decoding;

namespace Ingest.Core.Forms.Text;

/// <summary>The text that the bytes of a file are.</summary>
static class FileText
{
    /// <summary>Well-formed letters beyond ASCII for each byte that is none, where a text is UTF-8 with damage, and not another encoding.</summary>
    const int ProofOfUtf8 = 10;

    /// <summary>
    /// What a mark at the beginning says, or the letters: a declaration is believed only where they are no UTF-8, for it is often wrong.
    /// </summary>
    /// <returns>Null for what is no text.</returns>
    public static string? Decode(ReadOnlySpan<byte> bytes)
    {
        // Escapes of seven bits are valid UTF-8, and no letters of it.
        if (bytes.Contains((byte)0x1b) && Charset.Declared(bytes) is { CodePage: 50220 or 50221 or 50222 } escaped)
            return escaped.GetString(bytes);
        if (!bytes.StartsWith((ReadOnlySpan<byte>)[0xff, 0xfe]) && !bytes.StartsWith((ReadOnlySpan<byte>)[0xfe, 0xff]) && !Utf8.IsValid(bytes) && IsDamagedUtf8(bytes))
            return Encoding.UTF8.GetString(bytes).TrimStart('\ufeff').TrimEnd('\ufffd');
        return TextDecoder.Decode(bytes).Text;
    }

    /// <summary>Whether bytes are UTF-8, damaged here and there or not. A file that is cut may be cut within a letter.</summary>
    public static bool IsUtf8(ReadOnlySpan<byte> bytes) => Utf8.IsValid(bytes) || IsDamagedUtf8(bytes);

    static bool IsDamagedUtf8(ReadOnlySpan<byte> bytes)
    {
        int good = 0, bad = 0;
        while (!bytes.IsEmpty)
        {
            var ascii = bytes.IndexOfAnyExceptInRange((byte)0, (byte)0x7f);
            if (ascii < 0)
                break;
            bytes = bytes[ascii..];
            var status = Rune.DecodeFromUtf8(bytes, out _, out var used);
            if (status == System.Buffers.OperationStatus.NeedMoreData)
                return bad == 0 || good > bad * ProofOfUtf8;
            _ = status == System.Buffers.OperationStatus.Done ? good++ : bad++;
            bytes = bytes[used..];
        }

        return good > bad * ProofOfUtf8;
    }
}
