namespace Ingest.Core.Deduplication.Window;

/// <summary>What the window remembers of an article beside its postings: 24 bytes.</summary>
internal struct ArticleRecord
{
    /// <summary>Equal for texts of the same words in the same order.</summary>
    public ulong TextHash;

    /// <summary>Seconds since 1970, until 2106.</summary>
    public uint Arrival;

    /// <summary>The slot of its story.</summary>
    public int Story;

    /// <summary>Shingles in its sample.</summary>
    public ushort Sampled;

    /// <summary>How often its sampling fraction was halved.</summary>
    public byte Thinning;

    /// <summary>Articles through which it was found to be of its story, beside the canonical.</summary>
    public byte Hops;
}

/// <summary>A story with at least one article in the window: 24 bytes.</summary>
internal struct StoryRecord
{
    /// <summary>The number of its first article: the story's name for ever.</summary>
    public long First;

    /// <summary>The number of its canonical article; this and the first may have left the window.</summary>
    public long Canonical;

    /// <summary>Its articles in the window; in a free slot, the next free slot.</summary>
    public int Members;

    /// <summary>Counts the canonical articles that it has had.</summary>
    public int Version;
}
