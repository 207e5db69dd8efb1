using Ingest.Core.Normalisation.Characters;
using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Decoding;

namespace Ingest.Core.Forms.Wires;

/// <summary>
/// Reads the XML of wires. Elements and attributes have their local names only, so that neither a prefix nor a missing namespace matters.
/// No DTD is read, and no entity is expanded but those of HTML, each of which is one or two characters, and a few words
/// that a file's own DTD declares.
/// </summary>
internal static class WireXml
{
    /// <summary>Elements inside elements. Wires have some twenty; readers of trees call themselves for each.</summary>
    public const int MaxDepth = 200;

    /// <summary>Attributes of an element that are kept: adding one looks at all before it.</summary>
    const int MaxAttributes = 256;

    /// <summary>The longest name of an entity of HTML has 31 letters.</summary>
    const int MaxEntity = 33;

    /// <summary>Characters of an entity that a DTD declares, and uses of all of them in a file: more are an attack.</summary>
    const int MaxDeclared = 100, MaxExpanded = 1000;

    static readonly SearchValues<char> NameEnds = SearchValues.Create(" \t\r\n/>");

    /// <summary>An item of a file, or why the file has no further one.</summary>
    readonly record struct Item(XElement? Element, Rejection? Refused);

    /// <summary>Roots of other forms, in which the element of a wire would be what they are about.</summary>
    static readonly string[] Foreign = ["html", "rss", "rdf", "feed", "channel", "svg", "opml", "sitemapindex", "urlset"];

    /// <summary>Whether a file is an item, or what its sender put around items, as far as its beginning shows.</summary>
    public static bool Opens(InputStart start, Func<string, bool> isItem)
    {
        foreach (var name in Names(start.Beginning))
            if (isItem(name))
                return true;
            else if (Foreign.Contains(name, StringComparer.OrdinalIgnoreCase))
                return false;
        return false;
    }

    /// <summary>The local names of the elements that open in the beginning of a file.</summary>
    static IEnumerable<string> Names(ReadOnlyMemory<byte> beginning)
    {
        if (beginning.Span.TrimStart("\uFEFF \t\r\n"u8) is not [(byte)'<', ..] and not [0xff or 0xfe or 0, ..] || beginning.Length < 4)
            yield break;
        // A cut behind half a character does not make it another encoding.
        for (var cut = 0; cut < 3 && beginning.Length > 4 && beginning.Span[^1] >= 0x80; cut++)
            beginning = beginning[..^1];
        if (TextDecoder.Decode(beginning.Span).Text is not { } text)
            yield break;
        for (var at = text.IndexOf('<', StringComparison.Ordinal); at >= 0 && at + 1 < text.Length; at = text.IndexOf('<', at))
        {
            if (IsNameStart(text[at + 1]))
                yield return NameAt(text, at + 1);
            at = EndOfMarkup(text, at);
        }
    }

    static string NameAt(string text, int at)
    {
        var name = text.AsSpan(at);
        name = name[..(name.IndexOfAny(NameEnds) is >= 0 and var end ? end : name.Length)];
        return name[(name.LastIndexOf(':') + 1)..].ToString();
    }

    /// <summary>The articles of a file: those of each outermost element that is an item.</summary>
    /// <param name="form">For the message about a damaged one.</param>
    /// <param name="articles">The articles of an item, of which the first has this number in the file.</param>
    public static IEnumerable<RawArticle> Read(
        Stream content, RawArticle file, InputLimits limits, string form, Func<string, bool> isItem, Func<XElement, int, IEnumerable<RawArticle>> articles)
    {
        if (!BoundedReader.TryReadAll(content, limits.MaxFile, out var bytes))
        {
            yield return WireArticle.TooLarge(file, limits);
            yield break;
        }

        var number = 1;
        foreach (var (item, refused) in Items(bytes, form, isItem))
            foreach (var article in item is null ? [WireArticle.Refused(file, null, number, refused!)] : articles(item, number))
            {
                yield return article;
                number++;
            }
    }

    /// <summary>The outermost elements of a file that are items, one after the other.</summary>
    static IEnumerable<Item> Items(byte[] bytes, string form, Func<string, bool> isItem)
    {
        if (TextDecoder.Decode(bytes) is not { Text: { } decoded, BinarySign: null })
        {
            yield return new Item(null, Rejection.Unreadable(form, "Its bytes are not text."));
            yield break;
        }

        // Programs that join files leave a mark of the byte order before another one.
        using var reader = TryMend(decoded.TrimStart('\ufeff'), out var xml, out var fault) ? Reader(xml) : null;
        if (reader is null)
        {
            yield return new Item(null, Rejection.Unreadable(form, fault));
            yield break;
        }

        while (Next(reader, form, isItem) is { } item)
        {
            yield return item;
            if (item.Refused is not null)
                yield break;
        }
    }

