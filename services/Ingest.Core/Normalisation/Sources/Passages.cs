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
        for (var at = 0; LineReader.Next(text, ref at, out var start, out var end);)
            if (start < end)
                Line(text, start, end, passages, starts);
        return passages;
    }

    static void Line(string text, int start, int end, List<Passage> passages, List<int> starts)
    {
        starts.Clear();
        starts.Add(start);
        Sentences.Starts(text, start, end, starts);
        // Half a sentence is nobody's boilerplate.
        starts.RemoveAll(at => at > start && Sentences.FollowsAbbreviation(text, at, start));
        if (starts.Count == 1)
        {
            passages.Add(Keyed(text, start, end, PassageKind.Line));
            return;
        }

        // The line comes before its sentences, and is known by them.
        var line = passages.Count;
        passages.Add(default);
        ulong key = Seed, masked = Seed;
        var words = 0;
        for (var i = 0; i < starts.Count; i++)
        {
            var from = starts[i];
            var to = i + 1 < starts.Count ? starts[i + 1] : end;
            while (to > from && LineReader.IsBlank(text[to - 1]))
                to--;
            var kind = i < EdgeSentences || i >= starts.Count - EdgeSentences ? PassageKind.Edge
                : IsAside(text.AsSpan(from, to - from)) ? PassageKind.Aside
                : PassageKind.Inner;
            var sentence = Keyed(text, from, to, kind);
            passages.Add(sentence);
            key = Mix(key, sentence.Key);
            masked = Mix(masked, sentence.Masked);
            words += sentence.Words;
        }

        key = Finish(key);
        passages[line] = new Passage(start, end, key, Finish(masked), words, PassageKind.Paragraph);
    }

    static bool IsAside(ReadOnlySpan<char> sentence) => sentence[0] is '(' or '[' or '（' or '【' or '<'
        || sentence[..Math.Min(sentence.Length, LabelLength)].IndexOfAny(':', '：') > 0;

    static Passage Keyed(string text, int start, int end, PassageKind kind)
    {
        var key = Seed;
        int words = 0, spaceless = 0;
        bool inWord = false, numbers = false;
        for (var i = start; i < end; i++)
        {
            var entry = Chars.Entry(text[i]);
            var class_ = (CharClass)entry;
            if ((class_ & (CharClass.Letter | CharClass.Digit)) == 0)
            {
                // Signs and marks inside a word leave it one word.
                inWord &= (class_ & CharClass.Space) == 0;
                continue;
            }

            if ((class_ & CharClass.Spaceless) != 0)
            {
                spaceless++;
            }
            else if (!inWord)
            {
                words++;
                key = Mix(key, ' ');
                inWord = true;
            }

            numbers |= (class_ & CharClass.Digit) != 0;
            key = Mix(key, entry >> 16);
        }

        if (words + spaceless == 0)
            return new Passage(start, end, 0, 0, 0, kind);
        key = Finish(key);
        return new Passage(start, end, key, numbers ? Masked(text, start, end) : key, words + spaceless / 2, kind);
    }

    /// <summary>The key with every run of digits alike.</summary>
    static ulong Masked(string text, int start, int end)
    {
        var key = ~Seed;
        bool inWord = false, inNumber = false;
        for (var i = start; i < end; i++)
        {
            var entry = Chars.Entry(text[i]);
            var class_ = (CharClass)entry;
            if ((class_ & (CharClass.Letter | CharClass.Digit)) == 0)
            {
                if ((class_ & CharClass.Space) != 0)
                    inWord = inNumber = false;
                continue;
            }

            if (!inWord && (class_ & CharClass.Spaceless) == 0)
                key = Mix(key, ' ');
            inWord = (class_ & CharClass.Spaceless) == 0;
            var digit = (class_ & CharClass.Digit) != 0;
            if (!digit || !inNumber)
                key = Mix(key, digit ? '0' : entry >> 16);
            inNumber = digit;
        }

        return Finish(key);
    }

    static ulong Mix(ulong hash, ulong part) => (hash ^ part) * 0x100000001b3;

    /// <summary>Never 0.</summary>
    static ulong Finish(ulong hash)
    {
        hash ^= hash >> 32;
        hash *= 0xd6e8feb86659fd93;
        hash ^= hash >> 32;
        return hash | 1;
    }
}
