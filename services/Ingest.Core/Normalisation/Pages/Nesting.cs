using System.Text;

namespace Ingest.Core.Normalisation.Pages;

/// <summary>
/// Takes out the tags of elements that are nested deeper than any page has them: parsers need more than linear time for them. Measured with
/// AngleSharp 1.10.3, its own limit of depth set: 8,000 open elements 131 ms, 32,000 five seconds.
/// </summary>
internal static class Nesting
{
    public const int Deepest = 256;

    /// <summary>Elements that nothing stands in, or that others of their kind end: their end tag is often missing.</summary>
    static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Uncounted = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
        "p", "li", "dt", "dd", "td", "th", "tr", "tbody", "thead", "tfoot", "option", "optgroup", "rp", "rt", "html", "head", "body",
    }.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Elements whose content is no markup.</summary>
    static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Raw = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext",
    }.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The same markup where nothing is too deep.</summary>
    /// <param name="cut">Tags that were taken out.</param>
    public static string Flatten(string html, out int cut)
    {
        cut = 0;
        StringBuilder? flat = null;
        var (depth, above, copied) = (0, 0, 0);
        for (var at = html.IndexOf('<'); at >= 0 && at + 1 < html.Length; at = Next(html, at))
        {
            if (html.AsSpan(at).StartsWith("<!--"))
            {
                var end = html.IndexOf("-->", at + 4, StringComparison.Ordinal);
                if (end < 0)
                    break;
                at = end;
                continue;
            }

            var closes = html[at + 1] == '/';
            var name = NameAt(html, at + (closes ? 2 : 1));
            if (name.IsEmpty || Uncounted.Contains(name))
                continue;
            if (!closes && Raw.Contains(name))
            {
                var end = html.IndexOf($"</{name}", at, StringComparison.OrdinalIgnoreCase);
                if (end < 0)
                    break;
                at = end;
                continue;
            }

            if (closes ? above == 0 : depth < Deepest)
            {
                depth = closes ? Math.Max(0, depth - 1) : depth + 1;
                continue;
            }

            var close = html.IndexOf('>', at);
            if (close < 0)
                break;
            above += closes ? -1 : 1;
            flat ??= new StringBuilder(html.Length);
            flat.Append(html, copied, at - copied);
            (copied, at) = (close + 1, close);
            cut++;
        }

        return flat is null ? html : flat.Append(html, copied, html.Length - copied).ToString();
    }

    static int Next(string html, int at) => html.IndexOf('<', at + 1);

    static ReadOnlySpan<char> NameAt(string html, int at)
    {
        var end = at;
        while (end < html.Length && end - at < 32 && (char.IsAsciiLetterOrDigit(html[end]) || html[end] is '-' or ':'))
            end++;
        return end > at && char.IsAsciiLetter(html[at]) ? html.AsSpan(at, end - at) : default;
    }
}
