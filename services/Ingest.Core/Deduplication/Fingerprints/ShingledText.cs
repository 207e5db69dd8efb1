using Ingest.Core.Deduplication.Text;

namespace Ingest.Core.Deduplication.Fingerprints;

/// <summary>One text: its words, and the hash of the shingle that ends at each. A buffer, to be filled again.</summary>
internal class ShingledText(Shingles settings, WordKernel kernel)
{
    ulong[] shingles = new ulong[1024];

    public WordSequence Words { get; } = new(kernel);

    public int Count => Words.Count;

    /// <summary>0 where none ends, because the text has just begun.</summary>
    public ReadOnlySpan<ulong> Shingles => shingles.AsSpan(0, Count);

    public virtual void Read(string text)
    {
        Words.Read(text);
        Fit(ref shingles);
        settings.Hash(Words.Hashes, shingles.AsSpan(0, Count));
    }

    /// <summary>The first word of the shingle that ends at a word.</summary>
    public int StartOf(int last) => Math.Max(0, last + 1 - settings.Length(Words.Hashes, last));

    /// <summary>Gives an array room for an entry a word, and gives the room for a huge text back.</summary>
    protected void Fit<T>(ref T[] entries)
    {
        if (entries.Length < Count || entries.Length > WordSequence.Large && Count < WordSequence.Large)
            entries = new T[Math.Max(Count, 1024) * 5 / 4];
    }
}
