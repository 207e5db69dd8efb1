using Ingest.Core.Normalisation.Rules;

namespace Ingest.Core.Forms.Text;

/// <summary>What files say of authors, languages and addresses, in the words of <c>ArticleMetadata</c>.</summary>
static class LooseWords
{
    /// <summary>Languages that are written in another way than ISO 639-1.</summary>
    static readonly Dictionary<string, string> Languages = new[]
    {
        "en eng english", "de deu ger german deutsch", "fr fra fre french français", "es spa spanish español castellano", "it ita italian italiano",
        "pt por portuguese português", "nl nld dut dutch nederlands", "pl pol polish polski", "ru rus russian русский", "uk ukr ukrainian українська",
        "tr tur turkish türkçe", "ar ara arabic العربية", "zh zho chi chinese 中文", "ja jpn japanese 日本語", "ko kor korean 한국어", "hi hin hindi हिन्दी",
        "sv swe swedish svenska", "da dan danish dansk", "nb nob", "no nor norwegian norsk", "fi fin finnish suomi", "cs ces cze czech čeština",
        "el ell gre greek ελληνικά", "he heb hebrew עברית", "id ind indonesian", "vi vie vietnamese", "th tha thai", "ro ron rum romanian", "hu hun hungarian magyar",
    }.SelectMany(line => line.Split(' ')[1..].Select(name => (Name: name, Code: line[..2]))).ToDictionary(l => l.Name, l => l.Code, StringComparer.Ordinal);

    /// <summary>
    /// The name of an author: of "desk@paper.example (Anna Berg)", of "Anna Berg &lt;desk@paper.example&gt;"; null where there is only an address.
    /// </summary>
    public static string? Name(string? author)
    {
        var text = PlainText.Of(author);
        if (text is null)
            return null;
        if (text.IndexOf('(') is >= 0 and var open && text.IndexOf(')', open) is >= 0 and var close)
        {
            var (inside, outside) = (text[(open + 1)..close].Trim(), text[..open].Trim());
            text = outside.Contains('@') || outside.Length == 0 ? inside : inside.Contains('@') ? outside : text;
        }

        text = string.Join(' ', text.Split(' ').Where(w => !w.Contains('@') && !w.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))).Trim(' ', ',', ';');
        return text.Length > 0 ? text : null;
    }

    /// <summary>
    /// The names of a list, each once; null where there are none. One that is several names, as bylines have them, is parted: "Anna Berg and Tom Hill".
    /// </summary>
    public static IReadOnlyList<string>? Names(IEnumerable<string?> authors)
    {
        List<string> names = [.. authors.Select(Name).OfType<string>().SelectMany(n => n.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).SelectMany(Parted).Distinct(StringComparer.OrdinalIgnoreCase)];
        return names.Count > 0 ? names : null;
    }

    /// <summary>Of the words that open a byline only "By": others, such as "de", open names too.</summary>
    static IEnumerable<string> Parted(string name) =>
        name.StartsWith("by ", StringComparison.OrdinalIgnoreCase) && BylineReader.TryReadOpened(name, out var line) || BylineReader.IsNames(name, out line) && line.Bylines.Count > 1 ? line.Bylines.Select(b => b.Name) : [name];

    /// <summary>The two letters of "en-GB", "de_DE", "eng" and "English"; null for what says no language.</summary>
    public static string? Language(string? tag)
    {
        var text = tag?.Trim().ToLowerInvariant() ?? "";
        var language = text[..(text.IndexOfAny(['-', '_', ' ']) is > 0 and var end ? end : text.Length)];
        return language is [var first, var second] && char.IsAsciiLetter(first) && char.IsAsciiLetter(second) ? language : Languages.GetValueOrDefault(language);
    }

    /// <summary>An address as it is where it is absolute; else seen from the bases, of which the first is the nearest.</summary>
    public static string? Address(string? written, params IEnumerable<string?> bases)
    {
        var text = written?.Trim();
        if (string.IsNullOrEmpty(text))
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var whole) && !whole.IsFile)
            return text;
        var from = bases.OfType<string>().Reverse().Aggregate((Uri?)null, (outer, b) =>
            outer is null ? Uri.TryCreate(b.Trim(), UriKind.Absolute, out var first) && !first.IsFile ? first : null
            : Uri.TryCreate(outer, b.Trim(), out var inner) ? inner : outer);
        return from is not null && Uri.TryCreate(from, text, out var seen) ? seen.AbsoluteUri : text;
    }

    public static bool IsWeb(string? address) =>
        address is not null && (address.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || address.StartsWith("https://", StringComparison.OrdinalIgnoreCase));
}
