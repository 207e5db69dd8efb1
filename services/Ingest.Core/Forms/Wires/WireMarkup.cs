using System.Text;
using System.Xml.Linq;

namespace Ingest.Core.Forms.Wires;

/// <summary>
/// Writes the text of an item as a plain fragment of HTML: paragraphs, subheads, quotes, lists, tables, preformatted text and captions. It takes
/// XHTML and NITF alike, as many a file has one inside the other.
/// </summary>
internal sealed class WireMarkup
{
    /// <summary>Where a line breaks inside a paragraph: a control, which no text has that <see cref="WireXml"/> read.</summary>
    const char Break = '\v';

    readonly StringBuilder _html = new(), _text = new();

    readonly string? _headline;

    /// <summary>Whether the breaks inside paragraphs are wraps.</summary>
    readonly bool _isWrapped;

    /// <summary>What loose text becomes; null where it stands in an element of its own already.</summary>
    string? _tag = "p";

    bool _caption;

    WireMarkup(string? headline, bool isWrapped)
    {
        _headline = headline;
        _isWrapped = isWrapped;
    }

    /// <summary>All text of an element, escaped; empty where it has none.</summary>
    /// <param name="headline">A heading that says the same is left out.</param>
    public static string Fragment(XElement body, string? headline = null)
    {
        var markup = new WireMarkup(headline, AreWraps(body));
        markup.Children(body);
        markup.Flush();
        return markup._html.ToString();
    }

    /// <summary>A picture's caption and credit.</summary>
    public static string Figure(string caption, string? credit) =>
        $"<figure><figcaption>{Escaped(caption)}{(credit is null ? "" : $" <cite>{Escaped(credit)}</cite>")}</figcaption></figure>";

    public static string Paragraph(string text) => $"<p>{Escaped(text)}</p>";

