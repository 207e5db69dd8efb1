using System.Numerics;
using Ingest.Core.Deduplication.Fingerprints;
using Ingest.Core.Deduplication.Text;

namespace Ingest.Core.Deduplication;

/// <summary>
/// Computes the fingerprints of texts, one after the other: words, shingles, sample. Keeps its buffers from text to text, so one for
/// each thread. Fingerprints are comparable only if the options are the same.
/// </summary>
public sealed class Fingerprinter
{
    /// <summary>
    /// How words are folded before they are hashed. A ledger keeps it: fingerprints of another folding say nothing about these.
    /// </summary>
    public const string Folding = "folding 2";

    /// <summary>The lead is sampled at least this densely: one shingle in four.</summary>
    const int LeadOneIn = 4;

    /// <summary>Words in the lead: about two sentences.</summary>
    const int Lead = 64;

    readonly ShingledText text;
    readonly Sampler sampler;

    /// <param name="options">The length of shingles and the share that is sampled; the other options have no bearing.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">
    /// The environment variable <c>INGEST_KERNEL</c> names a kernel that is unknown or that this machine cannot run.
    /// </exception>
    public Fingerprinter(DeduplicationOptions options)
        : this(options, WordKernel.Chosen)
    {
    }

    internal Fingerprinter(DeduplicationOptions options, WordKernel kernel)
    {
        options.Validated();
        text = new ShingledText(new Shingles(options.ShingleWords, options.ShingleCharacters), kernel);
        sampler = new Sampler(options.SampleOneIn, Math.Min(LeadOneIn, options.SampleOneIn), Lead);
    }

    /// <summary>The fingerprint of a text. Any text has one; the time is linear in its length.</summary>
    /// <param name="body">The normalised body, paragraphs separated by line breaks.</param>
    public Fingerprint Compute(string body)
    {
        text.Read(body);
        return sampler.Sample(text.Shingles, TextHash(text.Words.Hashes));
    }

    /// <summary>
    /// Two chains, of the words with even and with odd places, because the next multiplication of a chain waits for the one before.
    /// </summary>
    static ulong TextHash(ReadOnlySpan<ulong> words)
    {
        const ulong Multiplier = 0x9E3779B97F4A7C15;
        ulong even = (ulong)words.Length, odd = 0;
        for (; words.Length >= 2; words = words[2..])
        {
            even = (BitOperations.RotateLeft(even, 27) ^ words[0]) * Multiplier;
            odd = (BitOperations.RotateLeft(odd, 27) ^ words[1]) * Multiplier;
        }

        if (words.Length == 1)
            even = (BitOperations.RotateLeft(even, 27) ^ words[0]) * Multiplier;
        even = (BitOperations.RotateLeft(even, 27) ^ odd) * Multiplier;
        return even ^ (even >> 32);
    }
}
