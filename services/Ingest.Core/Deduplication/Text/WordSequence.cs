using System.Numerics;

namespace Ingest.Core.Deduplication.Text;

/// <summary>
/// The words of one text, in order, as the comparison sees them: for each a 64-bit hash of its folded characters and where it
/// stands. In a script without blanks every character is a word. A buffer, to be filled again for the next text.
/// </summary>
internal sealed class WordSequence
{
    ulong[] hashes = new ulong[1024];
    int[] starts = new int[1024];
    int[] ends = new int[1024];

    public int Count { get; private set; }

    /// <summary>The lowest bit of a hash is set for a character of a script without blanks, and clear for a word.</summary>
    public ReadOnlySpan<ulong> Hashes => hashes.AsSpan(0, Count);

    /// <summary>The text that was read.</summary>
    public string Text { get; private set; } = "";

    public static bool IsCharacter(ulong hash) => (hash & 1) != 0;

    /// <summary>Where word <paramref name="index"/> stands in the text, in UTF-16 code units.</summary>
    public (int Start, int End) Place(int index) => (starts[index], ends[index]);

    /// <summary>The text from one word to another (exclusive).</summary>
    public string Passage(int from, int to) => from >= to ? "" : Text[starts[from]..ends[to - 1]];

    /// <summary>Replaces the content by the words of <paramref name="text"/>.</summary>
    public void Read(string text)
    {
        Text = text;
        Count = 0;
        WordReader.Read(text, this);
    }

    public void Add(ulong hash, int start, int end)
    {
        if (Count == hashes.Length)
            Grow();
        hashes[Count] = hash;
        starts[Count] = start;
        ends[Count++] = end;
    }

    void Grow()
    {
        Array.Resize(ref hashes, Count * 2);
        Array.Resize(ref starts, Count * 2);
        Array.Resize(ref ends, Count * 2);
    }
}

/// <summary>Hashes the folded characters of a word, eight at a time: low bytes and high bytes apart, so that ASCII packs into one register.</summary>
internal struct WordHash
{
    const ulong Multiplier = 0x9E3779B97F4A7C15;

    ulong state, low, high;
    int count;

    public void Add(char folded)
    {
        low |= (ulong)(folded & 0xFF) << (8 * count);
        high |= (ulong)(folded >> 8) << (8 * count);
        if (++count == 8)
        {
            state = Absorb(state, low, high);
            (low, high, count) = (0, 0, 0);
        }
    }

    /// <param name="isCharacter">True for a character of a script without blanks.</param>
    public readonly ulong Finish(bool isCharacter) => Finish(count > 0 ? Absorb(state, low, high) : state, isCharacter);

    public static ulong Finish(ulong state, bool isCharacter)
    {
        state = (state ^ (state >> 32)) * Multiplier;
        return ((state ^ (state >> 29)) & ~1UL) | (isCharacter ? 1UL : 0UL);
    }

    /// <summary>Takes eight characters in; ASCII has no <paramref name="high"/> bytes.</summary>
    public static ulong Absorb(ulong state, ulong low, ulong high)
    {
        state = (state ^ low ^ BitOperations.RotateLeft(high * Multiplier, 32)) * 0xD6E8FEB86659FD93;
        return state ^ (state >> 32);
    }
}
