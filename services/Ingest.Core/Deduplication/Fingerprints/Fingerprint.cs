namespace Ingest.Core.Deduplication.Fingerprints;

/// <summary>
/// A sampled MinHash of one text (FracMinHash): the shingle hashes below a fraction of the range, so that the same shingle is in the
/// sample of every text that has it, if it is sampled as densely there. The overlap of two samples estimates resemblance
/// and containment alike.
/// </summary>
/// <param name="Hashes">The sampled shingles, distinct, in the order of the text.</param>
/// <param name="Words">Words in the text.</param>
/// <param name="TextHash">Equal for texts of the same words in the same order.</param>
/// <param name="Thinning">How often the sampling fraction was halved, for a very long text.</param>
public sealed record Fingerprint(ulong[] Hashes, int Words, ulong TextHash, int Thinning);