    /// <summary>Markup that stood in a string, put into one element; null where it is not well-formed.</summary>
    public static XElement? Fragment(string markup)
    {
        // One root for what may be several elements, or a document of its own.
        if (!TryMend(markup, out var xml, out _))
            return null;
        using var reader = Reader($"<div>{xml}</div>");
        return Next(reader, "markup", _ => true)?.Element;
    }

    static Item? Next(XmlReader reader, string form, Func<string, bool> isItem)
    {
        try
        {
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.Element && isItem(reader.LocalName))
                    return new Item(Tree(reader), null);
                if (reader.Depth > MaxDepth)
                    throw new XmlException($"Its elements are nested deeper than {MaxDepth}.");
                // What stands behind the root, such as the bytes that end a transmission, says nothing.
                if (reader.Depth == 0 && (reader.NodeType == XmlNodeType.EndElement || reader is { NodeType: XmlNodeType.Element, IsEmptyElement: true }))
                    return null;
            }

            return null;
        }
        catch (XmlException e)
        {
            return new Item(null, Rejection.Unreadable(form, $"It is damaged XML: {e.Message}"));
        }
    }

    static XElement Tree(XmlReader reader)
    {
        var root = Element(reader);
        var open = root;
        for (var depth = reader.IsEmptyElement ? 0 : 1; depth > 0;)
        {
            if (!reader.Read())
                throw new XmlException("It ends inside an element.");
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    if (depth == MaxDepth)
                        throw new XmlException($"Its elements are nested deeper than {MaxDepth}.");
                    var child = Element(reader);
                    open.Add(child);
                    if (!reader.IsEmptyElement)
                    {
                        open = child;
                        depth++;
                    }

                    break;
                case XmlNodeType.EndElement:
                    open = open.Parent ?? root;
                    depth--;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    open.Add(new XText(reader.Value));
                    break;
            }
        }

        return root;
    }

    static XElement Element(XmlReader reader)
    {
        var element = new XElement(reader.LocalName);
        for (var i = 0; i < Math.Min(reader.AttributeCount, MaxAttributes); i++)
        {
            reader.MoveToAttribute(i);
            // Of "lang" and "xml:lang", the first.
            if (reader.Prefix != "xmlns" && element.Attribute(reader.LocalName) is null)
                element.SetAttributeValue(reader.LocalName, reader.Value);
        }

        reader.MoveToElement();
        return element;
    }

    static XmlReader Reader(string xml) => XmlReader.Create(
        new StringReader(xml),
        new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CheckCharacters = false, MaxCharactersFromEntities = 1 },
        new XmlParserContext(null, new AnyPrefix(), null, XmlSpace.None));

    /// <summary>Knows every prefix: many a file uses one that it never declared.</summary>
    sealed class AnyPrefix() : XmlNamespaceManager(new NameTable())
    {
        public override string? LookupNamespace(string prefix) => base.LookupNamespace(prefix) ?? prefix;
    }

    static bool TryMend(string text, out string xml, out string fault)
    {
        try
        {
            (xml, fault) = (Mended(text), "");
            return true;
        }
        catch (XmlException e)
        {
            (xml, fault) = ("", e.Message);
            return false;
        }
    }

    /// <summary>
    /// The text of an XML file as the platform's reader takes it: without its declaration, DTD and comments, with the characters of HTML's
    /// entities, and with the signs escaped that should have been. An entity that is not HTML's stays as it is written.
    /// </summary>
    static string Mended(string text)
    {
        var mended = new StringBuilder(text.Length);
        var declared = new Dictionary<string, string?>(StringComparer.Ordinal);
        var expanded = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '&')
            {
                i = Entity(text, i, mended, declared, ref expanded);
            }
            else if (c != '<')
            {
                Append(mended, text, ref i);
            }
            else if (i + 1 < text.Length && (IsNameStart(text[i + 1]) || text[i + 1] == '/'))
            {
                mended.Append(c);
            }
            else if (text.AsSpan(i).StartsWith("<![CDATA["))
            {
                var end = text.IndexOf("]]>", i, StringComparison.Ordinal) is >= 0 and var found ? found : text.Length;
                for (i += "<![CDATA[".Length; i < end; i++)
                    if (text[i] is '<' or '&' or '>')
                        mended.Append(text[i] switch { '<' => "&lt;", '&' => "&amp;", _ => "&gt;" });
                    else
                        Append(mended, text, ref i);
                i = end + 2;
            }
            else if (i + 1 < text.Length && text[i + 1] is '!' or '?')
            {
                var end = EndOfMarkup(text, i);
                if (text[i + 1] == '!')
                    Declare(text.AsSpan(i, end - i), declared);
                i = end - 1;
            }
            else
            {
                mended.Append("&lt;");
            }
        }

        return mended.ToString();
    }

    /// <summary>What XML does not allow becomes a space, or U+FFFD where it is half of a pair.</summary>
    static void Append(StringBuilder mended, string text, ref int i)
    {
        var c = text[i];
        if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            mended.Append(c).Append(text[++i]);
        else
            mended.Append(XmlConvert.IsXmlChar(c) ? c : char.IsSurrogate(c) ? '\ufffd' : ' ');
    }

    /// <summary>The entities of a DTD, with their text where it is short and plain: "EFE". In a bomb, each stands for several others.</summary>
    static void Declare(ReadOnlySpan<char> dtd, Dictionary<string, string?> declared)
    {
        const string Opening = "<!ENTITY ";
        for (int at; (at = dtd.IndexOf(Opening)) >= 0;)
        {
            dtd = dtd[(at + Opening.Length)..].TrimStart();
            if (dtd.IndexOfAny(" \t\r\n") is > 0 and < MaxEntity and var end)
            {
                var value = dtd[end..].TrimStart();
                var close = value is ['"' or '\'', ..] ? value[1..].IndexOf(value[0]) : -1;
                declared.TryAdd($"&{dtd[..end]};",
                    close is >= 0 and <= MaxDeclared && !value.Slice(1, close).ContainsAny('&', '<', '%') ? value.Slice(1, close).ToString() : null);
            }
        }
    }

    /// <returns>The place of its last character.</returns>
    /// <exception cref="XmlException">It stands for more than a few words, or too many do.</exception>
    static int Entity(string text, int start, StringBuilder mended, Dictionary<string, string?> declared, ref int expanded)
    {
        var end = text.AsSpan(start, Math.Min(MaxEntity, text.Length - start)).IndexOf(';');
        var entity = end < 0 ? "" : text.Substring(start, end + 1);
        if (entity is "&amp;" or "&lt;" or "&gt;" or "&quot;" or "&apos;")
        {
            mended.Append(entity);
        }
        else if (WebUtility.HtmlDecode(entity) is var read && read.Length < entity.Length)
        {
            // A number may stand for a sign of markup, or for what XML does not allow.
            foreach (var c in read)
                mended.Append(c switch { '&' => "&amp;", '<' => "&lt;", '>' => "&gt;", '"' => "&quot;", _ => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c) ? c.ToString() : " " });
        }
        else if (declared.TryGetValue(entity, out var value))
        {
            if (value is null || ++expanded > MaxExpanded)
                throw new XmlException($"Its text is in entities of its DTD, such as {entity}, which are not expanded.");
            mended.Append(value);
        }
        else
        {
            mended.Append("&amp;");
            return start;
        }

        return start + end;
    }

    /// <summary>The end of a comment, a declaration, a DTD with what it declares, an instruction or a tag.</summary>
    static int EndOfMarkup(string text, int start)
    {
        var rest = text.AsSpan(start);
        if (rest.StartsWith("<!--"))
            return EndBehind(text, start + 4, "-->");
        if (rest.StartsWith("<?"))
            return EndBehind(text, start + 2, "?>");
        if (!rest.StartsWith("<!DOCTYPE", StringComparison.OrdinalIgnoreCase))
            return EndBehind(text, start + 1, ">");
        var (quote, brackets) = ('\0', 0);
        for (var i = start; i < text.Length; i++)
        {
            var c = text[i];
            if (quote != '\0')
                quote = c == quote ? '\0' : quote;
            else if (c is '"' or '\'')
                quote = c;
            else if (c is '[' or ']')
                brackets += c == '[' ? 1 : -1;
            else if (c == '>' && brackets <= 0)
                return i + 1;
        }

        return text.Length;
    }

    static int EndBehind(string text, int start, string sign) =>
        start <= text.Length && text.IndexOf(sign, start, StringComparison.Ordinal) is >= 0 and var end ? end + sign.Length : text.Length;

    static bool IsNameStart(char c) => char.IsLetter(c) || c == '_' || char.GetUnicodeCategory(c) == UnicodeCategory.LetterNumber;

    /// <summary>The text of an element on one line; null where it has none.</summary>
    public static string? Line(this XElement? element) => Chars.OneLine(element?.Value);

    /// <summary>An attribute on one line; null where it is missing or empty.</summary>
    public static string? Line(this XElement? element, string attribute) => Chars.OneLine(element?.Attribute(attribute)?.Value);

    /// <summary>The first element below that says something.</summary>
    public static string? Line(this IEnumerable<XElement> elements) => elements.Select(e => e.Line()).FirstOrDefault(l => l is not null);
}
