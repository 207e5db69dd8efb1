using System.Globalization;
using System.Text.Json;
using Ingest.Core.Normalisation.Reading;

namespace Ingest.Core.Forms.Text;

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
            case JsonValueKind.String or JsonValueKind.Number:
                return Plain(value) is { } text && !string.IsNullOrWhiteSpace(text) ? [text] : [];
            case JsonValueKind.Array:
                return value.EnumerateArray().Where(e => e.ValueKind != JsonValueKind.Array).Select(e => All(e).FirstOrDefault()).OfType<string>();
            case JsonValueKind.Object:
                return Extended(value) is { } extended ? [extended] : Inner.Select(n => Member(value, n)).Where(m => m.ValueKind == JsonValueKind.String).SelectMany(All).Take(1);
            default:
                return [];
        }
    }

    /// <summary>A string or a number as it is; null for anything else.</summary>
    public static string? Plain(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
            return value.GetRawText();
        if (value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return LoneSurrogates.Unescape(value.GetRawText());
        }
    }

    /// <summary>Whether a value, which may be cut, begins like one of MongoDB's: {"$oid": …}.</summary>
    public static bool IsExtended(ReadOnlySpan<byte> json) => json is [(byte)'{', ..] && json[1..].TrimStart(" \t\r\n"u8).StartsWith("\"$"u8);

    /// <summary>Whether a value is one of these.</summary>
    public static bool IsExtended(JsonElement value) => value.ValueKind == JsonValueKind.Object && NameOf(value.EnumerateObject().FirstOrDefault()).StartsWith('$');

    /// <summary>An id, a date or a number as exports of MongoDB have them; null for what is none of these. A date is ISO 8601, or milliseconds since 1970.</summary>
    static string? Extended(JsonElement value)
    {
        const long First = -62_135_596_800_000, Last = 253_402_300_799_999;
        foreach (var member in value.EnumerateObject())
            switch (NameOf(member))
            {
                case "$oid" or "$numberLong" or "$numberInt" or "$numberDouble" or "$numberDecimal":
                    return Plain(member.Value);
                case "$date":
                    var date = Plain(member.Value) ?? (member.Value.ValueKind == JsonValueKind.Object ? Extended(member.Value) : null);
                    return long.TryParse(date, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds is >= First and <= Last
                        ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture) : date;
            }

        return null;
    }
}
