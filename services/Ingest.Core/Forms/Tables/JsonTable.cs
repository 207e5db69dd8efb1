using System.Text.Json;
using Ingest.Core.Articles;
using Ingest.Core.Forms.Text;

namespace Ingest.Core.Forms.Tables;

/// <summary>
/// JSON with records: a list alone, an object with a list of "articles" as the interfaces of news sites give it, or objects one behind the other. Records
/// of ours go on as they are; of those that others made, such as WordPress's posts, the fields are known by their names. To be asked behind
/// all other forms of JSON.
/// </summary>
internal static class JsonTable
{
    /// <summary>The members that hold the list.</summary>
    static readonly string[] Lists = ["articles", "results", "posts", "items", "records", "docs", "data", "entries", "stories", "news", "response", "hits"];

    /// <summary>What a record says itself wins over what stands within it, but for a summary: that is worse than a text.</summary>
    const int InsideRank = ColumnNames.FirstSummary / 2;

    /// <summary>Members of a record that hold further ones.</summary>
    static readonly string[] Insides = ["fields", "_source", "attributes", "_embedded", "yoast_head_json"];

    /// <summary>Whether a file is a list of objects, an object with such a list, or begins with a record that others made.</summary>
    public static bool Recognises(InputStart start)
    {
        var json = JsonParts.Utf8(start.Beginning);
        json = json[JsonParts.Begin(json.Span)..];
        return List(json) is { Length: > 0 } || IsForeign(json);
    }

    /// <summary>Whether a file may be records whose members others name: asked only where their names are given.</summary>
    public static bool MayBeRecords(InputStart start) =>
        JsonParts.Utf8(start.Beginning) is var json && JsonParts.Begin(json.Span) is var begin && begin < json.Length && json.Span[begin] == (byte)'{';

    /// <summary>The records of a list as articles.</summary>
    public static IEnumerable<RawArticle> Read(Stream content, RawArticle file, InputLimits limits)
    {
        if (BoundedReader.ReadAll(content, limits.MaxFile) is not { } bytes)
        {
            yield return file with { OverLimit = limits.MaxFile };
            yield break;
        }

        var json = JsonParts.Utf8(bytes);
        json = json[JsonParts.Begin(json.Span)..];
        var number = 0;
        // What begins otherwise than an object is one thing, and no record.
        foreach (var element in List(json) is { Length: > 0 } list ? JsonParts.Elements(list) : json.Span is [(byte)'{', ..] ? JsonParts.Sequence(json) : [json])
            yield return Article(element, file, ++number, limits);
    }

    /// <summary>Whether an object, which may be cut, has a text under another name than ours.</summary>
    static bool IsForeign(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty || json.Span[0] != (byte)'{')
            return false;
        var members = JsonParts.Members(json).ToList();
        if (members.Exists(m => JsonText.IsExtended(m.Value.Span)) && members.Exists(m => ColumnNames.Of(m.Name) is { Field: "text" }))
            return true;
        var names = members.ConvertAll(m => m.Name);
        return !names.Contains("text") && names.Exists(n => ColumnNames.Of(n) is { Field: "text", Rank: < ColumnNames.FirstSummary })
            && names.Exists(n => ColumnNames.Of(n) is { Field: "headline" or "url" or "published" });
    }

    /// <summary>The list of objects in a value, which may be cut; empty where there is none.</summary>
    static ReadOnlyMemory<byte> List(ReadOnlyMemory<byte> json, int depth = 0)
    {
        if (json.IsEmpty)
            return default;
        if (json.Span[0] == (byte)'[')
            return JsonParts.Begin(json.Span[1..]) is var first && first + 1 < json.Length && json.Span[first + 1] == (byte)'{' ? json : default;
        if (json.Span[0] != (byte)'{' || depth > 1)
            return default;
        foreach (var (name, value) in JsonParts.Members(json))
            if (name == "text")
                return default;
            else if (Array.IndexOf(Lists, name) >= 0 && List(value, depth + 1) is { Length: > 0 } list)
                return list;
        return default;
    }

    static RawArticle Article(ReadOnlyMemory<byte> element, RawArticle file, int number, InputLimits limits)
    {
        using var parsed = JsonParts.Parse(element, out var fault);
        if (parsed is not { RootElement: { ValueKind: JsonValueKind.Object } record })
            return FileEntry.Numbered(file, null, number) with { Refused = Rejection.MalformedRecord(parsed is null ? fault : "It is no JSON object.") };
        var row = Row(record, limits.Columns, out var isOurs);
        if (!isOurs)
            return row.Has("text") ? row.Entry(number).In(file, limits)
                : FileEntry.Numbered(file, null, number) with { Refused = Rejection.MalformedRecord("It has no \"text\".") };
        var isOver = element.Length > limits.MaxArticle;
        return FileEntry.Numbered(file, JsonText.Of(record, "id"), number) with
        {
            Form = ArticleForm.Record,
            // A copy, so that one article does not hold the file in memory.
            Content = isOver ? default : element.ToArray(),
            OverLimit = isOver ? limits.MaxArticle : null,
        };
    }

    /// <param name="isOurs">Whether the record has a text, and nothing that only another name or MongoDB's form of a value tells.</param>
    static TableRow Row(JsonElement record, ColumnMap columns, out bool isOurs)
    {
        var row = new TableRow();
        var names = record.EnumerateObject().Select(JsonText.NameOf).ToHashSet(StringComparer.Ordinal);
        Add(row, record, 0, columns);
        isOurs = JsonText.Member(record, "text").ValueKind == JsonValueKind.String && row.Columns.All(c => c.Column == c.Field || names.Contains(c.Field) && columns.FieldOf(c.Column) is null)
            && !record.EnumerateObject().Any(m => JsonText.IsExtended(m.Value));
        if (!isOurs)
            foreach (var inside in Insides)
                Add(row, JsonText.Member(record, inside), InsideRank, columns);
        return row;
    }

    static void Add(TableRow row, JsonElement record, int rank, ColumnMap columns)
    {
        if (record.ValueKind != JsonValueKind.Object)
            return;
        foreach (var member in record.EnumerateObject())
        {
            var name = JsonText.NameOf(member);
            if (Array.IndexOf(Insides, name) >= 0 || ColumnNames.Of(name, columns) is not { } meaning)
                continue;
            // Numbers of authors and sections in WordPress, for which it has no names here.
            var texts = JsonText.All(member.Value).Where(t => meaning.Field is "id" or "published" || !IsNumber(t));
            // A text may be a list of its paragraphs.
            foreach (var text in meaning.Field switch { "bylines" => texts, "text" => [string.Join("\n\n", texts)], _ => texts.Take(1) })
                row.Add(meaning.Field, rank + meaning.Rank, name, text);
        }
    }

    static bool IsNumber(string text) => !text.AsSpan().ContainsAnyExceptInRange('0', '9');
}
