using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Decoding;
using Ingest.Core.Normalisation.Pages;

namespace Ingest.Core.Normalisation.Reading;

/// <summary>Reads a record: a JSON object with a string <c>text</c> or <c>html</c>, and what is known of it.</summary>
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
    /// The text of a record that was read before; null where it takes a closer look: it is encoded or escaped oddly, is a page, or has none.
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
                var (found, page) = (reader.ValueTextEquals("text"u8), reader.ValueTextEquals("html"u8));
                reader.Read();
                if (page && reader.TokenType != JsonTokenType.Null)
                    return null;
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
            // An empty text is one, and is rejected by its own name, unless there is a page.
            var (text, html) = (Given(root, "text"), Given(root, "html") is { Length: > 0 } page ? page : null);
            if ((text ?? html) is null)
                return Malformed(raw, "It has neither a \"text\" nor \"html\".");
            // Which of them is meant nobody can tell, and the other would be lost.
            if (text?.Length > 0 && html is not null)
                return Malformed(raw, "It has both a \"text\" and \"html\": send one of them.");
            if (root.TryGetProperty("articles", out var list) && list.ValueKind == JsonValueKind.Array)
                return Malformed(raw, $"It has {(html is null ? "a \"text\"" : "\"html\"")} and a list of \"articles\": send one article, or a list of them.");
            var (id, beside) = (Id(root) ?? raw.Id, Metadata(root, raw.Metadata, notes));
            return new ReadArticle(id, html is null ? new ArticleText(text!, beside, notes) : PageReader.Read(html, beside, notes), null);
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

    static ArticleMetadata Metadata(JsonElement root, ArticleMetadata beside, List<string> notes) => new ArticleMetadata(
        Optional(root, "url"),
        Short(Optional(root, "feed"), "feed"),
        Optional(root, "headline"),
        Names(root, "bylines"),
        Optional(root, "agency"),
        Optional(root, "publisher"),
        Optional(root, "dateline"),
        Date(Optional(root, "published"), "published", notes),
        Date(Optional(root, "received"), "received", notes),
        Optional(root, "language"))
    {
        Section = Told(root, "section", notes),
        Slugline = Told(root, "slugline", notes),
        Version = Told(root, "version", notes),
        Status = Status(root, notes),
        Urgency = Urgency(root, notes),
        Embargo = Date(Told(root, "embargo", notes), "embargo", notes),
        UsageTerms = Told(root, "usageTerms", notes),
        Copyright = Told(root, "copyright", notes),
    }.Or(beside);

    static string? Id(JsonElement root) => Short(Written(root, "id"), "id");

    static string? Short(string? text, string name) => text is not null && text.Length * 3L > MostIdBytes && Encoding.UTF8.GetByteCount(text) is > MostIdBytes and var bytes
        ? throw new FormatException($"Its \"{name}\" has {bytes} bytes, over the limit of {MostIdBytes}.")
        : text;

    /// <summary>A string; null where there is none.</summary>
    static string? Given(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == JsonValueKind.String ? Text(value) : throw new FormatException($"Its \"{name}\" is a JSON {Kind(value)}, not a string.");
    }

    /// <summary>A string; null where there is none, or an empty one.</summary>
    static string? Optional(JsonElement root, string name) => Given(root, name) is { Length: > 0 } text ? text : null;

    /// <summary>A string, or a number as it is written.</summary>
    static string? Written(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetRawText() : Optional(root, name);

    /// <summary>
    /// A string, or a number as it is written. These fields came later: crawlers and archives had such names before, and meant something else by
    /// them. So what does not fit is no reason to lose the article: it is left out, and noted.
    /// </summary>
    static string? Told(JsonElement root, string name, List<string> notes)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.Null)
            return Written(root, name);
        LeftOut(notes, name, value.GetRawText(), "no string");
        return null;
    }

    static string? Status(JsonElement root, List<string> notes)
    {
        var given = Told(root, "status", notes);
        var status = given?.Trim().ToLowerInvariant() switch
        {
            ArticleStatus.Usable => ArticleStatus.Usable,
            ArticleStatus.Withheld => ArticleStatus.Withheld,
            // In ninjs with one l.
            ArticleStatus.Canceled or "cancelled" => ArticleStatus.Canceled,
            _ => null,
        };
        if (given is not null && status is null)
            LeftOut(notes, "status", given, "none of usable, withheld and canceled");
        return status;
    }

    static int? Urgency(JsonElement root, List<string> notes)
    {
        var given = Told(root, "urgency", notes);
        if (given is null)
            return null;
        if (given.AsSpan().Trim() is [>= '1' and <= '9' and var digit])
            return digit - '0';
        LeftOut(notes, "urgency", given, "no whole number from 1 to 9");
        return null;
    }

    /// <summary>A date that cannot be read is no reason to lose the article: it is left out, and noted.</summary>
    static string? Date(string? given, string name, List<string> notes)
    {
        var date = given is null ? null : RecordDate.Read(given);
        if (given is not null && date is null)
            LeftOut(notes, name, given, "not an ISO 8601 date");
        return date;
    }

    static void LeftOut(List<string> notes, string name, string given, string why) =>
        notes.Add($"left out \"{name}\": \"{Beginning(given, 60)}\" is {why}");

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
