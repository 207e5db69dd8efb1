using System.Text.Json;
using System.Text.Json.Nodes;
using Ingest.Core.Articles;

namespace Ingest.Service.Outcomes;

/// <summary>IPTC ninjs 3.1.</summary>
static class Ninjs
{
    static readonly JsonSerializerOptions Json = new() { Encoder = ReadableJson.Encoder };

    /// <summary>An item on one line.</summary>
    public static string Line(string id, Article article, IReadOnlyList<Block> blocks) =>
        ReadableJson.Escaped(Of(id, article, blocks).ToJsonString(Json));

    public static JsonObject Of(string id, Article article, IReadOnlyList<Block> blocks)
    {
        var uri = NinjsUri(id);
        var item = new JsonObject
        {
            ["standard"] = new JsonObject
            {
                ["name"] = "ninjs",
                ["version"] = "3.1",
                ["schema"] = "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#",
            },
            ["uri"] = uri,
            ["type"] = "text",
            ["profile"] = OutcomeMapper.Profile(article),
            ["pubStatus"] = OutcomeMapper.PubStatus(article),
            ["representationType"] = OutcomeMapper.RepresentationType(article),
        };
        Set(item, "language", article.Language);
        Set(item, "version", article.Version);
        Set(item, "versionCreated", DateTimeOf(article.Published));
        Set(item, "embargoedUntil", DateTimeOf(article.Embargo));
        if (article.Urgency is { } urgency)
            item["urgency"] = urgency;
        Set(item, "slugline", article.Slugline);
        Set(item, "located", article.Dateline);
        Set(item, "by", string.Join(", ", article.Bylines.Select(b => b.Organization is null ? b.Name : $"{b.Name} ({b.Organization})")));
        Set(item, "copyrightNotice", article.CopyrightNotice);
        Set(item, "usageTerms", article.UsageTerms);
        var notes = article.Correction is null
            ? article.EditorNotes
            : article.EditorNotes.Prepend(article.Correction).Distinct(StringComparer.Ordinal);
        Set(item, "edNote", string.Join('\n', notes));
        Set(item, "headlines", article.Headline is null ? [] : [Text("main", article.Headline)]);
        Set(item, "bodies", Bodies(article, blocks));
        Set(item, "people", [.. article.Bylines.Select(b => new JsonObject { ["name"] = b.Name, ["rel"] = "author" })]);
        Set(item, "infoSources", [.. Sources(article).Select(s => new JsonObject { ["name"] = s.Name, ["role"] = s.Role })]);
        Set(item, "subjects", [.. Subjects(article)]);
        Set(item, "altIds", [.. AltIds(id, article).Select(a => new JsonObject { ["role"] = a.Role, ["value"] = a.Value })]);
        Set(item, "associations", [.. Associations(uri, article)]);
        return item;
    }

    /// <summary>The body in its two forms: XHTML, which tells subheads and lists from paragraphs, and plain text.</summary>
    static JsonArray Bodies(Article article, IReadOnlyList<Block> blocks)
    {
        if (article.Body.Count == 0)
            return [];
        var plain = string.Join("\n\n", article.Body);
        return
        [
            Body("application/xhtml+xml", Xhtml.Of(article, blocks), plain),
            Body("text/plain", plain, plain),
        ];
    }

    static JsonObject Body(string contentType, string value, string plain) => new()
    {
        ["role"] = "main",
        ["contentType"] = contentType,
        ["charCount"] = plain.EnumerateRunes().Count(r => r.Value != '\n'),
        ["wordCount"] = plain.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length,
        ["value"] = value,
    };

    static JsonObject Text(string role, string value) => new() { ["role"] = role, ["contentType"] = "text/plain", ["value"] = value };

    static IEnumerable<(string Name, string Role)> Sources(Article article)
    {
        if (article.Agency is not null)
            yield return (article.Agency, "agency");
        if (article.Publisher is not null)
            yield return (article.Publisher, "publisher");
    }

    static IEnumerable<JsonObject> Subjects(Article article)
    {
        if (article.Section is not null)
            yield return new JsonObject { ["name"] = article.Section, ["rel"] = "section" };
        foreach (var tag in article.Tags)
            yield return new JsonObject { ["name"] = tag };
    }

    static IEnumerable<(string Role, string Value)> AltIds(string id, Article article)
    {
        yield return ("id", id);
        if (article.Url is not null)
            yield return ("url", article.Url);
    }

    /// <summary>
    /// Pictures by their captions, embedded posts, and the articles that were pointed to. ninjs wants a name and a URI for each.
    /// </summary>
    static IEnumerable<JsonObject> Associations(string uri, Article article)
    {
        JsonObject Associated(string rel, string kind, int number, string type) => new()
        {
            ["name"] = $"{kind}-{number}",
            ["rel"] = rel,
            ["uri"] = $"{uri}#{kind}-{number}",
            ["type"] = type,
        };
        for (var i = 0; i < article.Media.Count; i++)
        {
            var picture = Associated("picture", "picture", i + 1, "picture");
            Set(picture, "by", article.Media[i].Credit);
            Set(picture, "descriptions", article.Media[i].Caption.Length == 0 ? [] : [Text("caption", article.Media[i].Caption)]);
            yield return picture;
        }

        for (var i = 0; i < article.Embeds.Count; i++)
        {
            var embed = article.Embeds[i];
            var post = Associated("embed", "embed", i + 1, "text");
            Set(post, "by", string.Join(" ", new[] { embed.Author, embed.Handle }.OfType<string>()));
            Set(post, "versionCreated", DateTimeOf(embed.Date));
            Set(post, "infoSources", [new JsonObject { ["name"] = embed.Platform, ["role"] = "platform" }]);
            Set(post, "bodies", [new JsonObject { ["contentType"] = "text/plain", ["value"] = embed.Text }]);
            yield return post;
        }

        for (var i = 0; i < article.RelatedLinks.Count; i++)
        {
            var link = Associated("related", "related", i + 1, "text");
            link["title"] = article.RelatedLinks[i];
            yield return link;
        }
    }

    /// <summary>An id that is a URI is the URI; any other is put into one of our own.</summary>
    static string NinjsUri(string id) =>
        (id.Contains("://", StringComparison.Ordinal) || id.StartsWith("urn:", StringComparison.Ordinal)
            || id.StartsWith("tag:", StringComparison.Ordinal))
        && Uri.IsWellFormedUriString(id, UriKind.Absolute) && !id.Contains('#')
            ? id
            : "urn:ingest:article:" + Uri.EscapeDataString(id);

    /// <summary>
    /// ninjs knows no date without a time: one is the start of that day in UTC. A year or a month alone says too little for that.
    /// </summary>
    static string? DateTimeOf(string? published) =>
        published is { Length: 10 } ? published + "T00:00:00Z" : Moments.Of(published)?.ToString("yyyy-MM-dd'T'HH:mm:sszzz");

    static void Set(JsonObject item, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            item[name] = value;
    }

    static void Set(JsonObject item, string name, JsonArray values)
    {
        if (values.Count > 0)
            item[name] = values;
    }
}
