using System.Collections.Frozen;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Decoding;
using Ingest.Core.Normalisation.Words;

namespace Ingest.Core.Normalisation.Pages;

/// <summary>
/// From HTML to the visible text of the page, a line for each block, with what the markup says of each line and what the page says of its article.
/// Nothing is fetched and no script is run.
/// </summary>
internal static class PageReader
{
    /// <summary>Classes of the elements in which networks wrap their posts.</summary>
    static readonly (string Class, string Platform)[] Embeds =
    [
        ("twitter-tweet", "twitter"), ("twitter-video", "twitter"), ("instagram-media", "instagram"), ("tiktok-embed", "tiktok"), ("bluesky-embed", "bluesky"),
        ("fb-post", "facebook"), ("fb-video", "facebook"), ("mastodon-embed", "mastodon"), ("reddit-embed", "reddit"), ("telegram-post", "telegram"),
    ];

    /// <summary>What a reader does not see, or what holds no words of the page.</summary>
    static readonly FrozenSet<string> Unseen = FrozenSet.Create(
        "script", "style", "noscript", "template", "head", "svg", "iframe", "frame", "frameset", "object", "embed", "applet", "select", "datalist", "textarea", "canvas", "audio", "video", "map",
        // Readings beside characters: the text is whole without them.
        "rt", "rp");

    static readonly FrozenDictionary<string, int> Blocks = new Dictionary<string, int>
    {
        ["address"] = 2, ["article"] = 2, ["aside"] = 2, ["blockquote"] = 2, ["body"] = 2, ["center"] = 2, ["details"] = 2, ["dialog"] = 2, ["dd"] = 1, ["div"] = 2, ["dl"] = 2, ["dt"] = 1,
        ["fieldset"] = 2, ["figcaption"] = 2, ["figure"] = 2, ["footer"] = 2, ["form"] = 2, ["h1"] = 2, ["h2"] = 2, ["h3"] = 2, ["h4"] = 2, ["h5"] = 2, ["h6"] = 2, ["header"] = 2,
        ["hgroup"] = 2, ["hr"] = 2, ["html"] = 2, ["legend"] = 2, ["li"] = 1, ["main"] = 2, ["menu"] = 2, ["nav"] = 2, ["ol"] = 2, ["p"] = 2, ["pre"] = 2, ["section"] = 2, ["summary"] = 2,
        ["table"] = 2, ["tbody"] = 1, ["td"] = 1, ["tfoot"] = 1, ["th"] = 1, ["thead"] = 1, ["tr"] = 1, ["ul"] = 2, ["button"] = 1, ["label"] = 1, ["caption"] = 1, ["amp-img"] = 1, ["search"] = 2,
    }.ToFrozenDictionary();

    static readonly FrozenSet<string> Attributes = FrozenSet.Create(
        "class", "id", "href", "content", "name", "property", "rel", "itemprop", "itemtype", "type", "datetime", "lang", "role", "style", "hidden", "aria-hidden", "data-nosnippet");

    static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> ReadNames = Attributes.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Characters of an element's classes by which it is known.</summary>
    const int MostOfClass = 64;

    static readonly HtmlParserOptions Options = new()
    {
        DisableElementPositionTracking = true,
        IsScripting = false,
        SkipComments = true,
        SkipProcessingInstructions = true,
        MaximumDepth = 2 * Nesting.Deepest,
        // What nobody reads is not kept: a tag may have a million attributes.
        ShouldEmitAttribute = static (ref AngleSharp.Html.Parser.Tokens.Struct.StructHtmlToken _, ReadOnlyMemory<char> name) => ReadNames.Contains(name.Span),
    };

