using Ingest.Core.Normalisation.Rules;
using Ingest.Core.Normalisation.Words;

namespace Ingest.Core.Normalisation.Scoring;

/// <summary>
/// Words that put a date on a line: years of the last decades and English months. Lists of teasers and comments have one under each entry.
/// </summary>
internal static class DateWords
{
    const int Size = 512;
    const int FirstYear = 1990;
    const int LastYear = 2049;

    static readonly uint[] Table = Build();

    public static bool Has(ReadOnlySpan<uint> words)
    {
        // The date of a line stands at one of its ends; a long line is prose, and then its date says nothing.
        var count = Math.Min(words.Length, 12);
        for (var i = 0; i < count; i++)
            if (Contains(words[i]))
                return true;
        return false;
    }

    static bool Contains(uint word)
    {
        word &= WordList.HashMask;
        var slot = (int)(word >> 5) & Size - 1;
        while (Table[slot] != 0)
        {
            if (Table[slot] == word)
                return true;
            slot = (slot + 1) & Size - 1;
        }

        return false;
    }

    static uint[] Build()
    {
        var table = new uint[Size];
        var years = Enumerable.Range(FirstYear, LastYear - FirstYear + 1).Select(y => y.ToString());
        foreach (var word in Dates.MonthNames("en").Concat(years))
        {
            var hash = StopWords.Hash(word) & WordList.HashMask;
            var slot = (int)(hash >> 5) & Size - 1;
            while (table[slot] != 0)
                slot = (slot + 1) & Size - 1;
            table[slot] = hash;
        }

        return table;
    }
}
