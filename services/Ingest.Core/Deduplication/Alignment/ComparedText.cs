using Ingest.Core.Deduplication.Fingerprints;
using Ingest.Core.Deduplication.Text;

namespace Ingest.Core.Deduplication.Alignment;

/// <summary>What became of a word in a comparison.</summary>
internal enum WordState : byte
{
    /// <summary>The other text does not have it.</summary>
    Unmatched,

    /// <summary>
    /// Not the same as what stands in its place in the other text, but so alike that a scanner or a speller may have made the difference.
    /// </summary>
    Resembling,

    /// <summary>In a shingle that the other text has, in the same neighbourhood.</summary>
    Matched,
}

/// <summary>One text of a comparison, and after the comparison what became of each of its words.</summary>
internal sealed class ComparedText(Shingles settings) : ShingledText(settings, WordKernel.Chosen)
{
    WordState[] states = new WordState[1024];

    public Span<WordState> States => states.AsSpan(0, Count);

    public override void Read(string text)
    {
        base.Read(text);
        Fit(ref states);
    }
}
