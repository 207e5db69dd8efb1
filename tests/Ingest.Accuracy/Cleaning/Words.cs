using System.Collections.Concurrent;
using System.Globalization;

namespace Ingest.Accuracy.Cleaning;

/// <summary>Words as the measure counts them: runs of letters, digits and underscores, case-folded, each with a number.</summary>
static class Words
{
    static readonly ConcurrentDictionary<string, int> Numbers = [];
    static readonly ConcurrentDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Lookup = Numbers.GetAlternateLookup<ReadOnlySpan<char>>();
    static int last;

    public static int[] Of(ReadOnlySpan<char> text)
    {
        var folded = new char[text.Length];
        text.ToLowerInvariant(folded);
        var found = new List<int>();
        for (int start = 0, end; start < folded.Length; start = Math.Max(end, start + 1))
        {
            end = start;
            // A character of a script without blanks is a word.
            if (IsSpaceless(folded[start]))
                end++;
            else
                while (end < folded.Length && InWord(folded[end]) && !IsSpaceless(folded[end]))
                    end++;

            if (end == start)
                continue;
            var word = folded.AsSpan(start, end - start);
            if (!Lookup.TryGetValue(word, out var number))
                number = Numbers.GetOrAdd(word.ToString(), _ => Interlocked.Increment(ref last));
            found.Add(number);
        }

        return [.. found];
    }

    static bool IsSpaceless(char c) => c is >= '\u0e00' and <= '\u0eff' or >= '\u1000' and <= '\u109f' or >= '\u1780' and <= '\u17ff'
        or >= '\u3040' and <= '\u30ff' or >= '\u3400' and <= '\u9fff';

    static bool InWord(char c) => c == '_' || char.GetUnicodeCategory(c) is UnicodeCategory.UppercaseLetter
        or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
}
