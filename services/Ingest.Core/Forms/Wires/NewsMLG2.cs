using System.Xml.Linq;
using Ingest.Core.Articles;
using Ingest.Core.Forms.Text;

namespace Ingest.Core.Forms.Wires;

/// <summary>NewsML-G2: a news item, a message of several, or a package, which holds none of the items that it names.</summary>
internal static class NewsMLG2
{
    const string Form = "a NewsML-G2 item";

    public static bool Recognises(InputStart start) => WireXml.Opens(start, name => name is "newsItem" or "newsMessage" or "packageItem");

    public static IEnumerable<RawArticle> Read(Stream content, RawArticle file, InputLimits limits)
    {
        var packages = new List<RawArticle>();
        var hasItems = false;
        foreach (var article in WireXml.Read(content, file, limits, Form, name => name is "newsItem" or "packageItem", Item))
        {
            if (packages.Count > 0 && ReferenceEquals(article, packages[^1]))
                continue;
            hasItems = true;
            yield return article;
        }

        // Beside items, a package only says how they belong together.
        if (!hasItems)
            foreach (var package in packages)
                yield return package;

        IEnumerable<RawArticle> Item(XElement item, int number)
        {
            if (item.Name != "packageItem")
                return [Article(item, file, number, limits)];
            packages.Add(WireArticle.Refused(file, item.Line("guid"), number,
                Rejection.Unreadable(Form, "It is a package: it names its items, and holds no text.")));
            return [packages[^1]];
        }
    }

    static RawArticle Article(XElement item, RawArticle file, int number, InputLimits limits)
    {
        var id = item.Line("guid");
        var content = Text(item);
        var nitf = content is { Name.LocalName: "inlineXML" } ? content.Elements().FirstOrDefault(e => e.Name.LocalName == "nitf") : null;
        var stated = Metadata(item);
        var metadata = nitf is null ? stated : stated.Or(Nitf.Metadata(nitf));
        metadata = metadata with
        {
            Headline = metadata.Headline ?? content?.Descendants("h1").Line() ?? content?.Descendants("title").Line(),
            Language = metadata.Language ?? LooseWords.Language(content.Line("lang") ?? content?.Elements().FirstOrDefault().Line("lang")),
            Bylines = metadata.Bylines ?? WireText.Names(content?.Descendants().Where(e => e.Line("class") == "byline").Take(1).Select(e => e.Line()) ?? []),
            Dateline = metadata.Dateline ?? WireText.City(content?.Descendants("span").Where(s => s.Line("class") == "dateline").Line()),
        };
        var body = nitf is null ? WireBody.Of(content, metadata.Headline) : Nitf.Body(nitf, metadata.Headline);
        return body.OrNotice(metadata) is { } text
            ? WireArticle.Of(file, id, number, metadata, text, limits)
            : WireArticle.Refused(file, id, number, Rejection.Unreadable(Form, Fault(item)));
    }

    /// <summary>The rendition of the text to read: markup before plain text, and of the same kind the first.</summary>
    static XElement? Text(XElement item) => item.Elements("contentSet").Elements()
        .Where(c => c.Name.LocalName is "inlineXML" or "inlineData" && c.Line() is not null)
        .OrderBy(c => c.Name.LocalName == "inlineXML" ? 0 : c.Line("contenttype")?.Contains("html", StringComparison.OrdinalIgnoreCase) == true ? 1 : 2)
        .FirstOrDefault();

    static string Fault(XElement item)
    {
        var kind = WireText.Code(item.Elements("itemMeta").Elements("itemClass").FirstOrDefault().Line("qcode"));
        return kind is not (null or "text" or "composite") ? $"It is a {kind}, and holds no text."
            : item.Elements("contentSet").Elements("remoteContent").Any() ? "Its text is elsewhere: it names a file, and holds none."
            : "It holds no text.";
    }

