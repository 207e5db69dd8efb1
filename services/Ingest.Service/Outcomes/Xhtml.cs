using System.Text;
using System.Xml;
using Ingest.Core.Articles;

namespace Ingest.Service.Outcomes;

/// <summary>The body of an article as XHTML, which tells subheads and lists from paragraphs.</summary>
static class Xhtml
{
    public const string Namespace = "http://www.w3.org/1999/xhtml";

    /// <summary>The body in a <c>div</c>, without a declaration.</summary>
    public static string Of(Article article, IReadOnlyList<Block> blocks)
    {
        var html = new StringBuilder();
        using (var xml = XmlWriter.Create(html, new XmlWriterSettings { OmitXmlDeclaration = true, NewLineHandling = NewLineHandling.None }))
        {
            xml.WriteStartElement("div", Namespace);
            WriteBody(xml, article, blocks);
            xml.WriteEndElement();
        }

        return html.ToString();
    }

    /// <summary>The elements of the body, for an element around them.</summary>
    public static void WriteBody(XmlWriter xml, Article article, IReadOnlyList<Block> blocks)
    {
        var kinds = KindsOf(article, blocks);
        for (var i = 0; i < kinds.Length; i++)
        {
            var isItem = kinds[i] == BlockKind.ListItem;
            if (isItem && (i == 0 || kinds[i - 1] != BlockKind.ListItem))
                xml.WriteStartElement("ul", Namespace);
            if (kinds[i] == BlockKind.Quote)
                xml.WriteStartElement("blockquote", Namespace);
            var element = kinds[i] switch
            {
                BlockKind.Subhead => "h2",
                BlockKind.ListItem => "li",
                _ => "p",
            };
            xml.WriteElementString(element, Namespace, Plain(article.Body[i]));
            if (kinds[i] == BlockKind.Quote || isItem && (i + 1 == kinds.Length || kinds[i + 1] != BlockKind.ListItem))
                xml.WriteEndElement();
        }
    }

    /// <summary>Without what XML 1.0 cannot hold at all; U+FFFD for half a surrogate pair.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            if (rune.Value is not (< ' ' and not ('\t' or '\n') or 0xfffe or 0xffff))
                plain.Append(rune.ToString());
        return plain.ToString();
    }

    static BlockKind[] KindsOf(Article article, IReadOnlyList<Block> blocks)
    {
        var kinds = new BlockKind[article.Body.Count];
        foreach (var block in blocks.Reverse())
            if (block.Paragraph is { } at)
                kinds[at] = block.Kind;
        return kinds;
    }
}