    /// <param name="html">Decoded.</param>
    /// <param name="beside">What is known of the article; it wins over what the page says.</param>
    /// <param name="notes">Of what came before.</param>
    public static PageArticle Read(string html, ArticleMetadata beside, IReadOnlyList<string> notes)
    {
        var told = new List<string>(notes);
        var given = html;
        if (Mojibake.Repair(html) is { } repaired)
        {
            html = repaired.Text;
            told.Add(repaired.Note);
        }

        html = Nesting.Flatten(html, out var cut);
        if (cut > 0)
            told.Add($"{cut} tags that were nested deeper than {Nesting.Deepest} were passed over");
        using var document = new HtmlParser(Options).ParseDocument(html);
        var facts = PageFacts.Of(document);
        var text = new PageText(html.Length / 8);
        var fragment = !html.Contains("<body", StringComparison.OrdinalIgnoreCase) && !html.Contains("<head", StringComparison.OrdinalIgnoreCase);
        if (document.Body is { } body)
            Walk(body, new PageElement(null, "body"), text, isLinked: false, isStressed: false);
        text.Break(0);
        var page = new Page(text.Lines, facts.Title, facts.Body, fragment, facts.IsPaywalled, text.Signed, facts.Houses, facts.Dates, facts.Modified);
        PageProse.Weigh(page);
        PageProse.Group(page);
        var (visible, known) = (text.ToString(), facts.Beside(beside));
        page = page with { Headline = PageHeadline.Of(page.Lines, visible, known.Headline) };
        var level = 0;
        for (var up = page.Headline < 0 ? null : page.Lines[page.Headline].Element; up is not null; up = up.Parent)
            up.AboveHeadline = level++;
        return new PageArticle(visible, known, told, page, given);
    }

    static void Walk(INode parent, PageElement block, PageText text, bool isLinked, bool isStressed)
    {
        var nodes = parent.ChildNodes;
        var behindLink = false;
        for (var i = 0; i < nodes.Length; i++)
        {
            switch (nodes[i])
            {
                case IText data:
                    text.Add(data.Data, block, isLinked, isStressed, (block.Marks & PageMark.Preformatted) != 0);
                    behindLink = false;
                    break;
                case IElement element when !Unseen.Contains(element.LocalName):
                    // Styles part the links of a menu, its markup does not.
                    if (behindLink && element.LocalName is "a")
                        text.Space();
                    Enter(element, block, text, isLinked, isStressed);
                    behindLink = element.LocalName is "a";
                    break;
            }
        }
    }

    static void Enter(IElement element, PageElement block, PageText text, bool isLinked, bool isStressed)
    {
        var role = PageRoles.Of(element);
        var start = text.Length;
        Take(element, block, text, isLinked, isStressed);
        if (role != PageRole.None)
            text.Sign(role, start, element.GetAttribute("datetime") ?? element.GetAttribute("content"));
    }

    static void Take(IElement element, PageElement block, PageText text, bool isLinked, bool isStressed)
    {
        var name = element.LocalName;
        if (name == "br")
        {
            text.TypedBreak();
            return;
        }

        isLinked |= name == "a" && element.HasAttribute("href");
        isStressed |= name is "b" or "strong" or "em" or "i";
        if (name is "tr" && IsRow(element))
        {
            text.Break(1);
            Row(element, Child(element, block), text);
            text.Break(1);
            return;
        }

        if (!Blocks.TryGetValue(name, out var apart))
        {
            Walk(element, block, text, isLinked, isStressed);
            return;
        }

        text.Break(apart);
        Walk(element, Child(element, block), text, isLinked, isStressed);
        text.Break(apart);
    }

    /// <summary>The cells of one row of a table of data stand on one line.</summary>
    static void Row(IElement row, PageElement own, PageText text)
    {
        var first = true;
        foreach (var cell in row.Children)
        {
            if (!first && text.IsOpen)
                text.Add(" | ", own, false, false, false);
            first = false;
            text.Space();
            foreach (var node in cell.ChildNodes)
                if (node is IText data)
                    text.Add(data.Data, own, false, false, false);
                else if (node is IElement inline && !Unseen.Contains(inline.LocalName))
                    Inline(inline, own, text);
        }
    }

    static void Inline(IElement element, PageElement own, PageText text)
    {
        text.Space();
        var linked = element.LocalName == "a";
        foreach (var node in element.ChildNodes)
            if (node is IText data)
                text.Add(data.Data, own, linked, false, false);
            else if (node is IElement inner && !Unseen.Contains(inner.LocalName))
                Inline(inner, own, text);
    }

