using Ingest.Core.Articles;
using Ingest.Core.Forms.Text;
using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Forms.Feeds;

/// <summary>
/// Feeds in XML: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0. Each entry is an article. Broken feeds are read as far as they go; nothing that
/// they declare is expanded, and nothing is fetched.
/// </summary>
internal static class XmlFeed
{
    /// <summary>Tags of a file that are looked at for its root: some have the messages of a broken server before it.</summary>
    const int TagsBeforeRoot = 12;

    static readonly string[] Titles = ["title", "atom:title", "dc:title", "media:title"];

    /// <summary>When it was first published, before when it was changed.</summary>
    static readonly string[] Dates =
    [
        "atom:published", "atom:issued", "pubdate", "dc:date", "dcterms:issued", "dcterms:created", "atom:created",
        "dcterms:modified", "atom:updated", "atom:modified", "updated", "published",
    ];

    static readonly string[] Rights = ["dc:rights", "atom:rights", "copyright", "media:copyright", "atom:copyright", "dcterms:rights"];

    static readonly string[] Languages = ["dc:language", "language"];

    /// <summary>The whole text, before what may be a summary of it.</summary>
    static readonly string[] Bodies =
    [
        "content:encoded", "atom:content", "yandex:full-text", "mailru:full-text", "rambler:fulltext", "turbo:content", "html:body", "html:div", "full-text", "fulltext", "content", "body",
        "description", "atom:summary", "summary", "dc:description", "dcterms:abstract", "media:description", "itunes:summary",
    ];

    /// <summary>Whether a file's root is that of a feed.</summary>
    public static bool Recognises(InputStart start)
    {
        if (FileText.Decode(start.Beginning.Span) is not { } text)
            return false;
        // A text may speak of tags.
        if (!text.AsSpan().TrimStart().StartsWith('<') && !text.Contains("<?xml ", StringComparison.OrdinalIgnoreCase))
            return false;
        var parts = new LooseMarkup(text);
        var names = new FeedNames();
        for (var tags = 0; tags < TagsBeforeRoot && parts.Read();)
        {
            if (parts.Part != MarkupPart.Start)
                continue;
            var name = names.Open(parts, tags);
            // What is the root of another form may hold a "feed".
            if (FeedTree.IsRoot(name) && (tags == 0 || name != "atom:feed" || parts.Attributes.Any(a => a.Name.StartsWith("xmlns", StringComparison.OrdinalIgnoreCase))))
                return true;
            // An entry may stand alone.
            if (tags == 0 && (name == "channel" || name == "atom:entry" && parts.Attributes.Any(a => a.Name.StartsWith("xmlns", StringComparison.OrdinalIgnoreCase))))
                return true;
            if (parts.Name.Equals("html", StringComparison.OrdinalIgnoreCase))
                return false;
            names.Close(tags++);
        }

        return false;
    }

    /// <summary>The entries of a feed as articles: HTML where the entry is HTML, else text.</summary>
    public static IEnumerable<RawArticle> Read(Stream content, RawArticle file, InputLimits limits)
    {
        if (BoundedReader.ReadAll(content, limits.MaxFile) is not { } bytes)
        {
            yield return file with { OverLimit = limits.MaxFile };
            yield break;
        }

        if (FileText.Decode(bytes.Span) is not { } text)
        {
            yield return file with { Refused = Rejection.Unreadable("a feed", "It is no text.") };
            yield break;
        }

        var number = 0;
        foreach (var feed in FeedTree.Read(text))
        {
            var head = Head.Of(feed.Feed);
            foreach (var entry in feed.Entries)
                yield return Entry(head, entry, ++number).In(file, limits);
        }
    }

    /// <summary>What is said of all entries of a feed, read once.</summary>
    sealed record Head(string? Title, string? Publisher, string? Link, string? Language, IReadOnlyList<string>? Bylines, string? Copyright)
    {
        public static Head Of(FeedElement feed) => new(
            feed.All(Titles).Select(Line).FirstOrDefault(t => t is not null),
            PlainText.Of(feed.First("dc:publisher")),
            LooseWords.Address(feed.First("link") ?? Alternate(feed)?["href"], feed.Inherited("xml:base")),
            LooseWords.Language(feed.First(Languages)) ?? LooseWords.Language(feed["xml:lang"]),
            XmlFeed.Bylines(feed),
            PlainText.Of(feed.First(Rights)));
    }

