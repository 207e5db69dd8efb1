using System.Numerics;
using System.Runtime.CompilerServices;
using Ingest.Core.Deduplication.Text;

namespace Ingest.Core.Deduplication.Fingerprints;

/// <summary>
/// The shingles of a text: every run of a few words in a row, hashed to 64 bits; where the last one is a character of a script
/// without blanks, a longer run of characters. A text shorter than that is one shingle.
/// </summary>
/// <remarks>
/// A rolling hash by cyclic polynomials: every word turns what came before by some bits. The words' own hashes are well mixed, so nothing
/// more is needed than that each place of a run turns its word by another number of bits, and one multiplication at the end.
/// A multiplication for each word of each shingle took five times as long, for shingles of three words and of six characters alike.
/// </remarks>
/// <param name="Words">Words in a shingle, at most <see cref="Longest"/>.</param>
/// <param name="Characters">Characters in a shingle, for scripts without blanks; at most <see cref="Longest"/>.</param>
internal readonly record struct Shingles(int Words, int Characters)
{
    /// <summary>After 64 places the turns begin again.</summary>
    public const int Longest = 64;

    /// <summary>Bits for each word; odd, so that 64 places differ.</summary>
    const int Turn = 21;

    /// <summary>How many words the shingle covers that ends with word <paramref name="last"/>; it may start before the text does.</summary>
    public int Length(ReadOnlySpan<ulong> words, int last) => WordSequence.IsCharacter(words[last]) ? Characters : Words;

    /// <summary>
    /// Hashes the shingle that ends at each word into <paramref name="hashes"/>, which has at least the length of <paramref name="words"/>.
    /// Where none ends, because the text has just begun, the hash is 0; no shingle hashes to 0, and the lowest bit of every one is set.
    /// </summary>
    public void Hash(ReadOnlySpan<ulong> words, Span<ulong> hashes)
    {
        if (words.IsEmpty)
            return;
        hashes = hashes[..words.Length];
        // The text up to each of the last words. What came before a run, turned as far as the run has turned it, is taken off again.
        Span<ulong> texts = stackalloc ulong[Longest];
        texts.Clear();
        var text = 0UL;
        for (var last = 0; last < words.Length; last++)
        {
            var word = words[last];
            var length = WordSequence.IsCharacter(word) ? Characters : Words;
            var before = texts[(last - length) & (Longest - 1)];
            text = BitOperations.RotateLeft(text, Turn) ^ word;
            texts[last & (Longest - 1)] = text;
            hashes[last] = length <= last + 1 ? Mix(text ^ BitOperations.RotateLeft(before, Turn * length)) : 0;
        }

        if (!hashes.ContainsAnyExcept(0UL))
            hashes[^1] = Mix(text);
    }

    /// <summary>Sampling looks at the high bits and hash tables at the low ones: every bit of the result depends on every word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Mix(ulong run)
    {
        run *= 0x9E3779B97F4A7C15;
        return (run ^ (run >> 32)) | 1;
    }
}
