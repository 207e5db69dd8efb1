using Ingest.Core.Normalisation.Characters;
using System.Net;
using System.Text;

namespace Ingest.Core.Forms.Text;

/// <summary>Short texts of a file, such as headlines and names, that may be HTML.</summary>
static class PlainText
{
    static readonly HashSet<string> Voids = new(
        "area base br col embed hr img input link meta source track wbr".Split(' '), StringComparer.OrdinalIgnoreCase);

    /// <summary>Tags that HTML has. Others are the text's own: "&lt;ACME.O&gt;" is a share.</summary>
    static readonly HashSet<string> Tags = new((
        "a abbr acronym address article aside audio b bdi bdo big blockquote body br button center cite code col dd del details dfn div dl dt em embed figcaption"
        + " figure font footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins kbd label li link main mark meta nav noscript object ol p param"
        + " picture pre q s samp script section small source span strike strong style sub summary sup svg table tbody td tfoot th thead time title tr tt u ul"
        + " var video wbr").Split(' '), StringComparer.OrdinalIgnoreCase);

    /// <summary>Without tags, with entities read, on one line; null where nothing is left.</summary>
    public static string? Of(string? html)
    {
        if (html is null)
            return null;
        if (html.AsSpan().ContainsAny('<', '&'))
            html = WithoutTags(html);
        return Chars.OneLine(html);
    }

    static string WithoutTags(string html)
    {
        var text = new StringBuilder(html.Length);
        for (var parts = new LooseMarkup(html); parts.Read();)
            if (parts.Part == MarkupPart.Text)
                text.Append(parts.Text);
            else if (!IsTag(parts.Name))
                text.Append(html, parts.Begin, parts.End - parts.Begin);
        return text.ToString();
    }

    /// <summary>With a prefix it is what Word or another program left.</summary>
    static bool IsTag(string name) => name.Contains(':') || Tags.Contains(name);

    /// <summary>Whether a text is HTML: it has a tag or an entity.</summary>
    public static bool IsHtml(string text)
    {
        for (var parts = new LooseMarkup(text); parts.Read();)
            if (parts.Part != MarkupPart.Text ? IsTag(parts.Name) : HasEntity(text.AsSpan(parts.Begin, parts.End - parts.Begin)))
                return true;
        return false;
    }

    /// <summary>The text between the tags of a stretch.</summary>
    public static string In(string markup, int from, int to)
    {
        var text = new StringBuilder();
        for (var parts = new LooseMarkup(markup, from, to); parts.Read();)
            if (parts.Part == MarkupPart.Text)
                text.Append(parts.Text);
        return text.ToString();
    }

    /// <summary>A stretch of XML as HTML: without prefixes, and with ends where HTML needs them.</summary>
    public static string ToHtml(string markup, int from, int to)
    {
        var html = new StringBuilder(to - from);
        for (var parts = new LooseMarkup(markup, from, to); parts.Read();)
        {
            if (parts.Part == MarkupPart.Text)
            {
                html.Append(WebUtility.HtmlEncode(parts.Text));
                continue;
            }

            var name = parts.Name.AsSpan(parts.Name.IndexOf(':') + 1);
            if (parts.Part == MarkupPart.End)
            {
                html.Append("</").Append(name).Append('>');
                continue;
            }

            html.Append('<').Append(name);
            foreach (var (attribute, value) in parts.Attributes)
                if (!attribute.StartsWith("xmlns", StringComparison.OrdinalIgnoreCase))
                    html.Append(' ').Append(attribute).Append("=\"").Append(WebUtility.HtmlEncode(value)).Append('"');
            html.Append('>');
            if (parts.IsEmpty && !Voids.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name))
                html.Append("</").Append(name).Append('>');
        }

        return html.ToString();
    }

    static bool HasEntity(ReadOnlySpan<char> text)
    {
        const int Longest = 10;
        while (text.IndexOf('&') is >= 0 and var at)
        {
            text = text[(at + 1)..];
            var end = text[..Math.Min(text.Length, Longest)].IndexOf(';');
            if (end > 1 && !text[..end].ContainsAny(' ', '&') && (text[0] == '#' || char.IsAsciiLetter(text[0])))
                return true;
        }

        return false;
    }
}
