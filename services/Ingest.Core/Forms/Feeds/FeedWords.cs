using Ingest.Core.Normalisation.Rules;

namespace Ingest.Core.Forms.Feeds;

/// <summary>What files say of authors, languages and addresses, in the words of <c>ArticleMetadata</c>.</summary>
static class FeedWords
{
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
        List<string> names = [.. authors.Select(Name).OfType<string>().SelectMany(Parted).Distinct(StringComparer.OrdinalIgnoreCase)];
        return names.Count > 0 ? names : null;
    }

    static IEnumerable<string> Parted(string name) =>
        BylineReader.IsNames(name, out var line) && line.Bylines.Count > 1 ? line.Bylines.Select(b => b.Name) : [name];

    /// <summary>The two letters of "en-GB"; null for what has no such letters.</summary>
    public static string? Language(string? tag)
    {
        var text = tag?.Trim().ToLowerInvariant();
        return text is { Length: >= 2 } && char.IsAsciiLetter(text[0]) && char.IsAsciiLetter(text[1]) && (text.Length == 2 || text[2] is '-' or '_')
            ? text[..2] : null;
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
