namespace Ingest.Core.Deduplication.Fingerprints;

/// <summary>
/// Chooses the shingles that stand for a text. News is cut from the end, so its copies share the lead: the lead is sampled more
/// densely, and a brief of two sentences still finds its original.
/// </summary>
/// <param name="OneIn">The share of shingles that is sampled: one in this many.</param>
/// <param name="LeadOneIn">The same for the lead.</param>
/// <param name="Lead">Words in the lead.</param>
internal readonly record struct Sampler(int OneIn, int LeadOneIn, int Lead)
{
    /// <summary>Texts beyond this many words are sampled more thinly, so that no text can fill the window: half as densely at each doubling.</summary>
    const int LongText = 4096;

    readonly ulong limit = ulong.MaxValue / (ulong)OneIn;
    readonly ulong leadLimit = ulong.MaxValue / (ulong)LeadOneIn;

    /// <summary>The sample of a text, given the hash of the shingle that ends at each of its words (0 for none).</summary>
    public Fingerprint Sample(ReadOnlySpan<ulong> shingles, ulong textHash)
    {
        var thinning = 0;
        while (shingles.Length >> thinning > LongText)
            thinning++;
        var sample = new List<ulong>(shingles.Length / OneIn + Lead / LeadOneIn + 16);
        for (var i = 0; i < shingles.Length; i++)
        {
            var below = i < Lead ? leadLimit : limit >> thinning;
            if (shingles[i] < below && shingles[i] != 0)
                sample.Add(shingles[i]);
        }

        return new Fingerprint([.. sample.Distinct()], shingles.Length, textHash, thinning);
    }
}
