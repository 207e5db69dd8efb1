using System.Xml.Linq;
using Ingest.Core.Articles;

namespace Ingest.Core.Forms.Wires;

/// <summary>The text of an item, as HTML or plain.</summary>
internal readonly record struct WireBody(ArticleForm Form, string Content)
{
    /// <summary>A picture that belongs to the text.</summary>
    internal readonly record struct Picture(string Caption, string? Credit);

    /// <summary>Each is looked for in the text.</summary>
    const int MaxPictures = 100;

    /// <summary>Null where the element has no text.</summary>
    public static WireBody? Of(XElement? element, string? headline = null)
    {
        if (element?.Line() is null)
            return null;
        if (!element.HasElements)
            return Of(element.Value, headline);
        // Where all text stands in one element, its lines tell its paragraphs.
        var holders = element.Descendants().Where(e => e.Name.LocalName != "title" && e.Nodes().OfType<XText>().Any(t => !string.IsNullOrWhiteSpace(t.Value)));
        if (holders.Take(2).ToList() is [{ Name.LocalName: "p", HasElements: false } only] && only.Value.AsSpan().Trim().Count('\n') > 1 && !WireMarkup.IsTable(only))
            return Plain(only.Value);
        var html = WireMarkup.Fragment(element, headline);
        return html.Length > 0 ? new WireBody(ArticleForm.Html, html) : null;
    }

    /// <summary>Of a string that is plain text or markup, whatever it is said to be. Null where it is empty.</summary>
    public static WireBody? Of(string? text, string? headline = null)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        if (!IsMarkup(text))
            return Plain(text);
        // HTML that is no XML is read by those who read HTML.
        return WireXml.Fragment(text) is { HasElements: true } read ? Of(read, headline) : new WireBody(ArticleForm.Html, text);
    }

    public static WireBody? Plain(string text) => string.IsNullOrWhiteSpace(text) ? null : new WireBody(ArticleForm.Text, WireText.Paragraphs(text));

    /// <summary>With the captions behind the text, but for those that it has already.</summary>
    public WireBody With(IEnumerable<Picture> pictures)
    {
        var content = Content;
        var further = pictures.Take(MaxPictures).Where(p => !content.Contains(WireMarkup.Escaped(p.Caption), StringComparison.Ordinal)).ToList();
        if (further.Count == 0)
            return this;
        var html = Form == ArticleForm.Html ? content
            : string.Concat(content.Split("\n\n").Select(p => WireMarkup.Paragraph(p.Replace('\n', ' '))));
        return new WireBody(ArticleForm.Html, html + string.Concat(further.Select(p => WireMarkup.Figure(p.Caption, p.Credit))));
    }

    /// <summary>A tag that ends, or one of those that need not.</summary>
    static bool IsMarkup(string text)
    {
        for (var at = text.IndexOf('<', StringComparison.Ordinal); at >= 0; at = text.IndexOf('<', at + 1))
        {
            var rest = text.AsSpan(at + 1);
            if (rest is ['/', var letter, ..] && char.IsAsciiLetter(letter) || rest.StartsWith("p>", StringComparison.OrdinalIgnoreCase)
                || rest.StartsWith("br", StringComparison.OrdinalIgnoreCase) && rest is [_, _, '>' or '/' or ' ', ..])
                return true;
        }

        return false;
    }
}
