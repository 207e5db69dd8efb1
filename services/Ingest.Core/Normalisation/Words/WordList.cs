using System.Numerics;

namespace Ingest.Core.Normalisation.Words;

/// <summary>Words that stand one behind the other in a <see cref="WordList"/>.</summary>
internal readonly record struct WordRange(int First, int Count);

/// <summary>
/// The folded words of a document as hashes, in the order they were scanned; a segment holds a range of them. A stored hash has 30 bits:
/// the two above say what its letters did not leave in it.
/// </summary>
/// <param name="capacity">Words expected; more are taken.</param>
internal sealed class WordList(int capacity)
{
    /// <summary>The word has digits.</summary>
    public const uint Number = 1u << 31;

    /// <summary>The word has four letters or more and is no function word: it may say what a text is about.</summary>
    public const uint Content = 1u << 30;
    public const uint HashMask = Content - 1;

    uint[] hashes = GC.AllocateUninitializedArray<uint>(capacity);

    public int Count { get; private set; }

    /// <summary>The whole hash of the word added last.</summary>
    public uint Last { get; private set; }

    public void Add(uint hash, bool number, bool content)
    {
        if (Count == hashes.Length)
            Array.Resize(ref hashes, hashes.Length * 2);
        Last = hash;
        hashes[Count++] = hash & HashMask | (number ? Number : 0) | (content ? Content : 0);
    }

    public ReadOnlySpan<uint> Of(WordRange range) => hashes.AsSpan(range.First, range.Count);

    /// <summary>A hash of words in their order, by which the same lines are found.</summary>
    public static uint Key(ReadOnlySpan<uint> words)
    {
        var key = (uint)words.Length;
        foreach (var word in words)
            key = (BitOperations.RotateLeft(key, 5) ^ word) * 0x9e3779b1;
        return key;
    }

    /// <summary>Adds the <see cref="Content"/> words of a range to a set.</summary>
    public void AddContent(WordRange range, HashSet<uint> to)
    {
        foreach (var word in Of(range))
            if ((word & Content) != 0)
                to.Add(word);
    }

    /// <summary>The words that were added since the list had <paramref name="first"/>.</summary>
    public WordRange Since(int first) => new(first, Count - first);
}
