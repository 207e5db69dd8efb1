using System.Text.Json;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Decoding;

namespace Ingest.Service.Accept;

/// <summary>One line of a JSON Lines file to a raw article, or to a rejection that names the line and the fault.</summary>
static class RecordReader
{
    public static Input Read(ReadOnlyMemory<byte> line, string path, long number, string at, string name)
    {
        Input Malformed(string fault) => new(at, $"{name}:{number}", null, Rejection.MalformedRecord(path, number, fault));
        var notes = new List<string>();
        if (!TryMend(line, notes, out var bytes, out var sign))
            return Malformed($"It is not text: {sign}.");

        JsonDocument json;
        try
        {
            json = JsonDocument.Parse(bytes);
        }
        catch (JsonException e)
        {
            return Malformed($"It is not JSON: {Reason(e)} (byte {e.BytePositionInLine}).");
        }

        using (json)
            return Read(json.RootElement, path, number, at, name, notes);
    }

    /// <summary>The bytes as UTF-8 without a mark of the byte order; other encodings are decoded, and noted.</summary>
    /// <param name="sign">Where it is no text: why not.</param>
    public static bool TryMend(ReadOnlyMemory<byte> given, List<string> notes, out ReadOnlyMemory<byte> bytes, out string? sign)
    {
        (bytes, sign) = (given.Span.StartsWith("\ufeff"u8) ? given[3..] : given, null);
        if (System.Text.Unicode.Utf8.IsValid(bytes.Span))
            return true;
        var decoded = TextDecoder.Decode(bytes.ToArray());
        sign = decoded.BinarySign;
        if (decoded.Text is null)
            return false;
        bytes = System.Text.Encoding.UTF8.GetBytes(decoded.Text);
        notes.AddRange(decoded.Notes);
        return true;
    }

    /// <summary>What the library found wrong. It repeats what it could not read, which may be all of it; so only as much as a person reads.</summary>
    public static string Reason(JsonException e)
    {
        const int Most = 200;
        var said = e.Message.AsSpan();
        if (said.IndexOf(" LineNumber", StringComparison.Ordinal) is >= 0 and var end)
            said = said[..end];
        return said.Length <= Most ? said.ToString() : $"{said[..(char.IsHighSurrogate(said[Most - 1]) ? Most - 1 : Most)]}…";
    }

    /// <param name="at">The id of a record that has none.</param>
    public static Input Read(JsonElement root, string path, long number, string at, string name, List<string>? notes = null)
    {
        Input Malformed(string fault) => new(at, $"{name}:{number}", null, Rejection.MalformedRecord(path, number, fault));
        if (root.ValueKind != JsonValueKind.Object)
            return Malformed($"It is a JSON {root.ValueKind.ToString().ToLowerInvariant()}, not an object.");
        try
        {
            if (!root.TryGetProperty("text", out var textElement))
                return Malformed("It has no \"text\".");
            if (textElement.ValueKind != JsonValueKind.String)
                return Malformed($"Its \"text\" is a JSON {textElement.ValueKind.ToString().ToLowerInvariant()}, not a string.");
            return Build(root, Text(textElement), at, name, number, notes ?? []);
        }
        catch (FormatException e)
        {
            return Malformed(e.Message);
        }
        catch (InvalidOperationException)
        {
            // What .NET throws when it compares such a name with the one that is looked for; texts are read by Text.
            return Malformed("It has a name that is no text: a \\u escape is half of a surrogate pair.");
        }
    }

    static Input Build(JsonElement root, string text, string at, string name, long number, List<string> notes)
    {
        var id = Id(root) ?? at;
        return new Input(id, $"{name}:{number}", new RawArticle(id, text)
        {
            Url = Optional(root, "url"),
            Feed = Optional(root, "feed"),
            Headline = Optional(root, "headline"),
            Bylines = Names(root, "bylines"),
            Agency = Optional(root, "agency"),
            Publisher = Optional(root, "publisher"),
            Dateline = Optional(root, "dateline"),
            Published = Date(root, "published", notes),
            Received = Date(root, "received", notes),
            Language = Optional(root, "language"),
            Notes = notes,
        }, null);
    }

    /// <summary>A string, or a number as it is written.</summary>
    static string? Id(JsonElement root) => root.TryGetProperty("id", out var id)
        ? id.ValueKind switch
        {
            JsonValueKind.String => Text(id) is { Length: > 0 } text ? text : null,
            JsonValueKind.Number => id.GetRawText(),
            JsonValueKind.Null => null,
            _ => throw new FormatException($"Its \"id\" is a JSON {id.ValueKind.ToString().ToLowerInvariant()}, not a string."),
        }
        : null;

    static string? Optional(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == JsonValueKind.String
            ? Text(value) is { Length: > 0 } text ? text : null
            : throw new FormatException($"Its \"{name}\" is a JSON {value.ValueKind.ToString().ToLowerInvariant()}, not a string.");
    }

    /// <summary>A date that cannot be read is no reason to lose the article: it is left out, and noted.</summary>
    static string? Date(JsonElement root, string name, List<string> notes)
    {
        var given = Optional(root, name);
        var date = given is null ? null : RecordDate.Read(given);
        if (given is not null && date is null)
            notes.Add($"left out \"{name}\": \"{given}\" is not an ISO 8601 date");
        return date;
    }

    /// <summary>A list of names, or of objects with a name as in the contract; one string is a list of one.</summary>
    static List<string>? Names(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind == JsonValueKind.String)
            return [Text(value)];
        if (value.ValueKind != JsonValueKind.Array)
            throw new FormatException($"Its \"{name}\" is a JSON {value.ValueKind.ToString().ToLowerInvariant()}, not a list of names.");
        var names = new List<string>();
        foreach (var item in value.EnumerateArray())
            names.Add(item.ValueKind == JsonValueKind.String ? Text(item)
                : item.ValueKind == JsonValueKind.Object && item.TryGetProperty("name", out var inner) && inner.ValueKind == JsonValueKind.String ? Text(inner)
                : throw new FormatException($"Its \"{name}\" holds a JSON {item.ValueKind.ToString().ToLowerInvariant()}, not a name."));
        return names;
    }

    /// <summary>The string; an escaped lone surrogate, which .NET refuses, becomes U+FFFD.</summary>
    static string Text(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return LoneSurrogates.Unescape(element.GetRawText());
        }
    }
}
