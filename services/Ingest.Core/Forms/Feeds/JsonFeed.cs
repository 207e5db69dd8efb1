using Ingest.Core.Normalisation.Characters;
using System.Text.Json;
using Ingest.Core.Articles;
using Ingest.Core.Forms.Text;

namespace Ingest.Core.Forms.Feeds;

/// <summary>JSON Feed 1.0 and 1.1. Each item is an article.</summary>
internal static class JsonFeed
{
    const string Form = "a JSON feed";

    /// <summary>Whether a file is a JSON object whose version is an address of JSON Feed.</summary>
    public static bool Recognises(InputStart start)
    {
        var json = JsonParts.Utf8(start.Beginning);
        return Begins(json) && JsonParts.Members(json[JsonParts.Begin(json.Span)..])
            .Any(m => m.Name == "version" && m.Value.Span.IndexOf("jsonfeed.org/version"u8) >= 0
                || m.Name == "version" && m.Value.Span.IndexOf(@"jsonfeed.org\/version"u8) >= 0);
    }

    /// <summary>The items of a feed as articles: HTML where an item has it, else text.</summary>
    public static IEnumerable<RawArticle> Read(Stream content, RawArticle file, InputLimits limits)
    {
        if (BoundedReader.ReadAll(content, limits.MaxFile) is not { } bytes)
        {
            yield return file with { OverLimit = limits.MaxFile };
            yield break;
        }

        var json = JsonParts.Utf8(bytes);
        if (!Begins(json))
        {
            yield return file with { Refused = Rejection.Unreadable(Form, "It is no JSON object.") };
            yield break;
        }

        var (head, items) = Parts(json[JsonParts.Begin(json.Span)..]);
        var number = 0;
        foreach (var item in JsonParts.Elements(items))
        {
            number++;
            using var parsed = JsonParts.Parse(item, out var fault);
            yield return parsed is { RootElement.ValueKind: JsonValueKind.Object }
                ? Entry(head, parsed.RootElement, number).In(file, limits)
                : FileEntry.Numbered(file, null, number) with { Refused = Rejection.Unreadable("an item of " + Form, parsed is null ? fault : "It is no JSON object.") };
        }
    }

    static bool Begins(ReadOnlyMemory<byte> json) => JsonParts.Begin(json.Span) is var at && at < json.Length && json.Span[at] == (byte)'{';

    /// <summary>What is said of all items, and the list of them.</summary>
    static (Dictionary<string, JsonElement> Head, ReadOnlyMemory<byte> Items) Parts(ReadOnlyMemory<byte> feed)
    {
        var head = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        ReadOnlyMemory<byte> items = default;
        foreach (var (name, value) in JsonParts.Members(feed))
            if (name == "items" && value.Span[0] == (byte)'[')
                items = value;
            else if (JsonParts.Parse(value, out _) is { } parsed)
                using (parsed)
                    head[name] = parsed.RootElement.Clone();
        return (head, items);
    }

    static FileEntry Entry(Dictionary<string, JsonElement> head, JsonElement item, int number)
    {
        var html = JsonText.Of(item, "content_html");
        var body = html ?? JsonText.Of(item, "content_text") ?? JsonText.Of(item, "summary") ?? "";
        var home = JsonText.Of(head.GetValueOrDefault("home_page_url"));
        var link = JsonText.Of(item, "url") ?? JsonText.Of(item, "external_url");
        var said = new ArticleMetadata(
            Url: LooseWords.Address(link, home, JsonText.Of(head.GetValueOrDefault("feed_url"))),
            Feed: null,
            Headline: PlainText.Of(JsonText.Of(item, "title")),
            Bylines: Names(JsonText.Member(item, "authors")) ?? Names(JsonText.Member(item, "author"))
                ?? Names(head.GetValueOrDefault("authors")) ?? Names(head.GetValueOrDefault("author")),
            Agency: null,
            Publisher: Chars.OneLine(JsonText.Of(head.GetValueOrDefault("title"))),
            Dateline: null,
            Published: LooseDate.Read(JsonText.Of(item, "date_published")) ?? LooseDate.Read(JsonText.Of(item, "date_modified")),
            Received: null,
            Language: LooseWords.Language(JsonText.Of(item, "language")) ?? LooseWords.Language(JsonText.Of(head.GetValueOrDefault("language"))))
        {
            Section = Chars.OneLine(JsonText.All(JsonText.Member(item, "tags")).FirstOrDefault()),
        };
        return new FileEntry(JsonText.Of(item, "id") ?? link, number, body, html is not null, said);
    }

    static IReadOnlyList<string>? Names(JsonElement authors) => LooseWords.Names(JsonText.All(authors));
}
