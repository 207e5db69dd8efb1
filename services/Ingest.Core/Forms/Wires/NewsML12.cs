using System.Xml.Linq;
using Ingest.Core.Articles;
using Ingest.Core.Forms.Text;

namespace Ingest.Core.Forms.Wires;

/// <summary>
/// NewsML 1.0 to 1.2: items of components inside components, each of which may state what holds for all in it. An item with several languages
/// or several headlines holds as many articles.
/// </summary>
internal static class NewsML12
{
    const string Form = "a NewsML 1 item";

    /// <summary>Of one item. For each, the components around it are searched.</summary>
    const int MaxTexts = 100;

    static readonly string[] TextTypes = ["text", "html", "complex"];

    /// <summary>
    /// Roles of a story's body; of what stands in it too where it has a body; and of what is about it: its headline, how it looks, whom to call.
    /// </summary>
    static readonly HashSet<string> RolesOfBody = ["body", "main"], InStory = ["lead", "abstract", "summary"],
        Beside = ["title", "headline", "subheadline", "stylesheet", "contact", "logo", "tweettext", "keywords"];

    public static bool Recognises(InputStart start) => WireXml.Opens(start, name => name == "NewsML");

    public static IEnumerable<RawArticle> Read(Stream content, RawArticle file, InputLimits limits) =>
        WireXml.Read(content, file, limits, Form, name => name == "NewsItem", (item, number) => Articles(item, file, number, limits));

    static IEnumerable<RawArticle> Articles(XElement item, RawArticle file, int number, InputLimits limits)
    {
        var id = item.Descendants("PublicIdentifier").Line() ?? item.Descendants("NewsItemId").Line();
        var texts = Texts(item);
        if (texts.Count is 0 or > MaxTexts)
        {
            yield return WireArticle.Refused(file, id, number, Rejection.Unreadable(Form,
                texts.Count == 0 ? Fault(item) : $"It holds more than {MaxTexts} texts."));
            yield break;
        }

        var captions = Captions(item);
        for (var i = 0; i < texts.Count; i++)
        {
            // An id is one article's: further texts have their component's behind it.
            var own = i == 0 ? id : $"{id}/{texts[i].Line("Duid") ?? $"{i + 1}"}";
            yield return Article(item, texts[i], captions) is var (metadata, body)
                ? WireArticle.Of(file, own, number + i, metadata, body, limits)
                : WireArticle.Refused(file, own, number + i, Rejection.Unreadable(Form, Fault(item)));
        }
    }

    static (ArticleMetadata Metadata, WireBody Body)? Article(XElement item, XElement component, List<WireBody.Picture> captions)
    {
        var content = Story(component);
        var nitf = content?.Descendants("nitf").FirstOrDefault();
        var stated = Metadata(item, component);
        var metadata = nitf is null ? stated : stated.Or(Nitf.Metadata(nitf));
        metadata = metadata with { Headline = metadata.Headline ?? content?.Descendants("h1").Line() ?? Title(component) };
        var body = nitf is null ? WireBody.Of(content, metadata.Headline) : Nitf.Body(nitf, metadata.Headline);
        return body.OrNotice(metadata) is { } text ? (metadata, text.With(captions)) : null;
    }

    /// <summary>The components that hold a text, but for one that says the same as one before it, and the parts of another one's story.</summary>
    static List<XElement> Texts(XElement item)
    {
        var all = item.Descendants("NewsComponent").Where(c => TextOf(c) is not null && !IsCaption(c)).Take(MaxTexts + 1).ToList();
        if (all.Count > MaxTexts)
            return all;
        all.RemoveAll(c => RoleOf(c) is { } role && (Beside.Contains(role) || InStory.Contains(role) && HasBody(c)));
        var texts = new List<XElement>();
        foreach (var component in all)
            if (!texts.Exists(t => AreEquivalent(t, component)))
                texts.Add(component);
        return texts;
    }

    /// <summary>Whether two are renditions of one text: under one component, which calls them so, with one language and headline.</summary>
    static bool AreEquivalent(XElement one, XElement other) =>
        one.Parent == other.Parent && one.Parent.Line("EquivalentsList") == "yes" && Language(one) == Language(other) && Stated(one, "HeadLine") == Stated(other, "HeadLine");

    /// <summary>The text of a component, behind the lead where that stands in a component of its own.</summary>
    static XElement? Story(XElement component)
    {
        if (TextOf(component) is not { } text || !RolesOfBody.Contains(RoleOf(component) ?? ""))
            return TextOf(component);
        var lead = component.ElementsBeforeSelf("NewsComponent").Where(c => RoleOf(c) == "lead").Select(TextOf).OfType<XElement>().ToList();
        return lead.Count == 0 || text.Descendants("nitf").Any() ? text
            : new XElement("DataContent", lead.Append(text).SelectMany(part => part.HasElements ? [new XElement("block", part.Nodes())] : new object[] { part.Value, "\n\n" }));
    }

    /// <summary>The headline where it stands in a component of its own, and in no line.</summary>
    static string? Title(XElement component) =>
        component.Parent?.Elements("NewsComponent").Where(c => RoleOf(c) is "title" or "headline").Select(TextOf).OfType<XElement>().Line();

    static string? RoleOf(XElement component) => component.Elements("Role").FirstOrDefault().Line("FormalName")?.ToLowerInvariant();