    public static string Escaped(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    void Children(XElement element)
    {
        foreach (var node in element.Nodes())
            if (node is XText text)
                _text.Append(text.Value);
            else if (node is XElement child)
                Element(child);
    }

    void Element(XElement element)
    {
        if (!_caption && IsFurniture(element))
            return;
        var name = element.Name.LocalName.ToLowerInvariant();
        switch (name)
        {
            case "head" or "title" or "meta" or "script" or "style" or "template" or "noscript" or "body.head" or "body.end"
                or "media-reference" or "media-object" or "media-metadata" or "nitf-table-metadata" or "docdata" or "rt" or "rp":
                // The last two are how a word is read aloud, above it.
                break;
            case "note" when element.Line("noteclass") == "editorsnote":
                break;
            case "br":
                _text.Append(Break);
                break;
            case "p" when IsTable(element):
                Lines(element.Value);
                break;
            case "p" or "dt" or "dd" or "fn" or "credit" or "datasource":
                Leaf(element, _tag ?? "p");
                break;
            case "h1" or "h2" or "h3" or "h4" or "h5" or "h6" or "hl1" or "hl2":
                if (element.Line() != _headline || _headline is null)
                    Leaf(element, "h2");
                break;
            case "pre":
                Flush();
                if (element.Line() is not null)
                    _html.Append("<pre>").Append(Escaped(element.Value.Trim('\r', '\n'))).Append("</pre>");
                break;
            case "bq" or "blockquote":
                Box(element, "blockquote", "p");
                break;
            case "ul" or "ol" or "li" or "table" or "caption" or "tr" or "td" or "th" or "figure":
                Box(element, name, null);
                break;
            case "figcaption":
                Caption(element);
                break;
            case "cite" when _caption:
                Box(element, "cite", null);
                break;
            case "media":
                Media(element);
                break;
            case "div" or "section" or "article" or "main" or "aside" or "header" or "footer" or "body" or "html" or "block" or "body.content"
                or "nitf" or "nitf-table" or "thead" or "tbody" or "tfoot" or "dl" or "note" or "center" or "address" or "details" or "hr":
                Flush();
                Children(element);
                Flush();
                break;
            default:
                if (!element.Nodes().Any() && element.Line("caption") is { } caption)
                    Picture(caption, element.Line("creditline"));
                Children(element);
                break;
        }
    }

    /// <summary>Whether the breaks inside the paragraphs of a text are those of lines that were wrapped.</summary>
    static bool AreWraps(XElement body)
    {
        var lines = new List<string>();
        foreach (var paragraph in body.Descendants("p").Where(p => p.Elements("br").Any()))
        {
            var line = new StringBuilder();
            foreach (var node in paragraph.Nodes())
                if (node is XElement { Name.LocalName: "br" })
                {
                    lines.Add(line.ToString().Trim());
                    line.Clear();
                }
                else
                {
                    line.Append(node is XText text ? text.Value : ((XElement)node).Value);
                }

            lines.Add(line.ToString().Trim());
            lines.Add("");
        }

        return WireText.AreWrapped(lines, (before, line) => before.Length > 0 && line.Length > 0);
    }

    /// <summary>Whether the lines of a paragraph are a table: as results and tables of a league are sent.</summary>
    public static bool IsTable(XElement paragraph)
    {
        const int Fewest = 3;
        if (paragraph.HasElements || !paragraph.Value.Contains('\n', StringComparison.Ordinal))
            return false;
        var lines = paragraph.Value.Split('\n').Where(l => !string.IsNullOrWhiteSpace(l)).ToList();
        var rows = lines.Count(WireText.HasGaps);
        return rows >= Fewest && 2 * rows >= lines.Count;
    }

    /// <summary>The lines of a table as they are, and what stands between them as paragraphs.</summary>
    void Lines(string text)
    {
        Flush();
        var rows = new StringBuilder();
        foreach (var line in text.Split('\n').Select(l => l.TrimEnd()).Where(l => l.Length > 0).Append(""))
        {
            if (WireText.HasGaps(line))
            {
                rows.Append(line).Append('\n');
                continue;
            }

            if (rows.Length > 0)
                _html.Append("<pre>").Append(Escaped(rows.ToString().TrimEnd('\n'))).Append("</pre>");
            rows.Clear();
            if (line.Length > 0)
                _html.Append(Paragraph(line.Trim()));
        }
    }

    void Picture(string caption, string? credit)
    {
        Flush();
        _html.Append(Figure(caption, credit));
    }

    /// <summary>
    /// What dpa and TT put around their texts: keywords, date, kind and byline of the item, the end of its embargo, and a notebook for editors.
    /// </summary>
    static bool IsFurniture(XElement element) =>
        element.Line("class") is { } classes && classes.Split(' ').Any(c => c is "slugline" or "publicationDate" or "genre" or "byline" or "notepad" or "embargoed" or "dat");

    void Leaf(XElement element, string tag)
    {
        Flush();
        var outer = _tag;
        _tag = outer is null ? null : tag;
        Children(element);
        Flush();
        _tag = outer;
    }

    /// <summary>An element around what it holds; nothing where that is nothing, but for the cells by which a table counts its columns.</summary>
    void Box(XElement element, string name, string? tag)
    {
        Flush();
        var (outer, start) = (_tag, _html.Length);
        _html.Append('<').Append(name).Append('>');
        var empty = _html.Length;
        _tag = tag;
        Children(element);
        Flush();
        _tag = outer;
        if (_html.Length == empty && name is not ("td" or "th"))
            _html.Length = start;
        else
            _html.Append("</").Append(name).Append('>');
    }

    void Caption(XElement element)
    {
        _caption = true;
        Box(element, "figcaption", null);
        _caption = false;
    }

    /// <summary>NITF's picture: its captions and who made it.</summary>
    void Media(XElement media)
    {
        var credit = media.Descendants("media-producer").Line();
        Flush();
        foreach (var caption in media.Descendants("media-caption"))
        {
            if (caption.Line() is not { } text)
                continue;
            Picture(text, credit);
            credit = null;
        }
    }

    /// <summary>Writes the text that has come, in one paragraph or in several.</summary>
    void Flush()
    {
        var text = _text.ToString();
        _text.Clear();
        if (string.IsNullOrWhiteSpace(text))
            return;
        var line = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var (start, breaks, lines) = (i, 0, 0);
            for (; i < text.Length && text[i] is ' ' or '\t' or '\r' or '\n' or Break; i++)
            {
                breaks += text[i] == Break ? 1 : 0;
                lines += text[i] == '\n' ? 1 : 0;
            }

            if (_tag == "p" && (breaks > 1 || lines > 1))
                Write(line);
            else if (breaks > 0 && !_isWrapped)
                line.Append(Break);
            else if (i > start && line.Length > 0)
                line.Append(' ');
            for (start = i; i < text.Length && text[i] is not (' ' or '\t' or '\r' or '\n' or Break);)
                i++;
            line.Append(text, start, i - start);
        }

        Write(line);
    }

    void Write(StringBuilder line)
    {
        var text = line.ToString().Trim(' ', Break);
        line.Clear();
        if (string.IsNullOrWhiteSpace(text))
            return;
        var escaped = Escaped(text).Replace(Break.ToString(), "<br>", StringComparison.Ordinal);
        if (_tag is null)
            _html.Append(_html.Length > 0 && _html[^1] != '>' ? " " : "").Append(escaped);
        else
            _html.Append('<').Append(_tag).Append('>').Append(escaped).Append("</").Append(_tag).Append('>');
    }
}
