namespace Ingest.Core.Deduplication.Text;

/// <summary>Splits a text into folded, hashed words. This is the scalar reference: it says what a word is.</summary>
internal static class WordReader
{
    public static void Read(ReadOnlySpan<char> text, WordSequence words)
    {
        var table = Folding.Table;
        var hash = default(WordHash);
        int start = -1, end = 0;
        for (var i = 0; i < text.Length; i++)
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
                words.Add(hash.Finish(isCharacter: false), start, end);
            (hash, start) = (default, -1);
            if (folded == Folding.Separator)
                continue;
            var one = default(WordHash);
            one.Add(folded);
            words.Add(one.Finish(isCharacter: true), i, i + 1);
        }

        if (start >= 0)
            words.Add(hash.Finish(isCharacter: false), start, end);
    }
}
