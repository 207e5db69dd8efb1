namespace Ingest.Core.Deduplication.Alignment;

/// <summary>How much two texts share, in words. A is the later text, B the earlier one.</summary>
/// <param name="WordsA">Words of A.</param>
/// <param name="MatchedA">Of them, those that B has too, in the same neighbourhood, the merely resembling included.</param>
/// <param name="LeadA">Of them, those before the first that B has too.</param>
/// <param name="OwnA">The longest run of words of A that B does not have.</param>
/// <param name="Resemblance">Shingles in both, as a share of shingles in either (Jaccard), 0 to 1.</param>
/// <param name="Replaced">
/// Short passages that read otherwise in the same place: other figures, other names. One in a script without blanks counts twice.
/// </param>
public readonly record struct Similarity(
    int WordsA, int MatchedA, int LeadA, int WordsB, int MatchedB, int LeadB,
    double Resemblance, int Replaced, int OwnA = 0, int OwnB = 0)
{
    /// <summary>
    /// A replaced passage weighs like this many words that the other text does not have. Two reports from one template share two thirds
    /// of their words and more, but every few words another fact; copies that share as much replace next to nothing.
    /// </summary>
    const double ReplacedWeight = 5;

    /// <summary>Words of a passage of news, and its share of the text.</summary>
    const double OwnPassage = 16, OwnPassageShare = 0.15;

    /// <summary>The share of A that B has, 0 to 1.</summary>
    public double ContainmentA => WordsA == 0 ? 0 : MatchedA / (double)WordsA;

    /// <summary>The share of B that A has, 0 to 1.</summary>
    public double ContainmentB => WordsB == 0 ? 0 : MatchedB / (double)WordsB;

    /// <summary>Both have a passage of their own: what they share may be background that goes with many stories.</summary>
    public bool HavePassagesOfTheirOwn =>
        OwnA >= Math.Max(OwnPassage, WordsA * OwnPassageShare) && OwnB >= Math.Max(OwnPassage, WordsB * OwnPassageShare);

    /// <summary>The share of the shorter text that the other has, 0 to 1.</summary>
    public double Containment => WordsA <= WordsB ? ContainmentA : ContainmentB;

    /// <summary>
    /// What decides: the containment, less what the replaced passages weigh; at most 1, and negative for two texts of other facts.
    /// </summary>
    public double Score => Containment - ReplacedWeight * Replaced / Math.Max(1, Math.Min(WordsA, WordsB));
}
