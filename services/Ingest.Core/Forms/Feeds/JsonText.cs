using System.Text.Json;
using Ingest.Core.Normalisation.Reading;

namespace Ingest.Core.Forms.Feeds;

/// <summary>The texts in JSON that others wrote: a string, or whatever they have put in its place.</summary>
static class JsonText
{
    /// <summary>Members that hold the text of an object which stands where a text does: a name, or WordPress's title.</summary>
    static readonly string[] Inner = ["rendered", "name", "title", "text", "html", "content", "value", "#text", "main", "original"];

    /// <summary>The member of this name, in any letters; undefined where there is none.</summary>
    public static JsonElement Member(JsonElement of, string name)
    {
        if (of.ValueKind != JsonValueKind.Object)
            return default;
        foreach (var member in of.EnumerateObject())
            if (NameOf(member).Equals(name, StringComparison.OrdinalIgnoreCase))
                return member.Value;
        return default;
    }

    /// <summary>A name; empty for one that is no text, because half of a surrogate pair is escaped in it.</summary>
    public static string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    /// <summary>The text of a member that is not blank; null where there is none.</summary>
    public static string? Of(JsonElement item, string name) => Of(Member(item, name));

    /// <summary>The text of a string or a number, or of what holds one; null where it is blank, and where there is none.</summary>
    public static string? Of(JsonElement value) => All(value).FirstOrDefault();

    /// <summary>The texts of a list, or of what stands in its place.</summary>
    public static IEnumerable<string> All(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return Text(value) is { } text && !string.IsNullOrWhiteSpace(text) ? [text] : [];
            case JsonValueKind.Number:
                return [value.GetRawText()];
            case JsonValueKind.Array:
                return value.EnumerateArray().Where(e => e.ValueKind != JsonValueKind.Array).Select(e => All(e).FirstOrDefault()).OfType<string>();
            case JsonValueKind.Object:
                return Inner.Select(n => Member(value, n)).Where(m => m.ValueKind == JsonValueKind.String).SelectMany(All).Take(1);
            default:
                return [];
        }
    }

    static string Text(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return LoneSurrogates.Unescape(value.GetRawText());
        }
    }
}
