using System.Globalization;

namespace Ingest.Core.Deduplication;

/// <summary>What decides whether two articles are one story. Decisions are comparable only between runs with the same options.</summary>
public sealed record DeduplicationOptions
{
    public const double LeastContainment = 0.05;

    /// <summary>The containment that an article needs which has another headline and, as the other, a longer passage of its own: less may be shared background.</summary>
    public const double OtherNewsContainment = 0.8;

    /// <summary>Beyond this the 32 bits by which the index tells shingles apart would nominate too many strangers.</summary>
    public const int MostArticles = 50_000_000;
    public static readonly TimeSpan LeastWindow = TimeSpan.FromMinutes(1), MostWindow = TimeSpan.FromDays(3660);

    /// <summary>How long an article is remembered after its arrival. Longer finds later copies, and needs memory for more articles.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Articles remembered at most; about 600 bytes of memory each.</summary>
    public int MaximumCount { get; init; } = 1_000_000;

    /// <summary>The share of the shorter article's words that the other must have, replaced passages counted against it. Lower joins more distant versions, and in time strangers that quote the same passages.</summary>
    public double Containment { get; init; } = 0.6;

    /// <summary>The same for a version that its source marks as an update or a correction of the article; more than <see cref="Containment"/> counts as that.</summary>
    public double RevisionContainment { get; init; } = 0.4;

    /// <summary>Words in a shingle. More is stricter: one changed word breaks as many shingles.</summary>
    public int ShingleWords { get; init; } = 3;

    /// <summary>Characters in a shingle, for scripts without blanks.</summary>
    public int ShingleCharacters { get; init; } = 6;

    /// <summary>
    /// One shingle in this many is sampled; of the first 64 words at least one in four. A smaller number finds more of the short copies, and costs
    /// memory and time.
    /// </summary>
    public int SampleOneIn { get; init; } = 10;

    /// <summary>A shingle that this many stories have is common: it nominates candidates only for a text of which most is common.</summary>
    public int CommonStories { get; init; } = 8;

    /// <exception cref="ArgumentException">A value is out of its range; the message names it and the range.</exception>
    public DeduplicationOptions Validated()
    {
        Check(Window >= LeastWindow && Window <= MostWindow, nameof(Window), Window, $"{LeastWindow.TotalSeconds} s to {MostWindow.TotalDays} days");
        Check(MaximumCount is >= 1 and <= MostArticles, nameof(MaximumCount), MaximumCount, $"1 to {MostArticles} articles");
        Check(Containment is >= LeastContainment and <= 1, nameof(Containment), Containment, $"{LeastContainment} to 1");
        Check(RevisionContainment is >= LeastContainment and <= 1, nameof(RevisionContainment), RevisionContainment, $"{LeastContainment} to 1");
        Check(ShingleWords is >= 1 and <= 16, nameof(ShingleWords), ShingleWords, "1 to 16");
        Check(ShingleCharacters is >= 1 and <= 32, nameof(ShingleCharacters), ShingleCharacters, "1 to 32");
        Check(SampleOneIn is >= 1 and <= 1000, nameof(SampleOneIn), SampleOneIn, "1 in 1 to 1 in 1000");
        Check(CommonStories is >= 2 and <= 64, nameof(CommonStories), CommonStories, "2 to 64");
        return this;
    }

    static void Check(bool holds, string name, object value, string range)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}: it must be {range}."));
    }
}
