namespace Ingest.Core.Deduplication.Text;

/// <summary>Splits a text into folded, hashed words. This is the scalar reference: it says what a word is.</summary>
internal static class WordReader
{
    public static void Read(ReadOnlySpan<char> text, WordSequence words) => Read(text, 0, text.Length, words);

    /// <summary>The same for a part of a text, as if nothing stood around it.</summary>
    public static void Read(ReadOnlySpan<char> text, int from, int to, WordSequence words)
    {
        var table = Folding.Table;
        var hash = default(WordHash);
        int start = -1, end = 0;
        for (var i = from; i < to; i++)
        {
            var folded = table[text[i]];
            if (folded == Folding.Dropped)
                continue;
            if (folded != Folding.Separator && !Folding.IsSpaceless(folded))
            {
                if (start < 0)
                    start = i;
                end = i + 1;
                if (folded != Folding.Expanded)
                    hash.Add(folded);
                else
                    foreach (var c in Folding.Expansion(text[i]))
                        hash.Add(c);
                continue;
            }

            if (start >= 0)
            {
                words.Add(hash.Finish(), start, end);
                (hash, start) = (default, -1);
            }

            if (folded != Folding.Separator && (folded < '\uDC00' || IsSecondHalf(text, from, i)))
                words.Add(WordHash.OfCharacter(folded), i, i + 1);
        }

        if (start >= 0)
            words.Add(hash.Finish(), start, end);
    }

    /// <summary>True unless it is the second half of an emoji or the like: there the first half is none of a letter.</summary>
    static bool IsSecondHalf(ReadOnlySpan<char> text, int from, int place) =>
        !char.IsLowSurrogate(text[place]) || place > from && text[place - 1] is >= '\uD840' and <= '\uD8BF';
}
