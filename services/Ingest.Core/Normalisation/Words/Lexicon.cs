namespace Ingest.Core.Normalisation.Words;

/// <summary>
/// What a word, a pair of words, a line's start, its end or a whole short line says: of the line itself, and of the lines
/// under it when it heads them.
/// </summary>
internal readonly record struct LexiconEntry(uint Item, float Line, float Heading);

/// <summary>
/// The learned words of furniture and of news. A line's score is the sum of its items' weights, damped by their number;
/// furniture is negative.
/// </summary>
internal sealed class Lexicon
{
    /// <summary>Most items of one line: 40 words, as many pairs, and the five that stand for its edges and the whole.</summary>
    public const int MaxItems = 90;

    const int FirstWords = 30;
    const int LastWords = 10;
    const int WholeLine = 6;

    // The item's place in the line goes into its hash.
    const uint StartMark = 0x51ed270b;
    const uint EndMark = 0x2545f491;
    const uint WholeMark = 0x6c8e9cf5;
    const uint AnyNumber = 0x1b873593;

    readonly LexiconEntry[] slots;
    readonly int mask;
    readonly HashFilter filter = new();

    public Lexicon(IReadOnlyList<LexiconEntry> entries, float lineBias, float headingBias)
    {
        Entries = entries;
        LineBias = lineBias;
        HeadingBias = headingBias;
        var size = 1024;
        while (size < entries.Count * 2)
            size *= 2;
        mask = size - 1;
        slots = new LexiconEntry[size];
        foreach (var entry in entries)
        {
            var slot = (int)(entry.Item >> 1 & (uint)mask);
            while (slots[slot].Item != 0)
                slot = (slot + 1) & mask;
            slots[slot] = entry;
            filter.Add(entry.Item);
        }
    }

    public IReadOnlyList<LexiconEntry> Entries { get; }
    public float LineBias { get; }
    public float HeadingBias { get; }

    /// <param name="items">Room for <see cref="MaxItems"/>.</param>
    public (float Line, float Heading) Score(ReadOnlySpan<uint> words, Span<uint> items)
    {
        float line = 0, heading = 0;
        int lineHits = 0, headingHits = 0;
        foreach (var item in items[..Items(words, items)])
        {
            // Most items are not listed.
            if (!filter.MayHave(item))
                continue;
            var slot = (int)(item >> 1 & (uint)mask);
            while (slots[slot].Item != 0 && slots[slot].Item != item)
                slot = (slot + 1) & mask;
            ref readonly var entry = ref slots[slot];
            // Without branches: a listed item has either weight about as often as not.
            line += entry.Line;
            lineHits += entry.Line != 0 ? 1 : 0;
            heading += entry.Heading;
            headingHits += entry.Heading != 0 ? 1 : 0;
        }

        return (LineBias + line / MathF.Sqrt(1 + lineHits), HeadingBias + heading / MathF.Sqrt(1 + headingHits));
    }

    /// <summary>The items of a line, from its words; all numbers are one word. Returns how many.</summary>
    public static int Items(ReadOnlySpan<uint> words, Span<uint> items)
    {
        if (words.Length == 0)
            return 0;
        var count = 0;
        for (var i = 0; i < words.Length; i++)
        {
            if (i == FirstWords && words.Length > FirstWords + LastWords)
                i = words.Length - LastWords;
            var word = Word(words[i]);
            items[count++] = Own(word);
            if (i + 1 < words.Length)
                items[count++] = Pair(word, Word(words[i + 1]));
        }

        var first = Word(words[0]);
        items[count++] = Pair(StartMark, first);
        items[count++] = Pair(EndMark, Word(words[^1]));
        if (words.Length >= 2)
            items[count++] = Pair(Pair(StartMark, first), Word(words[1]));
        if (words.Length <= WholeLine)
        {
            var whole = WholeMark;
            foreach (var word in words)
                whole = Pair(whole, Word(word));
            items[count++] = whole;
        }

        return count;
    }

    static uint Word(uint word) => (word & WordList.Number) != 0 ? AnyNumber : word & WordList.HashMask;

    static uint Own(uint word) => Pair(0x9747b28c, word);

    /// <summary>Never zero, which marks an empty slot.</summary>
    static uint Pair(uint first, uint second)
    {
        var mixed = (first * 0x9e3779b1 ^ second) * 0x85ebca6b;
        return mixed ^ mixed >> 15 | 1;
    }
}
