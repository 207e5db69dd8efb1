using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Ingest.Core.Articles;

namespace Ingest.Core.Tests.Forms;

/// <summary>Compares an article of a wire file with what a sample expects. See <c>Samples/forms/wires/README.md</c>.</summary>
static class WireExpectation
{
    /// <summary>Words that may stand in a text beside what is expected in it.</summary>
    const int FurtherWords = 5;

    public static IEnumerable<string> Faults(RawArticle article, JsonElement expected)
    {
        var metadata = article.Metadata;
        (string Name, string? Got)[] fields =
        [
            ("id", article.Id), ("headline", metadata.Headline), ("agency", metadata.Agency), ("publisher", metadata.Publisher), ("url", metadata.Url), ("section", metadata.Section), ("slugline", metadata.Slugline), ("version", metadata.Version),
            ("urgency", metadata.Urgency?.ToString(CultureInfo.InvariantCulture)), ("usageTerms", metadata.UsageTerms), ("copyright", metadata.Copyright),
        ];
        foreach (var (name, got) in fields)
            if (Stated(expected, name) is { Count: > 0 } right && !right.Contains(Collapsed(got ?? "")))
                yield return $"{name}: \"{got}\" is not \"{right[0]}\"";
        // The program has two letters of it.
        if (Stated(expected, "language") is [var language, ..] && !language[..2].Equals(metadata.Language, StringComparison.OrdinalIgnoreCase))
            yield return $"language: \"{metadata.Language}\" is not \"{language}\"";
        if (Stated(expected, "status") is [var status, ..] && !status.Equals(metadata.Status, StringComparison.OrdinalIgnoreCase))
            yield return $"status: \"{metadata.Status}\" is not \"{status}\"";
        // Its city: a date and an agency may stand behind it.
        if (Stated(expected, "dateline") is { Count: > 0 } places && !(metadata.Dateline is { Length: > 0 } city && places.Exists(p => p == city
            || p.StartsWith(city, StringComparison.Ordinal) && p[city.Length] is ',' or ' ')))
            yield return $"dateline: \"{metadata.Dateline}\" is not \"{places[0]}\"";
        foreach (var (name, got) in new[] { ("published", metadata.Published), ("embargo", metadata.Embargo) })
            if (Stated(expected, name) is { Count: > 0 } right && !right.Exists(r => IsInstant(got, r)))
                yield return $"{name}: \"{got}\" is not \"{right[0]}\"";
        var bylines = string.Join(" | ", metadata.Bylines ?? []);
        if (expected.TryGetProperty("bylines", out var names) && !bylines.Equals(string.Join(" | ", Strings(names)), StringComparison.OrdinalIgnoreCase)
            && !(expected.TryGetProperty("altBylines", out var others) && bylines.Equals(string.Join(" | ", Strings(others)), StringComparison.OrdinalIgnoreCase)))
            yield return $"bylines: {bylines} are not {names}";
        foreach (var fault in TextFaults(article, expected))
            yield return fault;
    }

    static IEnumerable<string> TextFaults(RawArticle article, JsonElement expected)
    {
        var rest = Plain(article);
        var optional = List(expected, "optionalBody").Concat(List(expected, "subheads")).ToHashSet(StringComparer.Ordinal);
        var body = List(expected, "body");
        var at = 0;
        for (var i = 0; i < body.Count; i++)
        {
            string[] forms = [body[i], .. i == 0 ? Stated(expected, "altFirst") : [], .. i == body.Count - 1 ? Stated(expected, "altLast") : []];
            var found = forms.FirstOrDefault(f => rest.IndexOf(f, at, StringComparison.Ordinal) >= 0);
            if (found is not null)
                rest = Without(rest, found, ref at);
            else if (!optional.Contains(body[i]))
                yield return $"body: \"{body[i]}\" is not, or not in its place";
        }

        at = 0;
        foreach (var caption in List(expected, "captions"))
            if (rest.Contains(caption, StringComparison.Ordinal))
                rest = Without(rest, caption, ref at);
            else
                yield return $"captions: \"{caption}\" is not";
        foreach (var further in (string[])["optionalBody", "optionalCaptions", "tables", "pre", "summary", "credits"])
            foreach (var text in List(expected, further))
            {
                at = 0;
                if (rest.Contains(text, StringComparison.Ordinal))
                    rest = Without(rest, text, ref at);
            }

        if (Collapsed(rest) is { Length: > 0 } left && left.Split(' ').Length > FurtherWords)
            yield return $"further text: \"{left}\"";
    }

    static string Without(string text, string passage, ref int at)
    {
        at = text.IndexOf(passage, at, StringComparison.Ordinal);
        return text.Remove(at, passage.Length);
    }

    /// <summary>The field and its equally right values.</summary>
    static List<string> Stated(JsonElement expected, string name) =>
    [
        .. List(expected, name), .. List(expected, "alt" + char.ToUpperInvariant(name[0]) + name[1..]),
    ];

    static List<string> List(JsonElement expected, string name) =>
        expected.TryGetProperty(name, out var value) ? [.. Strings(value).Select(Collapsed)] : [];

    /// <summary>All texts in a value, in its order: rows of cells are cells.</summary>
    static IEnumerable<string> Strings(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Strings),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(m => Strings(m.Value)),
        JsonValueKind.Null => [],
        _ => [value.ToString()],
    };

    /// <summary>Instants where both state a zone, or else the local time.</summary>
    static bool IsInstant(string? got, string expected)
    {
        if (got is null || !DateTimeOffset.TryParse(got, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var one)
            || !DateTimeOffset.TryParse(expected, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var other))
            return got == expected;
        return HasZone(got) && HasZone(expected) ? one == other : one.DateTime == other.DateTime;
    }

    static bool HasZone(string date) => date.EndsWith('Z') || date.Length > 16 && date.AsSpan(16).IndexOfAny('+', '-') >= 0;

    /// <summary>The text without its tags: each is a space, as what it parts are words.</summary>
    static string Plain(RawArticle article)
    {
        var content = Encoding.UTF8.GetString(article.Content.Span);
        if (article.Form != ArticleForm.Html)
            return Collapsed(content);
        var text = new StringBuilder();
        var isTag = false;
        foreach (var c in content)
        {
            if (c is '<' or '>')
            {
                isTag = c == '<';
                text.Append(' ');
            }
            else if (!isTag)
            {
                text.Append(c);
            }
        }

        return Collapsed(WebUtility.HtmlDecode(text.ToString()));
    }

    static string Collapsed(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
