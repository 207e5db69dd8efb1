using System.Globalization;

namespace Ingest.Accuracy.Cleaning;

/// <summary>Words as the measure counts them: runs of letters, digits and underscores, case-folded, each with a number.</summary>
static class Words
{
    static readonly Dictionary<string, int> Numbers = [];
    static readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Lookup = Numbers.GetAlternateLookup<ReadOnlySpan<char>>();

    public static int[] Of(ReadOnlySpan<char> text)
    {
        var folded = new char[text.Length];
        text.ToLowerInvariant(folded);
        var found = new List<int>();
        for (int start = 0, end; start < folded.Length; start = end + 1)
        {
            for (end = start; end < folded.Length && InWord(folded[end]); end++)
            {
            }

            if (end == start)
                continue;
            var word = folded.AsSpan(start, end - start);
            if (!Lookup.TryGetValue(word, out var number))
                Lookup[word] = number = Numbers.Count;
            found.Add(number);
        }

        return [.. found];
    }

    static bool InWord(char c) => c == '_' || char.GetUnicodeCategory(c) is UnicodeCategory.UppercaseLetter
        or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
}
