using System.Collections.Frozen;
using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>Does a stretch of text read as the name of a site, a newspaper or an agency?</summary>
internal static class Outlets
{
    static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Press =
        Wording.SetOf("source.press", StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>"detikNews", "KOMPAS.com", "g1", "The Visayan Ledger", an agency: names that no person or place has.</summary>
    public static bool Is(ReadOnlySpan<char> text)
    {
        if (Agencies.News(text) is not null || Publishers.IsName(text.ToString()) || IsHouse(text))
            return true;
        if (text.Contains(' ') || text.Length is < 2 or > 30 || text.Contains('@'))
            return false;
        int dot = text.LastIndexOf('.'), humps = 0, digits = 0, letters = 0;
        for (var i = 0; i < text.Length; i++)
        {
            humps += i > 1 && Chars.Is(text[i], CharClass.Upper) && Chars.Is(text[i - 1], CharClass.Lower) ? 1 : 0;
            digits += Chars.Is(text[i], CharClass.Digit) ? 1 : 0;
            letters += Chars.Is(text[i], CharClass.Letter) ? 1 : 0;
        }

        var domain = dot > 1 && text.Length - dot is >= 3 and <= 5 && !Chars.Any(text[(dot + 1)..], CharClass.Digit | CharClass.Upper);
        return letters > 0 && (domain || humps > 0 && !text.StartsWith("Mc") && !text.StartsWith("Mac") || digits == 1 && text.Length <= 3);
    }

    /// <summary>Two to five words with capitals, one of them a word of the press.</summary>
    static bool IsHouse(ReadOnlySpan<char> text)
    {
        if (text.Length > 50)
            return false;
        int words = 0, press = 0;
        foreach (var range in text.Split(' '))
        {
            var word = text[range];
            if (word.IsEmpty)
                continue;
            words++;
            if (Press.Contains(word))
                press++;
            else if (!Chars.Is(word[0], CharClass.Upper | CharClass.Digit) && word.Length > 3)
                return false;
        }

        return press > 0 && words is >= 2 and <= 5 && Chars.Is(text[0], CharClass.Upper);
    }
}
