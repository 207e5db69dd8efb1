namespace Ingest.Core.Deduplication;

/// <summary>What decides whether two articles are one story. Decisions are comparable only between runs with the same options.</summary>
public sealed record DeduplicationOptions
{
    /// <summary>How long an article is remembered after its arrival. Longer finds later copies, and needs memory for more articles.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Articles remembered at most; about 600 bytes of memory each.</summary>
    public int MaximumCount { get; init; } = 1_000_000;

    /// <summary>The share of the shorter article's words that the other must have, replaced passages counted against it. Lower joins more distant versions, and in time strangers that quote the same passages.</summary>
    public double Containment { get; init; } = 0.6;

    /// <summary>The same for a version that its agency declares as an update or a correction of the article.</summary>
    public double RevisionContainment { get; init; } = 0.4;

    /// <summary>Words in a shingle. More is stricter: one changed word breaks as many shingles.</summary>
    public int ShingleWords { get; init; } = 3;

    /// <summary>Characters in a shingle, for scripts without blanks.</summary>
    public int ShingleCharacters { get; init; } = 6;

    /// <summary>One shingle in this many is sampled. Fewer finds more, and costs memory and time in proportion.</summary>
    public int SampleOneIn { get; init; } = 10;

    /// <summary>A shingle that this many stories have is common: it nominates no candidates.</summary>
    public int CommonStories { get; init; } = 8;

    /// <exception cref="ArgumentException">A value is out of its range; the message names it and the range.</exception>
    public DeduplicationOptions Validated()
    {
        Check(Window > TimeSpan.Zero && Window <= TimeSpan.FromDays(3660), "window", Window, "more than 0 and at most 3660 days");
        Check(MaximumCount is >= 1 and <= 500_000_000, "maximum count", MaximumCount, "1 to 500,000,000 articles");
        Check(Containment is > 0 and <= 1, "containment", Containment, "more than 0, at most 1");
        Check(RevisionContainment is > 0 and <= 1, "containment of a revision", RevisionContainment, "more than 0, at most 1");
        Check(ShingleWords is >= 1 and <= 16, "words in a shingle", ShingleWords, "1 to 16");
        Check(ShingleCharacters is >= 1 and <= 32, "characters in a shingle", ShingleCharacters, "1 to 32");
        Check(SampleOneIn is >= 1 and <= 1000, "sample", SampleOneIn, "1 in 1 to 1 in 1000");
        Check(CommonStories is >= 2 and <= 64, "stories that make a shingle common", CommonStories, "2 to 64");
        return this;
    }

    static void Check(bool holds, string name, object value, string range)
    {
        if (!holds)
            throw new ArgumentException($"The {name} is {value}: it must be {range}.", nameof(value));
    }
}