    /// <summary>Several cells, short, and nothing but words in them: tables that only lay out a page have blocks in their cells.</summary>
    static bool IsRow(IElement row)
    {
        const int MostCells = 24, LongestCell = 160, MostNodes = 6;
        var cells = row.Children;
        if (cells.Length is < 2 or > MostCells)
            return false;
        foreach (var cell in cells)
        {
            if (cell.LocalName is not ("td" or "th") || cell.ChildNodes.Length > MostNodes)
                return false;
            var length = 0;
            foreach (var node in cell.ChildNodes)
            {
                if (node is IElement inner && (Blocks.ContainsKey(inner.LocalName) && inner.LocalName is not ("p" or "div") || inner.ChildElementCount > 3))
                    return false;
                length += node is IText data ? data.Length : node is IElement element && element.ChildElementCount == 0 ? element.TextContent.Length : 0;
            }

            if (length > LongestCell)
                return false;
        }

        return true;
    }

    static PageElement Child(IElement element, PageElement parent)
    {
        var child = new PageElement(parent, element.LocalName);
        var (names, id) = (element.GetAttribute("class"), element.GetAttribute("id"));
        var words = new ClassCounts();
        ClassWords.Count(names, words);
        ClassWords.Count(id, words);
        child.Words = words;
        var all = child.AllWords;
        all.Add(words);
        child.AllWords = all;
        child.OwnLook = Look(element.LocalName, names);
        child.Look = Mix(child.OwnLook, Mix(parent.OwnLook, parent.Parent?.OwnLook ?? 0));
        child.Marks |= MarksOf(element);
        if (names is { Length: > 0 })
            foreach (var (wrapper, platform) in Embeds)
                if (names.Contains(wrapper, StringComparison.OrdinalIgnoreCase))
                    child.Embed = platform;

        return child;
    }

    static PageMark MarksOf(IElement element)
    {
        var marks = element.LocalName switch
        {
            "article" => PageMark.Article,
            "main" => PageMark.Main,
            "nav" => PageMark.Navigation,
            "aside" => PageMark.Aside,
            "footer" => PageMark.Footer,
            "header" => PageMark.Header,
            "form" or "button" or "fieldset" or "label" => PageMark.Form,
            "figure" => PageMark.Figure,
            "figcaption" => PageMark.Caption,
            "ul" or "ol" or "dl" or "menu" => PageMark.List,
            "table" => PageMark.Table,
            "blockquote" => PageMark.Quote,
            "pre" => PageMark.Preformatted,
            _ => PageMark.None,
        };
        marks |= element.GetAttribute("role") switch
        {
            "article" => PageMark.Article,
            "main" => PageMark.Main,
            "navigation" or "menu" or "menubar" => PageMark.Navigation,
            "complementary" => PageMark.Aside,
            "contentinfo" => PageMark.Footer,
            "banner" => PageMark.Header,
            "dialog" or "alertdialog" => PageMark.Form,
            _ => PageMark.None,
        };
        if (element.GetAttribute("itemprop") is { } property && property.Contains("articleBody", StringComparison.OrdinalIgnoreCase))
            marks |= PageMark.ArticleBody;
        if (element.HasAttribute("hidden") || element.GetAttribute("aria-hidden") == "true"
            || element.GetAttribute("style") is { } style && style.Contains("none", StringComparison.OrdinalIgnoreCase) && style.Contains("display", StringComparison.OrdinalIgnoreCase))
            marks |= PageMark.Hidden;
        return marks;
    }

    static uint Look(string name, string? names)
    {
        var hash = StopWords.HashSeed;
        foreach (var c in name)
            hash = StopWords.Mix(hash, c);
        // Numbers in classes are of one element: post-1234.
        foreach (var c in names.AsSpan(0, Math.Min(names?.Length ?? 0, MostOfClass)))
            if (!char.IsDigit(c))
                hash = StopWords.Mix(hash, c);
        return hash;
    }

    static uint Mix(uint one, uint other) => (one ^ other * 0x9e3779b1) * 0x85ebca6b;
}
