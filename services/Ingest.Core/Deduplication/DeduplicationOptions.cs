using System.ComponentModel.DataAnnotations;

namespace Ingest.Core.Deduplication;

/// <summary>What decides whether two articles are one story. Decisions are comparable only between runs with the same options.</summary>
public sealed record DeduplicationOptions
{
    const double LeastContainment = 0.05;

    /// <summary>
    /// The containment that an article needs which has another headline and, as the other, a longer passage of its own:
    /// less may be shared background.
    /// </summary>
    public const double OtherNewsContainment = 0.8;

    /// <summary>
    /// How long an article is remembered after its decision, and how much later than it a copy may have arrived. Longer finds later copies,
    /// and needs memory for more articles.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "3660.00:00:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan Window { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// Articles remembered at most; about 600 bytes of memory each. Beyond the limit the 32 bits by which the index tells shingles apart
    /// would nominate too many strangers.
    /// </summary>
    [Range(1, 50_000_000)]
    public int MaximumCount { get; init; } = 1_000_000;

    /// <summary>
    /// The share of the shorter article's words that the other must have, replaced passages counted against it. Lower joins more distant
    /// versions, and in time strangers that quote the same passages.
    /// </summary>
    [Range(LeastContainment, 1)]
    public double Containment { get; init; } = 0.6;

    /// <summary>
    /// The same for a version that its source marks as an update or a correction of the article; more than
    /// <see cref="Containment"/> counts as that.
    /// </summary>
    [Range(LeastContainment, 1)]
    public double RevisionContainment { get; init; } = 0.4;

    /// <summary>Words in a shingle. More is stricter: one changed word breaks as many shingles.</summary>
    [Range(1, 16)]
    public int ShingleWords { get; init; } = 3;

    /// <summary>Characters in a shingle, for scripts without blanks.</summary>
    [Range(1, 32)]
    public int ShingleCharacters { get; init; } = 6;

    /// <summary>
    /// One shingle in this many is sampled; of the first 64 words at least one in four. A smaller number finds more of the short
    /// copies, and costs memory and time.
    /// </summary>
    [Range(1, 1000)]
    public int SampleOneIn { get; init; } = 10;

    /// <summary>A shingle that this many stories have is common: it nominates candidates only for a text of which most is common.</summary>
    [Range(2, 64)]
    public int CommonStories { get; init; } = 8;

    /// <exception cref="ArgumentException">A value is out of its range; the message names it and the range.</exception>
    public DeduplicationOptions Validated()
    {
        OptionRange.Check(this);
        return this;
    }
}
