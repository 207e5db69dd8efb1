using Ingest.Core.Normalisation.Characters;
using System.Text.Json;
using Ingest.Core.Articles;
using Ingest.Core.Forms.Text;

namespace Ingest.Core.Forms.Wires;

/// <summary>
/// ninjs 1.0 to 3.1: one object, an array of them, one on each line, or what an agency's interface answers with items in it. Members are found by
/// their names without capitals, underscores and hyphens, in which the versions differ.
/// </summary>
internal static class Ninjs
{
    const string Form = "a ninjs item";

    static readonly JsonReaderOptions Liberal = new()
    {
        AllowMultipleValues = true, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 64,
    };

    /// <summary>Members that hardly another form of news has, folded; and those that others may have.</summary>
    static readonly HashSet<string> Own = new(StringComparer.Ordinal)
    {
        "bodytext", "bodyxhtml", "bodyhtml", "bodyhtml5", "bodyrichhtml5", "bodies", "headlines", "versioncreated", "firstcreated", "contentcreated", "pubstatus",
        "usageterms", "copyrightholder", "copyrightnotice", "descriptiontext", "descriptionxhtml", "infosources", "representationtype", "embargoeduntil",
    }, Likely = new(StringComparer.Ordinal)
    {
        "uri", "guid", "headline", "byline", "by", "slugline", "urgency", "ednote", "embargoed", "associations", "renditions", "descriptions", "profile", "mimetype", "version", "located",
    };

    /// <summary>Points that tell, of which a member of the first kind has two. Behind a long text the others are out of sight.</summary>
    const int Telling = 3;

    /// <summary>Where 1.x and its dialects keep the text, the richest first. A sender may have names of its own behind "body".</summary>
    static readonly string[] Markup = ["bodyhtml5", "bodyxhtml", "bodyhtml", "bodyrichhtml5", "bodyrichtext", "bodynitf"], Plain = ["bodytext", "bodyplain", "bodymain"];

    /// <summary>Members of an answer in which its items stand.</summary>
    static readonly string[] Envelopes = ["data", "item", "_items"];

    /// <summary>Roles of a body that is not the whole story.</summary>
    static readonly string[] Partial = ["summary", "abstract", "teaser", "caption", "short", "brief", "lead", "push", "social", "note"];

    public static bool Recognises(InputStart start) => Objects(JsonParts.Utf8(start.Beginning).Span).Exists(AreTelling);

    /// <summary>Whether the names of an object's members are those of an item. A record of this program has a text.</summary>
    static bool AreTelling(HashSet<string> names) =>
        !names.Contains("text") && names.Any(Own.Contains) && 2 * names.Count(Own.Contains) + names.Count(Likely.Contains) >= Telling;

    public static IEnumerable<RawArticle> Read(Stream content, RawArticle file, InputLimits limits)
    {
        if (!BoundedReader.TryReadAll(content, limits.MaxFile, out var bytes))
        {
            yield return WireArticle.TooLarge(file, limits);
            yield break;
        }

        var items = new Items(JsonParts.Utf8(bytes));
        var number = 0;
        while (items.Next() is var (item, fault))
        {
            if (fault is not null)
            {
                yield return WireArticle.Refused(file, null, ++number, Rejection.Unreadable(Form, fault));
                yield break;
            }

            foreach (var members in Unpacked(item).Select(i => new Members(i)))
            {
                // A package may hold the texts that it puts together.
                List<Members> inside = members.Body is null ? [.. members.Associations.Where(a => a.Body is not null && !a.IsMedia)] : [];
                foreach (var one in inside.Count > 0 ? inside : [members])
                    yield return Article(one, file, ++number, limits);
            }
        }
    }

    /// <summary>The items of an answer; the object itself where it is none.</summary>
    static IEnumerable<JsonElement> Unpacked(JsonElement item, int depth = 0)
    {
        var isItem = AreTelling(item.EnumerateObject().Select(m => Folded(JsonText.NameOf(m))).ToHashSet(StringComparer.Ordinal));
        foreach (var name in isItem || depth == Envelopes.Length ? [] : Envelopes)
        {
            var value = JsonText.Member(item, name);
            List<JsonElement> inside = [.. (value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToArray() : [value]).Where(v => v.ValueKind == JsonValueKind.Object)];
            if (inside.Count > 0)
                return inside.SelectMany(i => Unpacked(i, depth + 1));
        }

        return [item];
    }

