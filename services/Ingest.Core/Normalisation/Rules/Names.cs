using System.Collections.Frozen;
using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>Does a stretch of text read as the name of a person or of an organisation?</summary>
internal static class Names
{
    static readonly FrozenSet<string> Particles = Wording.SetOf("name.person", StringComparer.Ordinal);

    static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> ParticleLookup =
        Particles.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>
    /// Two to five words that begin with upper case, particles aside, without digits or sentence signs; or two to five characters of Han,
    /// Kana or Hangul.
    /// </summary>
    public static bool IsPerson(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text.Length is >= 2 and <= 8 && IsSpaceless(text))
            return true;
        if (text.Length is < 3 or > 60)
            return false;
        int words = 0, capitalised = 0;
        foreach (var range in text.Split(' '))
        {
            var word = text[range];
            if (word.IsEmpty)
                continue;
            words++;
            if (!IsNameWord(word, out var particle))
                return false;
            // Where a script has no case a sentence looks like names: only short words of few syllables are taken for one.
            if (!Chars.Is(word[0], CharClass.Upper | CharClass.Lower)
                && (word.Length > 9 || words > 4 || Chars.Is(word[^1], CharClass.Terminal)))
                return false;
            if (!particle)
                capitalised++;
        }

        return words is >= 2 and <= 6 && capitalised >= 2;
    }

    static bool IsSpaceless(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            if (!Chars.Is(c, CharClass.Spaceless) && !(c is >= '\uac00' and <= '\ud7a3'))
                return false;
        return true;
    }

    static bool IsNameWord(ReadOnlySpan<char> word, out bool particle)
    {
        particle = ParticleLookup.Contains(word);
        if (particle)
            return true;
        var letters = 0;
        for (var i = 0; i < word.Length; i++)
        {
            var c = word[i];
            if (Chars.Is(c, CharClass.Letter | CharClass.Mark))
                letters++;
            else if (!(c is '\'' or '’' or '-' or '‐') && !(c == '.' && (i == word.Length - 1 || letters <= 2)))
                return false;
        }

        // O'Neill, al-Sisi, J.J.: the first letter is upper case, or one behind a hyphen or an apostrophe is.
        return letters > 0
            && (Chars.Is(word[0], CharClass.Upper) || Chars.Is(word[0], CharClass.Letter) && !Chars.Is(word[0], CharClass.Lower)
            || word.Length > 3 && (word[1] is '\'' or '’' or '-' || word[2] is '-' or '\'' or '’') && Chars.Any(word, CharClass.Upper));
    }
}
