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
    const int MostScripts = 20, LongestData = 1 << 20, MostNames = 20, LongestName = 80, DeepestData = 64;

    static readonly string[] DateNames =
    [
        "article:published_time", "og:article:published_time", "article:published", "datepublished", "date", "dc.date", "dc.date.issued", "dcterms.created", "dcterms.date", "dc.date.created", "parsely-pub-date",
        "sailthru.date", "pubdate", "publishdate", "publish-date", "publication_date", "published_time", "cxenseparse:recs:publishtime", "last-modified-original", "originalpublicationdate", "article.published",
        "bt:pubdate", "pubyear",
    ];

    static readonly string[] AuthorNames = ["author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "byl", "cxenseparse:author", "article:author_name", "citation_author"];

    readonly Dictionary<string, string> meta = new(StringComparer.OrdinalIgnoreCase);
    readonly List<string> authors = [];
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
        Bylines = authors.Count > 0 ? authors : null,
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
            if (name is { Length: > 0 and < LongestName } && Clean(element.GetAttribute("content")) is { Length: > 0 } content)
                meta.TryAdd(name, content);
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
        var read = 0;
        foreach (var script in document.GetElementsByTagName("script"))
        {
            if (script.GetAttribute("type") is not { } type || !type.Contains("ld+json", StringComparison.OrdinalIgnoreCase) || ++read > MostScripts)
                continue;
            var data = script.TextContent;
            if (data.Length > LongestData)
                continue;
            try
            {
                using var json = JsonDocument.Parse(Mended(data),
                    new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = DeepestData });
                ReadItem(json.RootElement);
            }
            catch (JsonException)
            {
                // What a page writes for machines is evidence; a page with none is read all the same.
            }
            catch (InvalidOperationException)
            {
                // Half of a surrogate pair, escaped.
            }
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
        section ??= Text(item, "articleSection");
        if (item.TryGetProperty("publisher", out var house))
            publisher ??= NamesOf(house).FirstOrDefault();
        if (authors.Count == 0 && item.TryGetProperty("author", out var people))
            foreach (var name in NamesOf(people))
                AddAuthor(name);
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

    static IEnumerable<string> NamesOf(JsonElement people)
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
            case JsonValueKind.Object when people.TryGetProperty("name", out var own):
                foreach (var name in NamesOf(own))
                    yield return name;
                break;
        }
    }

    void ReadMarkup(IHtmlDocument document)
    {
        if (authors.Count == 0)
            foreach (var name in AuthorNames)
                if (meta.TryGetValue(name, out var value))
                {
                    foreach (var one in value.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                        AddAuthor(one);
                    if (authors.Count > 0)
                        break;
                }

        foreach (var name in DateNames)
            published ??= Date(meta.GetValueOrDefault(name));
        published ??= pagePublished;
        if (published is null || authors.Count == 0)
            ReadProperties(document);
        headline = HeadlineOf(document);
    }

    /// <summary>Microdata, and the elements that say a time.</summary>
    void ReadProperties(IHtmlDocument document)
    {
        var named = authors.Count > 0;
        string? firstTime = null;
        foreach (var element in document.All)
        {
            var property = element.GetAttribute("itemprop");
            if (property is not null && property.Contains("datePublished", StringComparison.OrdinalIgnoreCase))
                published ??= Date(element.GetAttribute("content") ?? element.GetAttribute("datetime") ?? element.TextContent);
            if (element.LocalName == "time" && firstTime is null)
                firstTime = Date(element.GetAttribute("datetime"));
            if (!named && (property == "author" || string.Equals(element.GetAttribute("rel"), "author", StringComparison.OrdinalIgnoreCase)) && authors.Count < 3)
                AddAuthor(element.GetAttribute("content") ?? element.TextContent);
        }

        published ??= firstTime;
    }

    /// <summary>What the page shows as its headline, where its title or its data say the same; otherwise what they say.</summary>
    string? HeadlineOf(IHtmlDocument document)
    {
        const int MostHeadings = 8;
        string?[] said = [headline, meta.GetValueOrDefault("og:title"), meta.GetValueOrDefault("twitter:title"), Title];
        var shown = document.GetElementsByTagName("h1").Take(MostHeadings).Select(h => Clean(h.TextContent)).Where(h => h is { Length: > 0 }).ToArray();
        foreach (var one in said)
            foreach (var heading in shown)
                if (one is not null && heading!.Length >= 8 && (one.Contains(heading, StringComparison.OrdinalIgnoreCase) || heading.Contains(one, StringComparison.OrdinalIgnoreCase)))
                    return heading;
        if (shown.Length == 1 && shown[0]!.Split(' ').Length >= 4)
            return shown[0];
        return headline ?? ((said[1] ?? said[2] ?? Title) is { } title ? WithoutSite(title) : null);
    }

    /// <summary>"Harbour opens again | The Sentinel": the shorter end goes.</summary>
    string WithoutSite(string title)
    {
        if (publisher is { Length: > 2 } site)
            foreach (var sign in (string[])[" | ", " - ", " – ", " — ", " :: ", " · ", " » "])
                if (title.EndsWith(sign + site, StringComparison.OrdinalIgnoreCase))
                    return title[..^(sign.Length + site.Length)].Trim();
        foreach (var sign in (string[])[" | ", " – ", " — ", " :: ", " · ", " » ", " - "])
            if (title.LastIndexOf(sign, StringComparison.Ordinal) is var at and > 0 && title.Length - at < title.Length / 2 && at >= 15)
                return title[..at].Trim();
        return title;
    }

    void AddAuthor(string? given)
    {
        var name = Clean(given);
        if (name is not { Length: > 2 and < LongestName } || name.Contains("://", StringComparison.Ordinal) || name.Contains('@') || authors.Count >= MostNames)
            return;
        foreach (var opening in (string[])["By ", "by ", "BY ", "Von ", "von ", "Par ", "Por "])
            if (name.StartsWith(opening, StringComparison.Ordinal))
                name = name[opening.Length..].Trim();
        // Houses have such words in their names too: only what may be a person's name is one.
        var parts = name.Split([", and ", " and ", " und ", " & ", " et "], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var part in Array.TrueForAll(parts, p => p.Split(' ').Length is 2 or 3) ? parts : [name.Trim(' ', ',')])
            if (!authors.Contains(part, StringComparer.OrdinalIgnoreCase))
                authors.Add(part);
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
