using Ingest.Core.Normalisation.Characters;
using System.Xml.Linq;
using Ingest.Core.Articles;
using Ingest.Core.Forms.Text;
using Ingest.Core.Normalisation.Rules;

namespace Ingest.Core.Forms.Wires;

/// <summary>NITF 3.x: one document, or several inside an element of the sender's own. It also stands inside NewsML of both kinds.</summary>
internal static class Nitf
{
    const string Form = "a NITF document";

    public static bool Recognises(InputStart start) => WireXml.Opens(start, IsRoot);

    public static IEnumerable<RawArticle> Read(Stream content, RawArticle file, InputLimits limits) =>
        WireXml.Read(content, file, limits, Form, IsRoot, (nitf, number) => [Article(nitf, file, number, limits)]);

    static RawArticle Article(XElement nitf, RawArticle file, int number, InputLimits limits)
    {
        var metadata = Metadata(nitf);
        var id = Head(nitf, "doc-id").Line("id-string") ?? nitf.Line("uno");
        return Body(nitf, metadata.Headline).OrNotice(metadata) is { } body
            ? WireArticle.Of(file, id, number, metadata, body, limits)
            : WireArticle.Refused(file, id, number, Rejection.Unreadable(Form, "Its body.content has no text."));
    }

    /// <summary>The text of a document; its abstract where it has no other.</summary>
    internal static WireBody? Body(XElement nitf, string? headline) =>
        WireBody.Of(Content(nitf), headline) ?? WireBody.Of(nitf.Descendants("abstract").FirstOrDefault(), headline);

    /// <summary>The part of the document that is its text, or all of them; notes have such parts of their own. Where it has none, its body.</summary>
    static XElement? Content(XElement nitf)
    {
        var all = nitf.Descendants("body.content").Where(c => !c.Ancestors("note").Any()).ToList();
        return all.Count > 1 ? new XElement("body", all) : all.FirstOrDefault() ?? nitf.Element("body");
    }

    /// <summary>What a document says of itself.</summary>
    internal static ArticleMetadata Metadata(XElement nitf)
    {
        var head = nitf.Descendants("body.head").FirstOrDefault();
        var issued = WireText.Instant(Head(nitf, "date.issue").Line("norm"));
        var released = WireText.Instant(Head(nitf, "date.release").Line("norm"));
        var published = issued
            ?? WireText.Instant(head?.Descendants("story.date").FirstOrDefault().Line("norm"))
            ?? WireText.Instant(Head(nitf, "pubdata").Line("date.publication")) ?? released;
        var copyright = Head(nitf, "doc.copyright");
        return ArticleMetadata.None with
        {
            Headline = head?.Descendants("hl1").Line() ?? nitf.Elements("head").Elements("title").Line(),
            Bylines = WireText.Names((head?.Elements("byline") ?? []).SelectMany(Byline)),
            Agency = head?.Elements("distributor").Line() ?? Head(nitf, "doc-id").Line("regsrc") ?? copyright.Line("holder"),
            Publisher = Head(nitf, "pubdata").Line("name"),
            Dateline = Dateline(head?.Element("dateline")) ?? Head(nitf, "evloc").Line("city"),
            Published = published,
            Language = LooseWords.Language(nitf.Line("baselang") ?? nitf.Line("lang") ?? nitf.Element("body").Line("lang")),
            Url = Head(nitf, "pubdata").Line("ex-ref"),
            Section = Head(nitf, "pubdata").Line("position.section") ?? Subject(nitf),
            Slugline = Named(nitf, "slugline", "anpa-keyword", "NTBStikkord") ?? Head(nitf, "keyword").Line("key"),
            Version = Head(nitf, "du-key").Line("version") ?? Head(nitf, "du-key").Line("generation"),
            Status = Head(nitf, "docdata").Line("management-status")?.ToLowerInvariant(),
            Urgency = WireText.Urgency(Head(nitf, "urgency").Line("ed-urg")),
            // The day of release of what is out already is no embargo.
            Embargo = string.CompareOrdinal(released, published) > 0 ? released : null,
            UsageTerms = Head(nitf, "doc.rights").Line("limitations") ?? head?.Elements("rights").Elements("rights.limitations").Line(),
            Copyright = copyright.Line() ?? Chars.OneLine($"{copyright.Line("holder")} {copyright.Line("year")}"),
        };
    }

    static bool IsRoot(string name) => name.Equals("nitf", StringComparison.OrdinalIgnoreCase);

    /// <summary>An element of the head, wherever it stands in it.</summary>
    static XElement? Head(XElement nitf, string name) => nitf.Elements("head").Descendants(name).FirstOrDefault();

    /// <summary>What a <c>meta</c> element of one of these names says.</summary>
    static string? Named(XElement nitf, params string[] names) => nitf.Elements("head").Elements("meta")
        .Where(m => names.Contains(m.Line("name"), StringComparer.OrdinalIgnoreCase)).Select(m => m.Line("content")).FirstOrDefault(c => c is not null);

    /// <summary>The desk before the topic; "News" is every item's.</summary>
    static string? Subject(XElement nitf)
    {
        var subject = Head(nitf, "tobject.subject");
        return Head(nitf, "tobject").Line("tobject.type") is { } desk && !desk.Equals("news", StringComparison.OrdinalIgnoreCase) ? desk
            : subject.Line("tobject.subject.type") ?? subject.Line("tobject.subject.matter");
    }

    /// <summary>
    /// The persons, or else the line without the job and the place behind it. What has more words than a name, and no names, is a second headline.
    /// </summary>
    static IEnumerable<string?> Byline(XElement byline)
    {
        const int MostSpaces = 6;
        if (byline.Elements("person").Any())
            return byline.Elements("person").Select(p => p.Line());
        return Without(byline, "byttl", "location") is { } line && (line.Count(' '.Equals) <= MostSpaces || WireText.IsByline(line) || BylineReader.IsNames(line, out _)) ? [line] : [];
    }

    static string? Dateline(XElement? dateline) => dateline is null ? null
        : WireText.City(dateline.Elements("location").Select(Place).FirstOrDefault(p => p is not null) ?? Without(dateline, "story.date"));

    /// <summary>A place as it is written; where its parts stand in elements of their own, with commas between them.</summary>
    static string? Place(XElement location) =>
        location.HasElements && !location.Nodes().OfType<XText>().Any(t => !string.IsNullOrWhiteSpace(t.Value))
            ? Chars.OneLine(string.Join(", ", location.Elements().Select(part => part.Line()).OfType<string>())) : location.Line();

    /// <summary>The text of an element without some of those in it.</summary>
    static string? Without(XElement element, params string[] names) =>
        Chars.OneLine(string.Concat(element.Nodes().Where(n => n is not XElement e || !names.Contains(e.Name.LocalName))
            .Select(n => n is XText text ? text.Value : ((XElement)n).Value)));
}
