using System.Net;
using System.Text;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Pages;

/// <summary>What a page says of its article in its data for machines: JSON-LD, OpenGraph, microdata, meta elements, and its title.</summary>
internal sealed class PageFacts
{
    const int MostScripts = 20, LongestData = 1 << 20, LongestName = 80, DeepestData = 64;

    /// <summary>Before all others that speak of a date; most sites have names of their own.</summary>
    static readonly string[] DateNames = ["article:published_time", "og:article:published_time", "datepublished", "parsely-pub-date", "sailthru.date"];

    static readonly string[] AuthorNames =
        ["citation_author", "author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "byl", "cxenseparse:author", "article:author_name", "authors"];

    /// <summary>What stands between a title and the name of its site.</summary>
    static readonly string[] SiteSigns = [" | ", " – ", " — ", " :: ", " · ", " » ", " • ", " - "];

    readonly Dictionary<string, string> meta = new(StringComparer.OrdinalIgnoreCase);
    readonly List<KeyValuePair<string, string>> allMeta = [];

    /// <summary>What JSON-LD describes once and refers to elsewhere, by its id.</summary>
    readonly Dictionary<string, JsonElement> described = new(StringComparer.Ordinal);
    readonly PageAuthors authors = new();
    readonly List<string> dates = [];
    string? headline, published, publisher, section, language, url;

    /// <summary>When the page says it was published where no article on it says so.</summary>
    string? pagePublished;

    PageFacts()
    {
    }

    /// <summary>The page's title, with its site's name.</summary>
    public string? Title { get; private set; }

    /// <summary>The body in its JSON-LD: often cut, or the teaser.</summary>
    public string? Body { get; private set; }

    public bool IsPaywalled { get; private set; }

    /// <summary>Houses, and names of accounts, that are named as authors.</summary>
    public IReadOnlyList<string> Houses => authors.Houses;

    /// <summary>When it was published, as written for readers: "March 4, 2026".</summary>
    public IReadOnlyList<string> Dates => dates;

    /// <summary>When it was last changed; in the contract's form.</summary>
    public string? Modified { get; private set; }

    public static PageFacts Of(IHtmlDocument document)
    {
        var facts = new PageFacts();
        facts.ReadMeta(document);
        facts.ReadData(document);
        facts.ReadMarkup(document);
        return facts;
    }

    /// <summary>What is known beside the page wins.</summary>
    public ArticleMetadata Beside(ArticleMetadata given) => given.Or(ArticleMetadata.None with
    {
        Url = url,
        Headline = headline,
        Bylines = authors.Persons.Count > 0 ? authors.Persons : null,
        Publisher = publisher,
        Published = published,
        Language = language,
        Section = section,
    });

    void ReadMeta(IHtmlDocument document)
    {
        foreach (var element in document.GetElementsByTagName("meta"))
        {
            var name = element.GetAttribute("property") ?? element.GetAttribute("name") ?? element.GetAttribute("itemprop");
            if (name is not { Length: > 0 and < LongestName } || Clean(element.GetAttribute("content")) is not { Length: > 0 } content)
                continue;
            meta.TryAdd(name, content);
            allMeta.Add(new(name, content));
        }

        foreach (var link in document.GetElementsByTagName("link"))
            if (url is null && string.Equals(link.GetAttribute("rel"), "canonical", StringComparison.OrdinalIgnoreCase) && IsAddress(link.GetAttribute("href")))
                url = link.GetAttribute("href")!.Trim();
        if (url is null && IsAddress(meta.GetValueOrDefault("og:url")))
            url = meta["og:url"];
        var declared = document.DocumentElement?.GetAttribute("lang") ?? meta.GetValueOrDefault("og:locale") ?? meta.GetValueOrDefault("language");
        if (declared is { Length: >= 2 } && char.IsAsciiLetter(declared[0]) && char.IsAsciiLetter(declared[1]) && (declared.Length == 2 || declared[2] is '-' or '_'))
            language = declared[..2].ToLowerInvariant();
        publisher = meta.GetValueOrDefault("og:site_name");
        section = meta.GetValueOrDefault("article:section");
        Title = Clean(document.Title);
    }

    void ReadData(IHtmlDocument document)
    {
        var parsed = new List<JsonDocument>();
        try
        {
            foreach (var script in document.GetElementsByTagName("script"))
                if (parsed.Count < MostScripts && script.GetAttribute("type") is { } type && type.Contains("ld+json", StringComparison.OrdinalIgnoreCase) && Parsed(script.TextContent) is { } json)
                    parsed.Add(json);
            foreach (var json in parsed)
                Readable(json, Describe);
            foreach (var json in parsed)
                Readable(json, ReadItem);
        }
        finally
        {
            parsed.ForEach(p => p.Dispose());
        }
    }

    /// <summary>Reads as much of one script as is text: half of a surrogate pair, escaped, ends it, and no other.</summary>
    static void Readable(JsonDocument json, Action<JsonElement> read)
    {
        try
        {
            read(json.RootElement);
        }
        catch (InvalidOperationException)
        {
            // What was read of it until then stays.
        }
    }

    /// <summary>Null for what is none: what a page writes for machines is evidence, and a page without it is read all the same.</summary>
    static JsonDocument? Parsed(string data)
    {
        if (data.Length > LongestData)
            return null;
        try
        {
            return JsonDocument.Parse(Mended(data), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = DeepestData });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Keeps the persons and houses that have an id and a name.</summary>
    void Describe(JsonElement item)
    {
        if (item.ValueKind == JsonValueKind.Array)
        {
            foreach (var each in item.EnumerateArray())
                Describe(each);
        }
        else if (item.ValueKind == JsonValueKind.Object)
        {
            if (item.TryGetProperty("@id", out var id) && id.ValueKind == JsonValueKind.String && item.TryGetProperty("name", out _))
                described.TryAdd(id.GetString()!, item);
            if (item.TryGetProperty("@graph", out var graph))
                Describe(graph);
        }
    }

    /// <summary>Line breaks inside strings are a fault that many pages have.</summary>
    static string Mended(string data)
    {
        var mended = new StringBuilder(data.Length);
        foreach (var c in data)
            mended.Append(char.IsControl(c) ? ' ' : c);
        return mended.ToString().Trim().Trim(';');
    }

    void ReadItem(JsonElement item)
    {
        if (item.ValueKind == JsonValueKind.Array)
        {
            foreach (var each in item.EnumerateArray())
                ReadItem(each);
            return;
        }

        if (item.ValueKind != JsonValueKind.Object)
            return;
        if (item.TryGetProperty("@graph", out var graph))
            ReadItem(graph);
        if (item.TryGetProperty("mainEntity", out var entity))
            ReadItem(entity);
        if (!TypesOf(item).Any(IsArticle))
        {
            if (TypesOf(item).Any(t => t.EndsWith("Page", StringComparison.Ordinal)))
                pagePublished ??= Date(Text(item, "datePublished"));
            return;
        }

        headline ??= Text(item, "headline") ?? Text(item, "name");
        published ??= Date(Text(item, "datePublished")) ?? Date(Text(item, "dateCreated"));
        Modified ??= Date(Text(item, "dateModified"));
        section ??= Text(item, "articleSection");
        if (item.TryGetProperty("publisher", out var house))
            publisher ??= NamesOf(house).FirstOrDefault();
        if (authors.Persons.Count == 0 && item.TryGetProperty("author", out var people))
            foreach (var name in NamesOf(people))
                authors.Add(Clean(name));
        if (Text(item, "articleBody") is { } body && body.Length > (Body?.Length ?? 0))
            Body = body;
        if (item.TryGetProperty("isAccessibleForFree", out var free))
            IsPaywalled |= free.ValueKind == JsonValueKind.False || free.ValueKind == JsonValueKind.String && string.Equals(free.GetString(), "false", StringComparison.OrdinalIgnoreCase);
    }

    static IEnumerable<string> TypesOf(JsonElement item)
    {
        if (!item.TryGetProperty("@type", out var type))
            return [];
        return type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Where(t => t.ValueKind == JsonValueKind.String).Select(t => t.GetString()!)
            : type.ValueKind == JsonValueKind.String ? [type.GetString()!] : [];
    }

    static bool IsArticle(string type) =>
        type.EndsWith("Article", StringComparison.Ordinal) || type.EndsWith("Posting", StringComparison.Ordinal) && type != "JobPosting" || type is "Report" or "Review" or "AnalysisNewsArticle";

    IEnumerable<string> NamesOf(JsonElement people)
    {
        switch (people.ValueKind)
        {
            case JsonValueKind.String:
                yield return people.GetString()!;
                break;
            case JsonValueKind.Array:
                foreach (var person in people.EnumerateArray())
                    foreach (var name in NamesOf(person))
                        yield return name;
                break;
            case JsonValueKind.Object when people.TryGetProperty("name", out var own) && own.ValueKind is JsonValueKind.String or JsonValueKind.Array:
                foreach (var name in NamesOf(own))
                    yield return name;
                break;
            case JsonValueKind.Object when people.TryGetProperty("@id", out var id) && id.ValueKind == JsonValueKind.String && described.TryGetValue(id.GetString()!, out var elsewhere):
                if (elsewhere.GetProperty("name").ValueKind == JsonValueKind.String)
                    yield return elsewhere.GetProperty("name").GetString()!;
                break;
        }
    }

    void ReadMarkup(IHtmlDocument document)
    {
        foreach (var source in AuthorNames)
            if (authors.Persons.Count == 0)
                foreach (var (name, value) in allMeta)
                    if (name.Equals(source, StringComparison.OrdinalIgnoreCase))
                        authors.Add(value);
        // Blogs tell networks who wrote an article, under a label in their language; shops tell a price there.
        if (authors.Persons.Count == 0 && meta.ContainsKey("twitter:label1") && meta.TryGetValue("twitter:data1", out var said) && !said.Any(char.IsDigit))
            authors.Add(said);
        authors.Settle(publisher, meta.GetValueOrDefault("og:site_name"));
        foreach (var name in DateNames)
            TakeDate(meta.GetValueOrDefault(name));
        foreach (var (name, value) in allMeta)
            if (TellsOfDate(name, "publ", "pubdate", "post", "creat", "issu", "release") || name.Equals("date", StringComparison.OrdinalIgnoreCase) || name.StartsWith("dc.date", StringComparison.OrdinalIgnoreCase))
                TakeDate(value);
            else if (TellsOfDate(name, "modif", "updat", "revis", "last"))
                Modified ??= Date(value);
        published ??= pagePublished;
        headline = HeadlineOf(document);
    }

    static bool TellsOfDate(string name, params ReadOnlySpan<string> stems)
    {
        if (!name.Contains("date", StringComparison.OrdinalIgnoreCase) && !name.Contains("time", StringComparison.OrdinalIgnoreCase))
            return false;
        foreach (var stem in stems)
            if (name.Contains(stem, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    void TakeDate(string? given)
    {
        if (given is null || published is not null)
            return;
        published = Date(given);
        if (published is null)
            dates.Add(given);
    }

    /// <summary>What the page shows as its headline, where its title or its data say the same; otherwise what they say.</summary>
    string? HeadlineOf(IHtmlDocument document)
    {
        const int MostHeadings = 8;
        string?[] said = [headline, meta.GetValueOrDefault("og:title"), meta.GetValueOrDefault("twitter:title"), Title];
        var shown = document.GetElementsByTagName("h1").Take(MostHeadings).Where(h => !LeadsHome(h)).Select(h => Clean(Shown(h))).Where(h => h is { Length: > 0 } && !IsSite(h)).ToArray();
        foreach (var one in said)
            foreach (var heading in shown)
                if (one is not null && heading!.Length >= 8 && (one.Contains(heading, StringComparison.OrdinalIgnoreCase) || heading.Contains(one, StringComparison.OrdinalIgnoreCase)))
                    return heading;
        if (shown.Length == 1 && shown[0]!.Split(' ').Length >= 4)
            return shown[0];
        return headline ?? ((said[1] ?? said[2] ?? Title) is { } title ? WithoutSite(title) : null);
    }

    /// <summary>Its text, with a blank for a line break.</summary>
    static string Shown(IElement heading) =>
        string.Concat(heading.Descendants().Select(n => n is IText text ? text.Data : n is IElement { LocalName: "br" } ? " " : ""));

    /// <summary>A heading that is a link to the site's first page, and so its name.</summary>
    static bool LeadsHome(IElement heading)
    {
        var link = heading.QuerySelector("a[href]") ?? (heading.ParentElement is { LocalName: "a" } around ? around : null);
        var address = link?.GetAttribute("href")?.Trim();
        return address is "/" or "./" or "../" or "#" or "index.html" or "/index.html"
            || Uri.TryCreate(address, UriKind.Absolute, out var whole) && whole.Scheme is "http" or "https" && whole.PathAndQuery == "/";
    }

    /// <summary>A heading that is the name of the site: the first on every page of some.</summary>
    bool IsSite(string heading)
    {
        if (string.Equals(heading, publisher, StringComparison.OrdinalIgnoreCase))
            return true;
        foreach (var sign in SiteSigns)
            if (Title is { } title && title.EndsWith(sign + heading, StringComparison.OrdinalIgnoreCase) && title.Length > 2 * heading.Length)
                return true;
        return false;
    }

    /// <summary>"Harbour opens again | The Sentinel": the shorter end goes.</summary>
    string WithoutSite(string title)
    {
        if (publisher is { Length: > 2 } site)
            foreach (var sign in SiteSigns)
                if (title.EndsWith(sign + site, StringComparison.OrdinalIgnoreCase))
                    return title[..^(sign.Length + site.Length)].Trim();
        foreach (var sign in SiteSigns)
            if (title.LastIndexOf(sign, StringComparison.Ordinal) is var at and > 0 && title.Length - at < title.Length / 2 && at >= 15)
                return title[..at].Trim();
        return title;
    }

    static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value)
            ? value.ValueKind switch
            {
                JsonValueKind.String => Clean(value.GetString()),
                JsonValueKind.Array when value.GetArrayLength() > 0 && value[0].ValueKind == JsonValueKind.String => Clean(value[0].GetString()),
                _ => null,
            }
            : null;

    static string? Date(string? given) => string.IsNullOrWhiteSpace(given) ? null : RecordDate.Read(given);

    static bool IsAddress(string? given) => given is { Length: > 10 } && Uri.TryCreate(given.Trim(), UriKind.Absolute, out var address) && address.Scheme is "http" or "https";

    /// <summary>Entities undone once more, as many pages escape twice, and blanks single.</summary>
    static string? Clean(string? given)
    {
        if (string.IsNullOrWhiteSpace(given))
            return null;
        var decoded = given.Contains('&') ? WebUtility.HtmlDecode(given) : given;
        return Chars.OneLine(decoded);
    }
}
