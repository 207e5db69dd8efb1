using Ingest.Core.Deduplication.Fingerprints;
using Ingest.Core.Deduplication.Text;

namespace Ingest.Core.Deduplication.Alignment;

/// <summary>What became of a word in a comparison.</summary>
internal enum WordState : byte
{
    /// <summary>The other text does not have it.</summary>
    Unmatched,

    /// <summary>Not the same as what stands in its place in the other text, but so alike that a scanner or a speller may have made the difference.</summary>
    Resembling,

    /// <summary>In a shingle that the other text has, in the same neighbourhood.</summary>
    Matched,
}

/// <summary>One text of a comparison: its words, the shingle that ends at each, and after the comparison what became of each. A buffer, to be filled again.</summary>
internal sealed class ComparedText(Shingles settings)
{
    ulong[] shingles = new ulong[1024];
    WordState[] states = new WordState[1024];

    public WordSequence Words { get; } = new();

    public int Count => Words.Count;

    public ReadOnlySpan<ulong> Shingles => shingles.AsSpan(0, Count);

    public Span<WordState> States => states.AsSpan(0, Count);

    public void Read(string text)
    {
        Words.Read(text);
        if (shingles.Length < Count || shingles.Length > WordSequence.Large && Count < WordSequence.Large)
        {
            var length = Math.Max(Count, 1024) * 5 / 4;
            (shingles, states) = (new ulong[length], new WordState[length]);
        }

        settings.Hash(Words.Hashes, shingles.AsSpan(0, Count));
    }

    /// <summary>The first word of the shingle that ends at a word.</summary>
    public int StartOf(int last) => Math.Max(0, last + 1 - settings.Length(Words.Hashes, last));
}