    static RawArticle Article(Members item, RawArticle file, int number, InputLimits limits)
    {
        var id = item.Line("uri") ?? item.Line("guid");
        var metadata = item.Metadata;
        if ((item.IsMedia ? null : (item.Body ?? item.Description).OrNotice(metadata)) is not { } body)
            return WireArticle.Refused(file, id, number, Rejection.Unreadable(Form,
                item.IsMedia ? $"It is a {item.Line("type")}, and holds no text."
                : item.HasRenditions ? "Its text is elsewhere: it names a file, and holds none." : "It holds no text."));
        var pictures = item.Associations.Where(a => a.IsMedia).Select(a => a.Picture).OfType<WireBody.Picture>();
        return WireArticle.Of(file, id, number, metadata, body.With(pictures), limits);
    }

    /// <summary>The folded names of the members of the first object, and of those that it is put around, as far as the beginning goes.</summary>
    static List<HashSet<string>> Objects(ReadOnlySpan<byte> beginning)
    {
        // The objects that are open, from the outermost; null for one that is no item.
        var open = new List<HashSet<string>?>();
        var found = new List<HashSet<string>>();
        var reader = new Utf8JsonReader(beginning, isFinalBlock: false, new JsonReaderState(Liberal));
        try
        {
            var name = "";
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject:
                        open.Add(open.Count == 0 || open[^1] is not null && Array.IndexOf(Envelopes, name) >= 0 ? [] : null);
                        if (open[^1] is { } names)
                            found.Add(names);
                        break;
                    case JsonTokenType.EndObject:
                        open.RemoveAt(open.Count - 1);
                        if (open.Count == 0)
                            return found;
                        break;
                    case JsonTokenType.PropertyName:
                        name = reader.GetString()!;
                        open[^1]?.Add(Folded(name));
                        break;
                    case JsonTokenType.StartArray when open.Count == 0 && reader.CurrentDepth > 0:
                        return found;
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // What was read before the damage tells enough, or nothing does.
        }

        return found;
    }