    static ArticleMetadata Metadata(XElement item)
    {
        var meta = item.Element("itemMeta");
        var about = item.Element("contentMeta");
        var rights = item.Element("rightsInfo");
        return ArticleMetadata.None with
        {
            Url = meta?.Elements("link").FirstOrDefault(l => WireText.Code(l.Line("rel")) is "canonical" or "isA" or "webVersion").Line("href"),
            Headline = Headline(about) ?? Headline(meta) ?? meta?.Elements("title").Line(),
            Bylines = WireText.Names(Bylines(about)),
            Agency = Provider(meta, about?.Elements("creditline").Line()) ?? Named(about, "infoSource") ?? Named(rights, "copyrightHolder"),
            Dateline = WireText.City(about?.Elements("dateline").Line() ?? Named(about, "located")),
            Published = WireText.Instant(meta?.Elements("firstCreated").Line()) ?? WireText.Instant(about?.Elements("contentCreated").Line())
                ?? WireText.Instant(meta?.Elements("versionCreated").Line()),
            Language = LooseWords.Language(about?.Elements("language").FirstOrDefault().Line("tag") ?? item.Line("lang")),
            Section = Section(about),
            Slugline = about?.Elements("slugline").Line(),
            Version = item.Line("version"),
            Status = WireText.Code(meta?.Elements("pubStatus").FirstOrDefault().Line("qcode"))?.ToLowerInvariant(),
            Urgency = WireText.Urgency(about?.Elements("urgency").Line()),
            Embargo = WireText.Instant(meta?.Elements("embargoed").Line()),
            UsageTerms = rights?.Elements("usageTerms").Line(),
            Copyright = rights?.Elements("copyrightNotice").Line() ?? Named(rights, "copyrightHolder"),
        };
    }

    /// <summary>"reuters.com" is an address: the credit line has the name.</summary>
    static string? Provider(XElement? meta, string? credit) =>
        Named(meta, "provider") is { } name && !(credit is not null && name.Contains('.', StringComparison.Ordinal) && !name.Contains(' ', StringComparison.Ordinal)) ? name : credit;

    /// <summary>The headline itself, before those above and below it.</summary>
    static string? Headline(XElement? meta)
    {
        var all = meta?.Elements("headline").Where(h => h.Line() is not null).ToList() ?? [];
        return (all.Find(h => WireText.Code(h.Line("role")) is null or "main" or "headline") ?? all.FirstOrDefault()).Line();
    }

    /// <summary>The lines that credit somebody, or else the persons who made it, by name.</summary>
    static IEnumerable<string?> Bylines(XElement? about) =>
        about?.Elements("by").Line() is not null ? about.Elements("by").Select(b => b.Line())
        : (about?.Elements("creator") ?? []).Where(c => !(c.Line("type") ?? "").Contains("org", StringComparison.OrdinalIgnoreCase))
            .Select(c => c.Elements("name").Line()).Where(n => n is not null && !IsAccount(n));

    /// <summary>"weir.anna": what a desk's system calls somebody.</summary>
    static bool IsAccount(string name) => name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-' or '_' or '@');

    /// <summary>A category before a topic; a topic that is a place or a person before none.</summary>
    static string? Section(XElement? about)
    {
        if (about?.Elements("subject").FirstOrDefault(s => WireText.Code(s.Line("type"))?.StartsWith("cat", StringComparison.OrdinalIgnoreCase) == true) is { } category)
            return NameOf(category);
        var subjects = about?.Elements("subject").Where(s => s.Elements("name").Line() is not null).ToList() ?? [];
        return (subjects.Find(s => WireText.Code(s.Line("type")) is null or "abstract")
            ?? subjects.FirstOrDefault())?.Elements("name").Line();
    }

    static string? Named(XElement? meta, string element) => meta?.Elements(element).Select(NameOf).FirstOrDefault(n => n is not null);

    static string? NameOf(XElement party) => party.Elements("name").Line() ?? party.Line("literal") ?? WireText.Code(party.Line("qcode")) ?? party.Line();
}
