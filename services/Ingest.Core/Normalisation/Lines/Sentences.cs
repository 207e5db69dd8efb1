using System.Buffers;
using System.Collections.Frozen;
using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Lines;

/// <summary>Where sentences begin inside a segment, in any script: for texts whose lines were joined with blanks.</summary>
internal static class Sentences
{
    /// <summary>Letters of the longest word that a full stop may abbreviate: "St.", "Sen.", "Inc.".</summary>
    const int AbbreviationLength = 3;

    /// <summary>What stands behind the full stop of an address, or of a name that is made like one.</summary>
    static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Endings =
        FrozenSet.ToFrozenSet(["com", "net", "org", "info", "io", "js", "tv", "co", "uk", "de", "fr", "eu"], StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    static readonly SearchValues<char> Terminals = Chars.All(CharClass.Terminal);

    /// <summary>
    /// Where the last sentence of the text from <paramref name="start"/> to <paramref name="end"/> begins;
    /// <paramref name="start"/> where it is the only one.
    /// </summary>
    public static int LastStart(string text, int start, int end)
    {
        for (var i = end - 1; i > start; i--)
            if (IsStart(text, i, start))
                return i;
        return start;
    }

    /// <summary>Adds where the second sentence begins, and each behind it.</summary>
    public static void Starts(string text, int start, int end, List<int> starts)
    {
        // Only what stands behind a terminal can begin a sentence.
        for (var i = start; i < end; i++)
        {
            var ahead = text.AsSpan(i, end - i).IndexOfAny(Terminals);
            if (ahead < 0)
                return;
            i += ahead + 1;
            var next = i;
            while (next < end && Chars.Is(text[next], CharClass.Space | CharClass.Closer))
                next++;
            if (next < end && IsStart(text, next, start))
                starts.Add(next);
            i = next - 1;
        }
    }

    /// <summary>Where the second sentence begins; <paramref name="end"/> where there is none.</summary>
    public static int NextStart(string text, int start, int end)
    {
        for (var i = start + 1; i < end; i++)
            if (IsStart(text, i, start))
                return i;
        return end;
    }

    /// <summary>
    /// True where the sentence at <paramref name="at"/> may belong to what stands before it: behind a question that it answers ("Have a
    /// tip? Call us."), and behind a full stop that may be an abbreviation's ("The St. Olav Post").
    /// </summary>
    public static bool MayGoOn(string text, int at, int start)
    {
        var terminal = Terminal(text, at, start);
        return terminal < start || text[terminal] is '?' or '？' or '؟' || MayBeAbbreviation(text, terminal, start);
    }

    /// <summary>True where what stands before a sentence ends in what may be an abbreviation or an initial: "Charles E. Orrin".</summary>
    public static bool FollowsAbbreviation(string text, int at, int start) => MayBeAbbreviation(text, Terminal(text, at, start), start);

    static bool MayBeAbbreviation(string text, int terminal, int start)
    {
        if (terminal < start || text[terminal] != '.')
            return false;
        var word = terminal;
        while (word > start && Chars.Is(text[word - 1], CharClass.Letter))
            word--;
        return word < terminal && terminal - word <= AbbreviationLength && Chars.Is(text[word], CharClass.Upper);
    }

    /// <summary>
    /// A visible character that is no lower-case letter, behind a terminal and white space; the full stops of scripts
    /// without spaces need none.
    /// </summary>
    static bool IsStart(string text, int at, int start)
    {
        if (Chars.Is(text[at], CharClass.Space | CharClass.Lower | CharClass.Terminal))
            return false;
        if (!Chars.Is(text[at - 1], CharClass.Space) && text[at - 1] is not ('。' or '！' or '？' or '」' or '』'))
            return IsGlued(text, at, start);
        var terminal = Terminal(text, at, start);
        return terminal >= start && (Chars.Is(text[at - 1], CharClass.Space) || text[terminal] is '。' or '！' or '？');
    }

    /// <summary>
    /// True where a sentence begins without the blank before it: "ninety sacks of oats.Then it ended". What stands before the full stop is no
    /// abbreviation, and what stands behind it no part of an address ("Booking.Com").
    /// </summary>
    public static bool IsGlued(string text, int at, int start)
    {
        if (at + 1 >= text.Length || at - start < 3 || !Chars.Is(text[at], CharClass.Upper)
            // "I bambini", "A man": a word may be one letter.
            || !Chars.Is(text[at + 1], CharClass.Lower) && !(text[at + 1] == ' ' && at + 2 < text.Length && Chars.Is(text[at + 2], CharClass.Lower))
            || !Chars.Is(text[at - 1], CharClass.Terminal | CharClass.Closer))
            return false;
        var terminal = Terminal(text, at, start);
        if (terminal - start < 2 || !Chars.Is(text[terminal - 1], CharClass.Lower | CharClass.Digit)
            || !Chars.Is(text[terminal - 2], CharClass.Letter | CharClass.Digit | CharClass.Space)
            || Chars.Is(text[terminal - 1], CharClass.Lower) && !Chars.Is(text[terminal - 2], CharClass.Letter)
            || MayBeAbbreviation(text, terminal, start))
            return false;
        var end = at;
        while (end < text.Length && Chars.Is(text[end], CharClass.Letter))
            end++;
        return !Endings.Contains(text.AsSpan(at, end - at));
    }

    /// <summary>
    /// The terminal before <paramref name="at"/>, white space and closing signs between; before <paramref name="start"/>
    /// where there is none.
    /// </summary>
    static int Terminal(string text, int at, int start)
    {
        var i = at - 1;
        while (i >= start && Chars.Is(text[i], CharClass.Space))
            i--;
        while (i >= start && Chars.Is(text[i], CharClass.Closer))
            i--;
        return i >= start && Chars.Is(text[i], CharClass.Terminal) ? i : start - 1;
    }
}
