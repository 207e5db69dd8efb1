using System.Numerics;

namespace Ingest.Core.Deduplication.Fingerprints;

/// <summary>
/// Chooses the shingles that stand for a text. News is cut from the end, so its copies share the lead: the lead is sampled more
/// densely, and a brief of two sentences still finds its original. Has buffers of its own: not for several threads at once.
/// </summary>
/// <param name="oneIn">The share of shingles that is sampled: one in this many.</param>
/// <param name="leadOneIn">The same for the lead.</param>
/// <param name="lead">Words in the lead.</param>
internal sealed class Sampler(int oneIn, int leadOneIn, int lead)
{
    /// <summary>
    /// Texts beyond this many words are sampled more thinly, so that no text can fill the window: half as densely at each doubling.
    /// </summary>
    public const int LongText = 4096;

    readonly ulong limit = ulong.MaxValue / (ulong)oneIn;
    readonly ulong leadLimit = ulong.MaxValue / (ulong)leadOneIn;
    ulong[] sampled = new ulong[1024];
    ulong[] seen = new ulong[256];

    /// <summary>The sample of a text, given the hash of the shingle that ends at each of its words (0 for none).</summary>
    public Fingerprint Sample(ReadOnlySpan<ulong> shingles, ulong textHash)
    {
        var thinning = 0;
        while (shingles.Length >> thinning > LongText)
            thinning++;
        if (sampled.Length < shingles.Length)
            sampled = new ulong[Math.Max(shingles.Length, sampled.Length * 2)];
        var inLead = Math.Min(lead, shingles.Length);
        var count = Take(shingles[..inLead], leadLimit, sampled);
        var taken = count;
        count += Take(shingles[inLead..], limit >> thinning, sampled.AsSpan(taken));
        // Of a text made for it nearly all hashes lie below the limit. Twice what chance gives is enough.
        for (; count - taken > 64 + 2 * LongText / oneIn && thinning < 60; thinning++)
            count = taken + Take(shingles[inLead..], limit >> (thinning + 1), sampled.AsSpan(taken));
        return new Fingerprint(Distinct(sampled.AsSpan(0, count)), shingles.Length, textHash, thinning);
    }

    /// <summary>
    /// Writes those below the limit, but not 0. There is no branch to predict wrongly: each is written, and stays if the
    /// next is not written over it.
    /// </summary>
    static int Take(ReadOnlySpan<ulong> shingles, ulong below, Span<ulong> taken)
    {
        var count = 0;
        foreach (var shingle in shingles)
        {
            taken[count] = shingle;
            count += shingle - 1 < below - 1 ? 1 : 0;
        }

        return count;
    }

    /// <summary>The first of each, in their order. Closes the gaps in <paramref name="sample"/> on the way.</summary>
    ulong[] Distinct(Span<ulong> sample)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, sample.Length * 2));
        if (seen.Length < size)
            seen = new ulong[size];
        var table = seen.AsSpan(0, size);
        table.Clear();
        var count = 0;
        foreach (var shingle in sample)
        {
            // The lowest bit is always set, and the highest are clear in whatever is sampled.
            var slot = (int)(shingle >> 1) & (size - 1);
            while (table[slot] != 0 && table[slot] != shingle)
                slot = (slot + 1) & (size - 1);
            if (table[slot] != 0)
                continue;
            table[slot] = shingle;
            sample[count++] = shingle;
        }

        return sample[..count].ToArray();
    }
}
