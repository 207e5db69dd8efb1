using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>The datelines of corpora, whose words and signs stand apart.</summary>
internal static class TokenisedDatelines
{
    /// <summary><c>skell , norway ( cnn ) --</c>: words and signs apart, as corpora have them, and mostly in lower case.</summary>
    public static bool TryRead(ReadOnlySpan<char> line, int offset, out DatelineReader.Found found)
    {
        found = default;
        var open = line[..Math.Min(line.Length, DatelineReader.Reach)].IndexOf("( ");
        if (open < 0 || open > 0 && line[open - 1] != ' ')
            return false;
        var close = line[open..Math.Min(line.Length, open + 40)].IndexOf(" )");
        if (close < 4)
            return false;
        var inside = line.Slice(open + 2, close - 2);
        var known = Agencies.News(inside);
        // A broadcaster's name is one short word: "cnn", "voa". CNN's corpus needs no dash behind it.
        if (known is null && (inside.Length > 8 || inside.IndexOfAnyExceptInRange('a', 'z') >= 0 && inside.IndexOfAnyExceptInRange('A', 'Z') >= 0))
            return false;
        var place = line[..open].TrimEnd(' ');
        if (Chars.WordsIn(place) > 8)
            return false;
        foreach (var c in place)
            if (!Chars.Is(c, CharClass.Letter | CharClass.Mark) && c is not (' ' or ',' or '.' or '-' or '\''))
                return false;
        var behind = open + close + 2;
        var text = DatelineReader.SkipSeparator(line, behind);
        // "the agency ( reuters ) said" is a sentence.
        if (text == behind && (known is null && !inside.Equals("cnn", StringComparison.OrdinalIgnoreCase) || place.Length > 0 && !place.Contains(',')))
            return false;
        var agency = known ?? inside.ToString().ToUpperInvariant();
        found = new DatelineReader.Found(offset + text, place.Length > 0 ? place.ToString().Replace(" ,", ",") : null, agency, null, DatelineReader.Agency);
        return true;
    }
}
