using System.Runtime.InteropServices;

namespace Ingest.Core.Deduplication.Window;

/// <summary>What the window remembers of an article beside its postings: 24 bytes.</summary>
internal struct ArticleRecord
{
    /// <summary>Equal for texts of the same words in the same order.</summary>
    public ulong TextHash;

    /// <summary>
    /// The latest arrival of its story when it was decided, its own included: within a story it never falls. Seconds since 1970, until 2106.
    /// </summary>
    public uint Arrival;

    /// <summary>The log's clock at its decision, on which it is forgotten; never earlier than that of the article before.</summary>
    public uint Clock;

    /// <summary>The slot of its story.</summary>
    public int Story;

    /// <summary>Shingles in its sample.</summary>
    public ushort Sampled;

    /// <summary>How often its sampling fraction was halved.</summary>
    public byte Thinning;

    /// <summary>Articles through which it was found to be of its story, beside the canonical.</summary>
    public byte Hops;
}

/// <summary>A story with at least one article in the window: 28 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
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

    /// <summary>The arrival in the record of its last article: the latest of all of them.</summary>
    public uint Arrival;
}
