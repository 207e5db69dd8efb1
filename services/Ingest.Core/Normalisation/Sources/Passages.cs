using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Lines;

namespace Ingest.Core.Normalisation.Sources;

/// <summary>Reads the passages of a text: one pass over its characters, linear in its length.</summary>
internal static class Passages
{
    /// <summary>Sentences at each end of a line that may be repeated apart from the rest.</summary>
    const int EdgeSentences = 2;

    /// <summary>A label is short: "Lire aussi :", "Read more:".</summary>
    const int LabelLength = 30;

    const ulong Seed = 0x9e3779b97f4a7c15;

    /// <summary>The passages in the order of the text; the sentences of a line behind it.</summary>
    public static List<Passage> Of(string text)
    {
        var passages = new List<Passage>(64);
        var starts = new List<int>(16);
        for (var at = 0; at < text.Length;)
        {
            var end = at;
            while (end < text.Length && !Chars.Is(text[end], CharClass.LineBreak))
                end++;
            Line(text, at, end, passages, starts);
            at = end + 1;
        }

        return passages;
    }

    static void Line(string text, int start, int end, List<Passage> passages, List<int> starts)
    {
        while (start < end && LineReader.IsBlank(text[start]))
            start++;
        while (end > start && LineReader.IsBlank(text[end - 1]))
            end--;
        if (start == end)
            return;
        starts.Clear();
        starts.Add(start);
        Sentences.Starts(text, start, end, starts);
        passages.Add(Keyed(text, start, end, starts.Count > 1 ? PassageKind.Paragraph : PassageKind.Line));
        if (starts.Count == 1)
            return;
        for (var i = 0; i < starts.Count; i++)
        {
            var from = starts[i];
            var to = i + 1 < starts.Count ? starts[i + 1] : end;
            while (to > from && LineReader.IsBlank(text[to - 1]))
                to--;
            var kind = i < EdgeSentences || i >= starts.Count - EdgeSentences ? PassageKind.Edge
                : IsAside(text.AsSpan(from, to - from)) ? PassageKind.Aside
                : PassageKind.Inner;
            passages.Add(Keyed(text, from, to, kind));
        }
    }

    static bool IsAside(ReadOnlySpan<char> sentence) => sentence[0] is '(' or '[' or '（' or '【' or '<'
        || sentence[..Math.Min(sentence.Length, LabelLength)].IndexOfAny(':', '：') > 0;

    static Passage Keyed(string text, int start, int end, PassageKind kind)
    {
        ulong key = Seed, masked = Seed;
        int words = 0, spaceless = 0, letters = 0;
        bool inWord = false, inNumber = false, numbers = false;
        for (var i = start; i < end; i++)
        {
            var entry = Chars.Entry(text[i]);
            var class_ = (CharClass)entry;
            if ((class_ & (CharClass.Letter | CharClass.Digit)) == 0)
            {
                // Signs and marks inside a word leave it one word.
                if ((class_ & CharClass.Space) != 0)
                    inWord = inNumber = false;
                continue;
            }

            letters++;
            if ((class_ & CharClass.Spaceless) != 0)
                spaceless++;
            else if (!inWord)
                (words, key, masked) = (words + 1, Mix(key, ' '), Mix(masked, ' '));
            inWord = (class_ & CharClass.Spaceless) == 0;
            var folded = (char)(entry >> 16);
            key = Mix(key, folded);
            if ((class_ & CharClass.Digit) == 0)
                (masked, inNumber) = (Mix(masked, folded), false);
            else if (!inNumber)
                (masked, inNumber, numbers) = (Mix(masked, '0'), true, true);
        }

        if (letters == 0)
            return new Passage(start, end, 0, 0, 0, kind);
        key = Finish(key);
        return new Passage(start, end, key, numbers ? Finish(masked ^ 1) : key, words + spaceless / 2, kind);
    }

    static ulong Mix(ulong hash, char c) => (hash ^ c) * 0x100000001b3;

    /// <summary>Never 0.</summary>
    static ulong Finish(ulong hash)
    {
        hash ^= hash >> 32;
        hash *= 0xd6e8feb86659fd93;
        hash ^= hash >> 32;
        return hash | 1;
    }
}