    static FileEntry Entry(Head head, FeedElement entry, int number)
    {
        var (body, isHtml) = Body(entry);
        var link = Link(head.Link, entry);
        // RSS's "source" is where an entry was taken from, which may be an agency; Atom's is the feed that published it.
        var source = entry.All("atom:source").FirstOrDefault();
        var said = new ArticleMetadata(
            Url: link,
            Feed: null,
            Headline: entry.All(Titles).Select(Line).FirstOrDefault(t => t is not null),
            Bylines: Bylines(entry) ?? (source is null ? null : Bylines(source)) ?? head.Bylines,
            Agency: null,
            Publisher: PlainText.Of(entry.First("dc:publisher")) ?? source?.All(Titles).Select(Line).FirstOrDefault()
                ?? head.Title ?? head.Publisher,
            Dateline: null,
            Published: entry.All(Dates).Select(d => LooseDate.Read(Chars.OneLine(d.Text))).FirstOrDefault(d => d is not null),
            Received: null,
            Language: LooseWords.Language(entry.First(Languages)) ?? LooseWords.Language(entry.All(Bodies).Concat(entry.All(Titles)).Select(b => b["xml:lang"]).FirstOrDefault(l => l is not null))
                ?? LooseWords.Language(entry.Inherited("xml:lang").FirstOrDefault()) ?? head.Language)
        {
            Section = entry.All("category", "atom:category", "dc:subject")
                .Select(c => PlainText.Of(c["label"]) ?? PlainText.Of(c["term"]) ?? PlainText.Of(c.Text)).FirstOrDefault(c => c is not null),
            Copyright = PlainText.Of(entry.First(Rights)) ?? head.Copyright,
        };
        var id = entry.First("guid", "atom:id") ?? entry["rdf:about"] ?? entry.First("dc:identifier") ?? link;
        return new FileEntry(id, number, body, isHtml, said);
    }

    /// <summary>A headline: HTML wherever a feed has it so, which RSS does not say.</summary>
    static string? Line(FeedElement element) =>
        IsAtomText(element) ? Chars.OneLine(element.Text) : PlainText.Of(element.Text);

    static bool IsAtomText(FeedElement element) => element.Name.StartsWith("atom:", StringComparison.Ordinal)
        && element["mode"] is null && (element["type"] ?? "text") is "text" or "text/plain" or "xhtml" or "application/xhtml+xml";

    static (string Body, bool IsHtml) Body(FeedElement entry)
    {
        foreach (var element in entry.All(Bodies))
            if (BodyOf(element) is { Text: var text } read && !string.IsNullOrWhiteSpace(text))
                return read;
        return ("", false);
    }

    static (string Text, bool IsHtml) BodyOf(FeedElement element)
    {
        var type = element["type"]?.Trim().ToLowerInvariant();
        var isAtom = element.Name is "atom:content" or "atom:summary";
        if (isAtom && string.Equals(element["mode"], "base64", StringComparison.OrdinalIgnoreCase))
        {
            var text = element.Text.Trim();
            var bytes = new byte[text.Length];
            return Convert.TryFromBase64String(text, bytes, out var length) && FileText.Decode(bytes.AsSpan(0, length)) is { } decoded
                ? (decoded, PlainText.IsHtml(decoded)) : default;
        }

        // A picture or a sound, or a page that stands elsewhere.
        if (isAtom && type is not null && type.Contains('/') && !type.StartsWith("text/", StringComparison.Ordinal) && !type.Contains("xml", StringComparison.Ordinal))
            return default;
        if (element.Children.Count > 0 || element.Name.StartsWith("html:", StringComparison.Ordinal))
            return (element.Html, true);
        var said = element.Text;
        // Escaped twice: its tags are still text.
        if (!isAtom && !said.Contains('<') && said.Contains("&lt;/", StringComparison.Ordinal))
            said = LooseMarkup.Decode(said);
        return (said, !(isAtom && IsAtomText(element) || element.Name == "yandex:full-text" && !said.Contains("</", StringComparison.Ordinal)) && PlainText.IsHtml(said));
    }

    static IReadOnlyList<string>? Bylines(FeedElement of) =>
        LooseWords.Names(of.All("dc:creator").Select(c => c.Text))
        ?? LooseWords.Names(of.All("atom:author", "author").Select(a => a.First("atom:name", "name") ?? (a.Children.Count > 0 ? null : a.Text)))
        ?? LooseWords.Names(of.All("itunes:author").Select(c => c.Text));

    /// <param name="from">The address of the feed's own page.</param>
    static string? Link(string? from, FeedElement entry)
    {
        if (LooseWords.Address(entry.First("feedburner:origlink"), from) is { } original)
            return original;
        if (Alternate(entry) is { } link)
            return LooseWords.Address(link["href"], [.. link.Inherited("xml:base"), from]);
        var bases = entry.Inherited("xml:base").Append(from).ToList();
        if (entry.First("link") is { } plain)
            return LooseWords.Address(plain, [.. entry.All("link").First()["xml:base"] is { } own ? [own] : Array.Empty<string>(), .. bases]);
        return entry.All("guid").FirstOrDefault(g => !"false".Equals(g["ispermalink"], StringComparison.OrdinalIgnoreCase)) is { } guid && LooseWords.IsWeb(guid.Text.Trim()) ? guid.Text.Trim()
            : entry["rdf:about"] is { } about && LooseWords.IsWeb(about) ? about
            : entry.First("atom:id") is { } id && LooseWords.IsWeb(id) ? id : null;
    }

    /// <summary>The link to the page itself: one of HTML before others.</summary>
    static FeedElement? Alternate(FeedElement of)
    {
        var links = of.All("atom:link", "link").Where(l => l["href"] is not null && (l["rel"] ?? "alternate").Equals("alternate", StringComparison.OrdinalIgnoreCase)).ToList();
        return links.Find(l => l["type"] is "text/html") ?? links.Find(l => l["type"] is null) ?? (links.Count > 0 ? links[0] : null);
    }
}