    /// <summary>Whether the body of the story stands beside a component.</summary>
    static bool HasBody(XElement component) =>
        component.Parent?.Elements("NewsComponent").Any(c => RolesOfBody.Contains(RoleOf(c) ?? "") && TextOf(c) is not null) == true;

    /// <summary>The text that stands in a component itself: of several renditions, the one with markup.</summary>
    static XElement? TextOf(XElement component) => component.Elements("ContentItem")
        .Where(c => c.Elements("MediaType").FirstOrDefault().Line("FormalName") is not { } type
            || Array.Exists(TextTypes, t => type.Contains(t, StringComparison.OrdinalIgnoreCase)))
        .Elements("DataContent").Where(d => d.Line() is not null)
        .OrderBy(d => d.HasElements ? 0 : 1).FirstOrDefault();

    static bool IsCaption(XElement component) =>
        component.AncestorsAndSelf("NewsComponent").Elements("Role").Any(r => (r.Line("FormalName") ?? "").Contains("caption", StringComparison.OrdinalIgnoreCase));

    static List<WireBody.Picture> Captions(XElement item) =>
    [
        .. item.Descendants("NewsComponent").Where(IsCaption).Take(MaxTexts).Select(c => (Caption: TextOf(c).Line(), Credit: Stated(c, "ByLine") ?? Stated(c, "CreditLine")))
            .Where(c => c.Caption is not null).Select(c => new WireBody.Picture(c.Caption!, c.Credit)),
    ];

    static string Fault(XElement item)
    {
        var kind = item.Descendants("MediaType").Select(m => m.Line("FormalName")).FirstOrDefault(m => m is not null);
        return kind is null || kind.Contains("text", StringComparison.OrdinalIgnoreCase)
            ? item.Descendants("ContentItem").Any(c => c.Line("Href") is not null) ? "Its text is elsewhere: it names a file, and holds none." : "It holds no text."
            : $"It is a {kind.ToLowerInvariant()}, and holds no text.";
    }

    static ArticleMetadata Metadata(XElement item, XElement component)
    {
        var identifier = item.Descendants("NewsIdentifier").FirstOrDefault();
        var management = item.Element("NewsManagement");
        return ArticleMetadata.None with
        {
            Headline = Stated(component, "HeadLine"),
            Bylines = WireText.Names(Nearest(component, "ByLine").Select(b => b.Line())),
            Agency = Party(component, "Provider") ?? Party(component, "Source") ?? Stated(component, "CreditLine") ?? identifier?.Elements("ProviderId").Line(),
            Dateline = WireText.City(Stated(component, "DateLine")) ?? Property(component, "City"),
            Published = WireText.Instant(management?.Elements("FirstCreated").Line()) ?? WireText.Instant(identifier?.Elements("DateId").Line()),
            Language = Language(component),
            Section = Section(component),
            Slugline = Stated(component, "SlugLine") ?? item.Descendants("NameLabel").Line(),
            Version = identifier?.Elements("RevisionId").Line(),
            Status = management?.Elements("Status").FirstOrDefault().Line("FormalName")?.ToLowerInvariant(),
            Urgency = WireText.Urgency(management?.Elements("Urgency").FirstOrDefault().Line("FormalName")),
            Embargo = WireText.Instant(management?.Elements("StatusWillChange").Elements("DateAndTime").Line()),
            UsageTerms = Stated(component, "UsageType") ?? Stated(component, "RightsLine"),
            Copyright = Stated(component, "CopyrightLine") ?? Stated(component, "CopyrightHolder"),
        };
    }

    /// <summary>What a component states in its own lines and descriptions, or else the next one around it that states it.</summary>
    static List<XElement> Nearest(XElement component, string name) =>
        component.AncestorsAndSelf("NewsComponent")
            .Select(c => c.Elements().Where(e => e.Name.LocalName is not ("NewsComponent" or "NewsItem" or "ContentItem")).DescendantsAndSelf(name).ToList())
            .FirstOrDefault(found => found.Exists(e => e.Line() is not null || e.Line("FormalName") is not null)) ?? [];

    static string? Stated(XElement component, string name) => Nearest(component, name).Line();

    static string? Party(XElement component, string role) =>
        Nearest(component, "Party").Where(p => p.Parent?.Name.LocalName == role).Select(p => p.Line("FormalName")).FirstOrDefault(n => n is not null)
        ?? component.AncestorsAndSelf("NewsComponent").Elements("AdministrativeMetadata").Elements(role).Elements("Party")
            .Select(p => p.Line("FormalName")).FirstOrDefault(n => n is not null);

    static string? Language(XElement component) =>
        LooseWords.Language(Nearest(component, "Language").FirstOrDefault().Line("FormalName"))
        ?? LooseWords.Language(component.AncestorsAndSelf().Select(e => e.Line("lang")).FirstOrDefault(l => l is not null));

    static string? Property(XElement component, string name) =>
        Nearest(component, "Property").Where(p => p.Line("FormalName")?.Equals(name, StringComparison.OrdinalIgnoreCase) == true)
            .Select(p => p.Line("Value")).FirstOrDefault(v => v is not null);

    /// <summary>The first category that has a name rather than a number.</summary>
    static string? Section(XElement component) =>
        Property(component, "Category") ?? Property(component, "Section") ?? Property(component, "Desk")
        ?? Nearest(component, "SubjectCode").Elements().Where(s => s.Name.LocalName.StartsWith("Subject", StringComparison.Ordinal))
            .Select(s => s.Line("FormalName")).FirstOrDefault(n => n is not null && !n.All(char.IsAsciiDigit));
}
