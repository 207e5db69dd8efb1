using System.Text;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Decoding;

namespace Ingest.Core.Forms.Wires;

/// <summary>
/// The messages of a telegraph's file: each begins with SOH, its text stands between STX and ETX, and what tells when it was sent between ETX
/// and EOT. What is cut has what came of it.
/// </summary>
internal static class WireMessages
{
    public const byte Soh = 1, Stx = 2, Etx = 3, Eot = 4, Dc2 = 0x12;

    /// <summary>Bytes before the first message: synchronisation, fillers, line breaks.</summary>
    const int MaxLead = 64;

    /// <param name="IsTable">Whether the header says that the text's lines must stay as they are: DC2.</param>
    internal readonly record struct Message(string Header, string Text, string Trailer, bool IsTable);

    /// <summary>What stands behind the first SOH; empty where the file does not begin with one.</summary>
    public static ReadOnlySpan<byte> FirstHeader(ReadOnlySpan<byte> beginning)
    {
        var soh = beginning[..Math.Min(beginning.Length, MaxLead)].IndexOf(Soh);
        if (soh < 0 || beginning[..soh].ContainsAnyInRange((byte)'!', (byte)'~') || beginning.IndexOf(Stx) < 0)
            return [];
        return beginning[(soh + 1)..];
    }

    /// <summary>The article of each message, by the reader of its form.</summary>
    public static IEnumerable<RawArticle> Read(Stream content, RawArticle file, InputLimits limits, Func<Message, RawArticle, int, InputLimits, RawArticle> article)
    {
        if (!BoundedReader.TryReadAll(content, limits.MaxFile, out var bytes))
        {
            yield return WireArticle.TooLarge(file, limits);
            yield break;
        }

        var number = 0;
        foreach (var message in In(bytes))
            yield return article(message, file, ++number, limits);
    }

    static IEnumerable<Message> In(byte[] bytes)
    {
        for (var start = Array.IndexOf(bytes, Soh); start >= 0;)
        {
            var next = Array.IndexOf(bytes, Soh, start + 1);
            var end = next < 0 ? bytes.Length : next;
            var text = Find(bytes, Stx, start, end);
            var behind = Find(bytes, Etx, text, end);
            yield return new Message(Decoded(bytes, start + 1, text), Decoded(bytes, text + 1, behind), Decoded(bytes, behind + 1, Find(bytes, Eot, behind, end)),
                Find(bytes, Dc2, start, text) < text);
            start = next;
        }
    }

    static int Find(byte[] bytes, byte sign, int start, int end) =>
        start < end && Array.IndexOf(bytes, sign, start, end - start) is >= 0 and var found ? found : end;

    /// <summary>The controls of a typesetter say nothing any more: they would make a text look like data.</summary>
    static string Decoded(byte[] bytes, int start, int end)
    {
        if (start >= end)
            return "";
        var part = bytes[start..end];
        for (var i = 0; i < part.Length; i++)
            if (part[i] is (< 0x20 or 0x7f) and not ((byte)'\t' or (byte)'\n' or (byte)'\r'))
                part[i] = (byte)' ';
        return (TextDecoder.Decode(part).Text ?? Encoding.Latin1.GetString(part)).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
    }
}
