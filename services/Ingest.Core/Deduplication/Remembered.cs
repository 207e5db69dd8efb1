using Ingest.Core.Deduplication.Window;

namespace Ingest.Core.Deduplication;

/// <summary>
/// What the window keeps of one decided article. A log of these is enough to build the window again: see
/// <see cref="Deduplicator.Remember"/>. Comparable only between deduplicators with the same options.
/// </summary>
/// <param name="Number">The article's number: they are consecutive, from 1.</param>
/// <param name="Story">The number of its story's first article; its own if it opened the story.</param>
/// <param name="Canonical">The number of the story's canonical article after this decision.</param>
/// <param name="Version">How many canonical articles the story has had.</param>
/// <param name="Arrival">
/// The latest arrival of its story up to this decision, its own included. Seconds since 1970; earlier and later times than 32 bits hold are
/// cut to them.
/// </param>
/// <param name="Clock">The log's clock at its decision, likewise in seconds.</param>
/// <param name="Hops">Articles through which it was found to be of its story, beside the canonical; less than 256.</param>
/// <param name="Sampled">Shingles in its sample; less than 65,536.</param>
/// <param name="Thinning">How often its sampling fraction was halved; less than 64.</param>
/// <param name="TextHash">Equal for texts of the same words in the same order.</param>
/// <param name="Posted">
/// By what the story is found since: of each hash that was posted, the 32 bits that the index knows. Which hashes of a text are posted
/// depends on what was common when it was decided, so this cannot be computed from the text later.
/// </param>
/// <param name="Oldest">
/// The number of the oldest article in the window after this decision, at most <paramref name="Number"/>; it never falls
/// from one article to the next.
/// </param>
public sealed record Remembered(
    long Number, long Story, long Canonical, int Version, uint Arrival, uint Clock, int Hops, int Sampled, int Thinning,
    ulong TextHash, uint[] Posted, long Oldest)
{
    /// <summary>A decision may have left this.</summary>
    internal bool IsSound =>
        Number >= 1 && Oldest >= 1 && Oldest <= Number && Story >= 1 && Story <= Number && Canonical >= Story && Canonical <= Number
        && Version >= 1 && Hops is >= 0 and <= byte.MaxValue && Sampled is >= 0 and <= ushort.MaxValue
        && Thinning is >= 0 and < 64 && Posted is not null;

    internal ArticleRecord Record(int slot) => new()
    {
        TextHash = TextHash,
        Arrival = Arrival,
        Clock = Clock,
        Story = slot,
        Sampled = (ushort)Sampled,
        Thinning = (byte)Thinning,
        Hops = (byte)Hops,
    };
}
