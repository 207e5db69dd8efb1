using System.Runtime.CompilerServices;

namespace Ingest.Core.Deduplication.Text;

/// <summary>
/// The words of one text, in order, as the comparison sees them: for each a 64-bit hash of its folded characters and where it
/// stands. In a script without blanks every character is a word. A buffer, to be filled again for the next text.
/// </summary>
internal sealed class WordSequence(WordKernel kernel)
{
    /// <summary>
    /// Room for more words than this is given back once a shorter text comes: one huge text must not cost memory for ever.
    /// </summary>
    public const int Large = 1 << 16;

    ulong[] hashes = new ulong[1024];
    int[] starts = new int[1024];
    int[] ends = new int[1024];

    /// <exception cref="InvalidOperationException">See <see cref="WordKernel.Chosen"/>.</exception>
    public WordSequence()
        : this(WordKernel.Chosen)
    {
    }

    public int Count { get; private set; }

    /// <summary>The lowest bit of a hash is set for a character of a script without blanks, and clear for a word.</summary>
    public ReadOnlySpan<ulong> Hashes => hashes.AsSpan(0, Count);

    /// <summary>The text that was read, with Korean letters composed; places are places in it.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The same, character for character, with the letters that were compared: Serbian ones are Latin.</summary>
    public string Compared { get; private set; } = "";

    public static bool IsCharacter(ulong hash) => (hash & 1) != 0;

    /// <summary>True where at least half of the first words are characters of scripts without blanks.</summary>
    public bool IsOfCharacters
    {
        get
        {
            const int First = 8;
            var characters = 0;
            foreach (var hash in Hashes[..Math.Min(Count, First)])
                characters += IsCharacter(hash) ? 1 : 0;
            return 2 * characters >= Math.Max(1, Math.Min(Count, First));
        }
    }

    /// <summary>Where word <paramref name="index"/> stands in the text, in UTF-16 code units.</summary>
    public (int Start, int End) Place(int index) => (starts[index], ends[index]);

    /// <summary>The text from one word to another (exclusive); half of a surrogate pair brings its other half.</summary>
    public string Passage(int from, int to)
    {
        if (from >= to)
            return "";
        var (start, end) = (starts[from], ends[to - 1]);
        if (start > 0 && char.IsLowSurrogate(Text[start]))
            start--;
        if (end < Text.Length && char.IsHighSurrogate(Text[end - 1]))
            end++;
        return Text[start..end];
    }

    /// <summary>Replaces the content by the words of <paramref name="text"/>.</summary>
    public void Read(string text)
    {
        Text = Hangul.Compose(text);
        Compared = Serbian.ToLatin(Text);
        Count = 0;
        if (hashes.Length > Large && text.Length < Large)
            (hashes, starts, ends) = (new ulong[1024], new int[1024], new int[1024]);
        kernel.Read(Compared, this);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong hash, int start, int end)
    {
        var count = Count;
        if (count == hashes.Length)
            Grow();
        hashes[count] = hash;
        starts[count] = start;
        ends[count] = end;
        Count = count + 1;
    }

    /// <summary>
    /// Room for words behind those that are there. Valid until the next word is added; <see cref="Take"/> makes what was written count.
    /// </summary>
    public void Room(int words, out Span<ulong> newHashes, out Span<int> newStarts, out Span<int> newEnds)
    {
        while (hashes.Length - Count < words)
            Grow();
        newHashes = hashes.AsSpan(Count, words);
        newStarts = starts.AsSpan(Count, words);
        newEnds = ends.AsSpan(Count, words);
    }

    /// <summary>Counts words that were written into <see cref="Room"/>.</summary>
    public void Take(int words) => Count += words;

    void Grow()
    {
        var length = hashes.Length * 2;
        Array.Resize(ref hashes, length);
        Array.Resize(ref starts, length);
        Array.Resize(ref ends, length);
    }
}
