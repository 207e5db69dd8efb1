using System.IO.Compression;
using System.Text.Json;

namespace Ingest.Accuracy.Cleaning;

/// <summary>One labelled article: its text dumps by name, and what is true of it.</summary>
/// <param name="Set">The set it belongs to.</param>
/// <param name="Site">Null where it is told from the text.</param>
/// <param name="Gold">The true body; null where only some segments are labelled.</param>
/// <param name="With">Segments of the body.</param>
/// <param name="Without">Segments that are none.</param>
sealed record LabelledArticle(
    string Set, string Id, string? Site, string Language, IReadOnlyDictionary<string, string> Dumps, string? Gold,
    IReadOnlyList<string> With, IReadOnlyList<string> Without)
{
    /// <summary>The page as HTML.</summary>
    public string? Html { get; init; }

    /// <summary>What is true of the article; null where the set does not say.</summary>
    public string? Headline { get; init; }

    /// <summary>Names as the page shows them, in one text.</summary>
    public string? Author { get; init; }

    /// <summary>The day.</summary>
    public string? Published { get; init; }
}

/// <summary>The labelled articles of the data beside the repository.</summary>
static class CleaningData
{
    public const string Article = "article";
    public const string Page = "page";

    /// <summary>The page itself, with its markup.</summary>
    public const string Html = "html";

    /// <summary>English articles of many sites with their bodies.</summary>
    public const string Wcxb = "wcxb";

    /// <summary>Articles of several languages by site, in the order of their days, with their bodies.</summary>
    public const string Sites = "sites";

    /// <summary>Pages of several languages, some segments of each labelled.</summary>
    public const string Segments = "segments";

    public static IReadOnlyList<string> DumpNames { get; } = [Article, Page];

    /// <param name="withPages">With the HTML of each.</param>
    public static IReadOnlyList<LabelledArticle> Read(bool withPages = false)
    {
        LabelledArticle[] articles = [.. Bodies(), .. OfSites(), .. OfSegments()];
        if (!withPages)
            return articles;
        var pages = new[] { "html/wcxb-html", "sites/sites-html", "html/segments-html" }.SelectMany(n => Records(n).Select(r => (Set: n.Split('/')[1].Split('-')[0], Id: Id(r), Html: Text(r, "html"))))
            .DistinctBy(r => (r.Set, r.Id)).ToDictionary(r => (r.Set, r.Id), r => r.Html);
        return [.. articles.Select(a => a with { Html = pages.GetValueOrDefault((a.Set, a.Id)) })];
    }

    public static IEnumerable<LabelledArticle> Bodies()
    {
        var gold = Records("cleaning/wcxb-gold");
        var dumps = DumpNames.ToDictionary(n => n, n => Records($"cleaning/wcxb-{n}").ToDictionary(Id, r => Text(r, "text")));
        return gold.OrderBy(Id, StringComparer.Ordinal).Select(g => new LabelledArticle(
            Wcxb, Id(g), null, "en", dumps.ToDictionary(d => d.Key, d => d.Value[Id(g)]), Text(g, "text"), [], [])
        {
            Headline = Optional(g, "headline"), Author = Optional(g, "author"), Published = Optional(g, "published"),
        });
    }

    static IEnumerable<LabelledArticle> OfSites()
    {
        var gold = Records("sites/sites-gold").ToDictionary(Id);
        var dumps = DumpNames.ToDictionary(n => n, n => Records($"sites/sites-{n}").ToDictionary(Id, r => Text(r, "text")));
        // The dumps are in the order of arrival.
        return Records("sites/sites-article").Select(Id).Select(id => new LabelledArticle(
            Sites, id, Text(gold[id], "site"), Text(gold[id], "lang"), dumps.ToDictionary(d => d.Key, d => d.Value[id]),
            Text(gold[id], "text"), [], []));
    }

    static IEnumerable<LabelledArticle> OfSegments()
    {
        var labels = Records("html/segments-html").ToDictionary(Id);
        return Records("html/segments-page").Select(page => new LabelledArticle(
            Segments, Id(page), Uri.TryCreate(Id(page), UriKind.Absolute, out var url) ? url.Host : Id(page), "several",
            new Dictionary<string, string> { [Page] = Text(page, "text") }, null,
            Strings(labels[Id(page)], "with"), Strings(labels[Id(page)], "without")));
    }

    static string Id(JsonElement record) => Text(record, "id");

    static string Text(JsonElement record, string field) => record.GetProperty(field).GetString()!;

    static string? Optional(JsonElement record, string field) =>
        record.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static string[] Strings(JsonElement record, string field) => [.. record.GetProperty(field).EnumerateArray().Select(s => s.GetString()!)];

    static List<JsonElement> Records(string name)
    {
        var records = new List<JsonElement>();
        using var reader = new StreamReader(
            new GZipStream(File.OpenRead(SharedData.Find(Path.Combine("data", name + ".jsonl.gz"))), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
            records.Add(JsonDocument.Parse(line).RootElement);
        return records;
    }
}
