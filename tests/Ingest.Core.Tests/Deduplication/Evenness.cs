namespace Ingest.Core.Tests.Deduplication;

/// <summary>Whether hashes fall evenly into 256 buckets, by a chi-square test.</summary>
static class Evenness
{
    /// <summary>Fails where chance alone would leave the buckets so uneven, or so even, once in about ten million times.</summary>
    /// <param name="shift">The lowest of the eight bits that choose the bucket.</param>
    public static void Check(ReadOnlySpan<ulong> hashes, int shift, string what)
    {
        var buckets = new int[256];
        foreach (var hash in hashes)
            buckets[(int)(hash >> shift) & 0xFF]++;
        var expected = hashes.Length / 256.0;
        var chiSquare = buckets.Sum(b => (b - expected) * (b - expected) / expected);
        // 255 degrees of freedom: mean 255, standard deviation 22.6.
        Assert.True(chiSquare is > 150 and < 385, $"{what}: chi-square {chiSquare:0} of 256 buckets, expected 255 ± 23");
    }
}
