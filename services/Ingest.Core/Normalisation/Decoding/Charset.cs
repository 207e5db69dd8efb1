using System.Buffers;
using System.Text;
using UtfUnknown;

namespace Ingest.Core.Normalisation.Decoding;

/// <summary>
/// The encoding of bytes that are no UTF-8: what they declare, or what their letters tell. Only scripts beyond Latin are told by letters:
/// there hardly a byte is ASCII, while the statistics take a French or Swedish text for whatever has its few accents.
/// </summary>
internal static class Charset
{
    /// <summary>HTML and XML declare theirs at the start.</summary>
    const int DeclarationReach = 2048;

    /// <summary>More of a text does not tell more.</summary>
    const int SampleLength = 65536;

    /// <summary>Bytes above 0x7F are at least one in so many where the script is not Latin.</summary>
    const int UpperShare = 4;

    /// <summary>Bytes above 0x7F that tell anything: "ÅÄÖ" alone may be words of any script.</summary>
    const int FewestUpper = 16;

    static readonly SearchValues<char> NameEnds = SearchValues.Create("\"' ;/?");

    /// <summary>Code pages that may be told: Cyrillic, Greek, Hebrew, Arabic, Thai, East Asian. Windows', DOS's, ISO's, the Mac's.</summary>
    static readonly HashSet<int> Told =
    [
        1251, 866, 855, 20866, 21866, 28595, 10007,
        1253, 28597, 10006, 737,
        1255, 28598, 38598, 862, 10005,
        1256, 28596, 864,
        874, 28601,
        932, 51932, 936, 54936, 949, 51949, 950, 52936,
    ];

    /// <summary>What the text declares of itself in a <c>meta</c> tag or an XML declaration; null where it declares none that is known.</summary>
    public static Encoding? Declared(ReadOnlySpan<byte> bytes)
    {
        var head = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, DeclarationReach)]);
        for (var open = head.IndexOf('<'); open >= 0; open = head.IndexOf('<', open + 1))
        {
            var tag = head.AsSpan(open + 1);
            if (!tag.StartsWith("meta ", StringComparison.OrdinalIgnoreCase) && !tag.StartsWith("?xml ", StringComparison.OrdinalIgnoreCase))
                continue;
            tag = tag.IndexOf('>') is >= 0 and var close ? tag[..close] : tag;
            var at = tag.IndexOf("charset=", StringComparison.OrdinalIgnoreCase) is >= 0 and var meta ? meta + "charset=".Length
                : tag.IndexOf("encoding=", StringComparison.OrdinalIgnoreCase) is >= 0 and var xml ? xml + "encoding=".Length : -1;
            if (at < 0)
                continue;
            var name = tag[at..].TrimStart("\"' ");
            var end = name.IndexOfAny(NameEnds);
            return Named((end < 0 ? name : name[..end]).ToString());
        }

        return null;
    }

    /// <summary>Null where the letters do not tell, or tell of Latin ones.</summary>
    public static Encoding? Detect(ReadOnlySpan<byte> bytes)
    {
        var sample = bytes[..Math.Min(bytes.Length, SampleLength)];
        var upper = sample.Length - sample.CountAscii();
        if (upper < FewestUpper || (long)upper * UpperShare < sample.Length)
            return null;
        return CharsetDetector.DetectFromBytes(sample.ToArray()).Detected?.EncodingName is { } name
            && Named(name) is { } encoding && Told.Contains(encoding.CodePage) ? WindowsFor(encoding, sample) : null;
    }

    /// <summary>
    /// The code page of Windows where ISO's was told, which has nothing but controls where the other has quotation marks and dashes; and
    /// where a Greek Ά stands as in Windows.
    /// </summary>
    static Encoding WindowsFor(Encoding told, ReadOnlySpan<byte> bytes)
    {
        var windows = told.CodePage switch { 28597 => 1253, 28598 or 38598 => 1255, 28596 => 1256, _ => 0 };
        if (windows == 0)
            return told;
        for (var i = 0; i + 1 < bytes.Length; i++)
            if (bytes[i] is >= 0x80 and <= 0x9f || windows == 1253 && bytes[i] == 0xa2 && bytes[i + 1] >= 0xdc)
                return CodePagesEncodingProvider.Instance.GetEncoding(windows)!;
        return told;
    }

    static int CountAscii(this ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        foreach (var b in bytes)
            count += b < 0x80 ? 1 : 0;
        return count;
    }

    /// <summary>Not UTF-8, which the bytes are not; ISO-8859-1 is what senders call Windows-1252.</summary>
    /// <summary>The encoding of a name as senders write it; null where it is unknown.</summary>
    public static Encoding? Named(string name)
    {
        var lower = name.Trim().ToLowerInvariant();
        if (lower is "iso-8859-1" or "iso8859-1" or "latin1" or "l1" or "us-ascii" or "ascii")
            lower = "windows-1252";
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(lower);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
