using System.Numerics;
using Ingest.Core.Deduplication.Text;

namespace Ingest.Core.Deduplication.Fingerprints;

/// <summary>
/// The shingles of a text: every run of a few words in a row, hashed to 64 bits; where the last one is a character of a script
/// without blanks, a longer run of characters. A text shorter than that is one shingle.
/// </summary>
/// <param name="Words">Words in a shingle.</param>
/// <param name="Characters">Characters in a shingle, for scripts without blanks.</param>
internal readonly record struct Shingles(int Words, int Characters)
{
    /// <summary>How many words the shingle covers that ends with word <paramref name="last"/>; it may start before the text does.</summary>
    public int Length(ReadOnlySpan<ulong> words, int last) => WordSequence.IsCharacter(words[last]) ? Characters : Words;

    /// <summary>
    /// Hashes the shingle that ends at each word into <paramref name="hashes"/>, which has the length of <paramref name="words"/>.
    /// Where none ends, because the text has just begun, the hash is 0; no shingle hashes to 0.
    /// </summary>
    public void Hash(ReadOnlySpan<ulong> words, Span<ulong> hashes)
    {
        for (var last = 0; last < words.Length; last++)
        {
            var length = Length(words, last);
            if (length > last + 1)
            {
                hashes[last] = 0;
                continue;
            }

            var hash = 0UL;
            foreach (var word in words.Slice(last + 1 - length, length))
                hash = (BitOperations.RotateLeft(hash, 23) ^ word) * 0x9E3779B97F4A7C15;
            hashes[last] = (hash ^ (hash >> 32)) | 1;
        }

        if (words.Length > 0 && hashes[^1] == 0 && !hashes.ContainsAnyExcept(0UL))
        {
            var whole = 0UL;
            foreach (var word in words)
                whole = (BitOperations.RotateLeft(whole, 23) ^ word) * 0x9E3779B97F4A7C15;
            hashes[^1] = (whole ^ (whole >> 32)) | 1;
        }
    }
}