    static string Folded(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>The objects of a file, one after the other.</summary>
    sealed class Items(ReadOnlyMemory<byte> json)
    {
        JsonReaderState _state = new(Liberal);
        int _at;

        /// <summary>Null behind the last one.</summary>
        public (JsonElement Item, string? Fault)? Next()
        {
            var reader = new Utf8JsonReader(json.Span[_at..], isFinalBlock: true, _state);
            try
            {
                while (reader.Read())
                {
                    if (reader.TokenType != JsonTokenType.StartObject)
                        continue;
                    var item = JsonElement.ParseValue(ref reader);
                    _at += (int)reader.BytesConsumed;
                    _state = reader.CurrentState;
                    return (item, null);
                }

                return null;
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                return (default, $"It is damaged JSON: {e.Message}");
            }
        }
    }

    /// <summary>The members of one object.</summary>
    sealed class Members
    {
        readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);

        public Members(JsonElement item)
        {
            if (item.ValueKind == JsonValueKind.Object)
                foreach (var member in item.EnumerateObject())
                    _members.TryAdd(Folded(JsonText.NameOf(member)), member.Value);
        }

        public bool IsMedia => Line("type") is "picture" or "photo" or "image" or "graphic" or "video" or "audio" or "animated";

        public WireBody.Picture? Picture =>
            (Line("descriptiontext") ?? Bare(Line("descriptionxhtml")) ?? OfRole("descriptions", "caption") ?? Line("bodytext") ?? Line("caption")) is { } caption
                ? new WireBody.Picture(caption, Line("byline") ?? Line("by") ?? Line("creditline")) : null;

        /// <summary>Objects that belong to this one: a list of them in 2.0 and later, named ones before.</summary>
        public IEnumerable<Members> Associations => Values("associations").Select(a => new Members(a)).Where(a => a._members.Count > 0);

        public bool HasRenditions => Values("renditions").Any();

        /// <summary>Of a picture, the texts are its caption.</summary>
        public WireBody? Body
        {
            get
            {
                var html = First(Markup);
                if (html is not null || First(Plain) is not { } plain)
                    return WireBody.Of(html ?? BestOf("bodies"), Headline);
                return WireBody.Of(plain);
            }
        }

        /// <summary>The text of an item that has no other.</summary>
        public WireBody? Description => WireBody.Of(Text("descriptiontext") ?? BestOf("descriptions"), Headline);

        string? Headline => Line("headline") ?? OfRole("headlines", "main") ?? Line("headlinemain");

        string? First(string[] names) => names.Select(Text).FirstOrDefault(t => !string.IsNullOrWhiteSpace(t));

        public ArticleMetadata Metadata => ArticleMetadata.None with
        {
            Url = Line("url") ?? Line("weburl"),
            Headline = Bare(Headline ?? Line("title")),
            Bylines = WireText.Names(Line("byline") is { } line ? [line] : Line("by") is { } by ? [by]
                : [.. Names("bylines"), .. Names("authors"), .. Names("people", rel => rel is "author" or "creator")]),
            Agency = Line("source") ?? Line("creditline") ?? Names("infosources", role => role != "publisher").FirstOrDefault() ?? Names("infosource").FirstOrDefault()
                ?? Line("provider") ?? Line("copyrightholder"),
            Publisher = Line("publisher") ?? Names("infosources", role => role == "publisher").FirstOrDefault(),
            Dateline = WireText.City(Line("dateline") ?? Line("located") ?? Names("located").FirstOrDefault() ?? Names("dateline").FirstOrDefault()),
            Published = WireText.Instant(Line("firstcreated")) ?? WireText.Instant(Line("contentcreated")) ?? WireText.Instant(Line("versioncreated")),
            Language = LooseWords.Language(Line("language")),
            Section = Names("service").FirstOrDefault() ?? Line("section") ?? Line("sector") ?? Names("subject").FirstOrDefault() ?? Names("subjects").FirstOrDefault(),
            Slugline = Line("slugline") ?? Line("slug"),
            Version = Line("version"),
            Status = Line("pubstatus")?.ToLowerInvariant(),
            Urgency = WireText.Urgency(Line("urgency")),
            Embargo = WireText.Instant(Line("embargoed") ?? Line("embargoeduntil")),
            UsageTerms = Line("usageterms"),
            Copyright = Line("copyrightnotice") ?? Line("copyrightholder"),
        };

        /// <summary>A text or a number, on one line.</summary>
        public string? Line(string name) => Chars.OneLine(Text(name));

        string? Text(string name) => _members.TryGetValue(name, out var value) ? JsonText.Plain(value) : null;

        /// <summary>The parts of an array or of an object whose members have names of their own; one value where it is neither.</summary>
        IEnumerable<JsonElement> Values(string name) => !_members.TryGetValue(name, out var value) ? []
            : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray()
            : value.ValueKind == JsonValueKind.Object && name == "associations" ? value.EnumerateObject().Select(m => m.Value)
            : [value];

        /// <summary>The names in a list of persons, subjects or sources.</summary>
        IEnumerable<string> Names(string name, Func<string?, bool>? isWanted = null) =>
            from value in Values(name)
            let part = new Members(value)
            where isWanted is null || isWanted(WireText.Code(part.Line("role") ?? part.Line("rel"))?.ToLowerInvariant())
            let line = JsonText.Plain(value) ?? part.Line("name") ?? part.Line("byline") ?? part.Line("city") ?? part.Line("literal") ?? part.Line("text")
            where line is not null
            select line;

        /// <summary>The value with this role in a list, or else without any, or else the first.</summary>
        string? OfRole(string list, string role)
        {
            var all = Values(list).Select(v => new Members(v)).Where(m => m.Line("value") is not null).ToList();
            return (all.Find(m => WireText.Code(m.Line("role")) == role) ?? all.Find(m => m.Line("role") is null) ?? all.FirstOrDefault())?.Line("value");
        }

        /// <summary>Of several texts, the whole story before a summary of it, and markup before plain text.</summary>
        string? BestOf(string list) => Values(list).Select(v => new Members(v)).Where(m => m.Line("value") is not null)
            .OrderBy(m => WireText.Code(m.Line("role")) is { } role && Array.Exists(Partial, p => role.Contains(p, StringComparison.OrdinalIgnoreCase)) ? 1 : 0)
            .ThenBy(m => (m.Line("contenttype") ?? "").Contains("ml", StringComparison.OrdinalIgnoreCase) ? 0 : 1)
            .FirstOrDefault()?.Text("value");

        /// <summary>A line without the tags that a caption or a headline may have.</summary>
        static string? Bare(string? line) =>
            line?.Contains('<', StringComparison.Ordinal) == true && WireXml.Fragment(line) is { } read ? read.Line() : line;
    }
}
