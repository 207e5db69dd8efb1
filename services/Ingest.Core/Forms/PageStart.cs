using System.Text;

namespace Ingest.Core.Forms;

/// <summary>Tells a page of HTML from other files.</summary>
internal static class PageStart
{
    public static readonly string[] Endings = [".html", ".htm", ".xhtml"];

    /// <summary>Whether it is a page of HTML, by what it is called or by its first tag.</summary>
    public static bool IsPage(InputStart start)
    {
        var name = start.Name;
        if (start.ContentType is "text/html" or "application/xhtml+xml" || Array.Exists(Endings, e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase)))
            return true;
        var bytes = start.Beginning.Span;
        var text = (bytes.StartsWith((ReadOnlySpan<byte>)[0xff, 0xfe]) ? Encoding.Unicode
            : bytes.StartsWith((ReadOnlySpan<byte>)[0xfe, 0xff]) ? Encoding.BigEndianUnicode : Encoding.UTF8).GetString(bytes).AsSpan().TrimStart("\ufeff \t\r\n\f");
        while (Behind(text, "<!--", "-->", out var rest) || Behind(text, "<?xml", "?>", out rest))
            text = rest.TrimStart();
        return BeginsWith(text, "<!doctype html") || Opens(text, "<html") || Opens(text, "<head") || Opens(text, "<body");
    }

    /// <summary>Not a longer name, such as a header's.</summary>
    static bool Opens(ReadOnlySpan<char> text, string tag) =>
        BeginsWith(text, tag) && (text.Length == tag.Length || text[tag.Length] is '>' or '/' || char.IsWhiteSpace(text[tag.Length]));

    static bool Behind(ReadOnlySpan<char> text, string opens, string closes, out ReadOnlySpan<char> rest)
    {
        var end = BeginsWith(text, opens) ? text.IndexOf(closes, StringComparison.Ordinal) : -1;
        rest = end < 0 ? text : text[(end + closes.Length)..];
        return end >= 0;
    }

    static bool BeginsWith(ReadOnlySpan<char> text, string with) => text.StartsWith(with, StringComparison.OrdinalIgnoreCase);
}
