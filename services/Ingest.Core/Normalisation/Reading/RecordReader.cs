using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Decoding;

namespace Ingest.Core.Normalisation.Reading;

/// <summary>Reads a record: a JSON object with a string <c>text</c> and what is known of it.</summary>
public static class RecordReader
{
    /// <summary>
    /// Bytes of an id, and of a feed's name, at most. No setting: with them articles are told apart, and they stand in every event.
    /// </summary>
    public const int MostIdBytes = 1024;

    /// <summary>Names that are read of a list; the limits of articles are far below.</summary>
    const int MostNames = 10_000;

    public static ReadArticle Read(RawArticle raw)
    {
        ArgumentNullException.ThrowIfNull(raw);
        var notes = new List<string>();
        if (!TryMend(raw.Content, notes, out var bytes, out var sign))
            return Malformed(raw, $"It is not text: {sign}.");
        try
        {
            using var json = JsonDocument.Parse(bytes);
            return Read(json.RootElement, raw, notes);
        }
        catch (JsonException e)
        {
            return Malformed(raw, $"It is not JSON: {Reason(e)} (byte {e.BytePositionInLine}).");
        }
    }

    /// <summary>
    /// The text of a record that was read before; null where it takes a closer look: it is encoded or escaped oddly, or has none.
    /// </summary>
    internal static string? Text(ReadOnlySpan<byte> record)
    {
        if (record.StartsWith("\ufeff"u8))
            record = record[3..];
        // Any byte of it tells that all of it is in another encoding; the reader below looks only at the text's.
        if (!Utf8.IsValid(record))
            return null;
        string? text = null;
        try
        {
            for (var reader = new Utf8JsonReader(record); reader.Read();)
            {
                if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName)
                    continue;
                var found = reader.ValueTextEquals("text"u8);
                reader.Read();
                // The last of two, as everywhere.
                if (found)
                    text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                else
                    reader.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }

        return text;
    }

    /// <summary>The bytes as UTF-8 without a mark of the byte order; other encodings are decoded, and noted.</summary>
    /// <param name="sign">Where it is no text: why not.</param>
    public static bool TryMend(ReadOnlyMemory<byte> given, ICollection<string> notes, out ReadOnlyMemory<byte> bytes, out string? sign)
    {
        ArgumentNullException.ThrowIfNull(notes);
        (bytes, sign) = (given.Span.StartsWith("\ufeff"u8) ? given[3..] : given, null);
        if (Utf8.IsValid(bytes.Span))
            return true;
        var decoded = TextDecoder.Decode(bytes.Span);
        sign = decoded.BinarySign;
        if (decoded.Text is null)
            return false;
        bytes = Encoding.UTF8.GetBytes(decoded.Text);
        foreach (var note in decoded.Notes)
            notes.Add(note);
        return true;
    }

    /// <summary>
    /// What the library found wrong. It repeats what it could not read, which may be all of it; so only as much as a person reads.
    /// </summary>
    public static string Reason(JsonException e)
    {
        const int Most = 200;
        ArgumentNullException.ThrowIfNull(e);
        var said = e.Message.AsSpan();
        if (said.IndexOf(" LineNumber", StringComparison.Ordinal) is >= 0 and var end)
            said = said[..end];
        return Beginning(said, Most);
    }

    static string Beginning(ReadOnlySpan<char> text, int most) =>
        text.Length <= most ? text.ToString() : $"{text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)]}…";

    static ReadArticle Malformed(RawArticle raw, string fault) => new(raw.Id, null, Rejection.MalformedRecord(fault));

    static ReadArticle Read(JsonElement root, RawArticle raw, List<string> notes)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return Malformed(raw, $"It is a JSON {Kind(root)}, not an object.");
        try
        {
            if (!root.TryGetProperty("text", out var text))
                return Malformed(raw, "It has no \"text\".");
            // Which of them is meant nobody can tell, and the other would be lost.
            if (root.TryGetProperty("articles", out var list) && list.ValueKind == JsonValueKind.Array)
                return Malformed(raw, "It has a \"text\" and a list of \"articles\": send one article, or a list of them.");
            return text.ValueKind == JsonValueKind.String
                ? new ReadArticle(Id(root) ?? raw.Id, new ArticleText(Text(text), Metadata(root, raw.Metadata, notes), notes), null)
                : Malformed(raw, $"Its \"text\" is a JSON {Kind(text)}, not a string.");
        }
        catch (FormatException e)
        {
            return Malformed(raw, e.Message);
        }
        catch (InvalidOperationException)
        {
            // What .NET throws when it compares such a name with the one that is looked for; texts are read by Text.
            return Malformed(raw, "It has a name that is no text: a \\u escape is half of a surrogate pair.");
        }
    }

    static ArticleMetadata Metadata(JsonElement root, ArticleMetadata beside, List<string> notes) => new(
        Optional(root, "url") ?? beside.Url,
        Short(Optional(root, "feed"), "feed") ?? beside.Feed,
        Optional(root, "headline") ?? beside.Headline,
        Names(root, "bylines") ?? beside.Bylines,
        Optional(root, "agency") ?? beside.Agency,
        Optional(root, "publisher") ?? beside.Publisher,
        Optional(root, "dateline") ?? beside.Dateline,
        Date(root, "published", notes) ?? beside.Published,
        Date(root, "received", notes) ?? beside.Received,
        Optional(root, "language") ?? beside.Language);

    /// <summary>A string, or a number as it is written.</summary>
    static string? Id(JsonElement root) => root.TryGetProperty("id", out var id)
        ? id.ValueKind switch
        {
            JsonValueKind.String => Text(id) is { Length: > 0 } text ? Short(text, "id") : null,
            JsonValueKind.Number => Short(id.GetRawText(), "id"),
            JsonValueKind.Null => null,
            _ => throw new FormatException($"Its \"id\" is a JSON {Kind(id)}, not a string."),
        }
        : null;

    static string? Short(string? text, string name) => text is not null && text.Length * 3L > MostIdBytes && Encoding.UTF8.GetByteCount(text) is > MostIdBytes and var bytes
        ? throw new FormatException($"Its \"{name}\" has {bytes} bytes, over the limit of {MostIdBytes}.")
        : text;

    static string? Optional(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == JsonValueKind.String
            ? Text(value) is { Length: > 0 } text ? text : null
            : throw new FormatException($"Its \"{name}\" is a JSON {Kind(value)}, not a string.");
    }

    /// <summary>A date that cannot be read is no reason to lose the article: it is left out, and noted.</summary>
    static string? Date(JsonElement root, string name, List<string> notes)
    {
        var given = Optional(root, name);
        var date = given is null ? null : RecordDate.Read(given);
        if (given is not null && date is null)
            notes.Add($"left out \"{name}\": \"{Beginning(given, 60)}\" is not an ISO 8601 date");
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
            throw new FormatException($"Its \"{name}\" is a JSON {Kind(value)}, not a list of names.");
        if (value.GetArrayLength() is > MostNames and var count)
            throw new FormatException($"Its \"{name}\" has {count} names; {MostNames} are read at most.");
        var names = new List<string>();
        foreach (var item in value.EnumerateArray())
            names.Add(item.ValueKind == JsonValueKind.String ? Text(item)
                : item.ValueKind == JsonValueKind.Object && item.TryGetProperty("name", out var inner)
                    && inner.ValueKind == JsonValueKind.String ? Text(inner)
                : throw new FormatException($"Its \"{name}\" holds a JSON {Kind(item)}, not a name."));
        return names;
    }

    static string Kind(JsonElement element) => element.ValueKind.ToString().ToLowerInvariant();

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
