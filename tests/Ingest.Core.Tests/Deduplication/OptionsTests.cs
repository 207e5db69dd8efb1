using Ingest.Core.Deduplication;

namespace Ingest.Core.Tests.Deduplication;

public class OptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.Equal(new DeduplicationOptions(), new DeduplicationOptions().Validated());

    public static TheoryData<string, string, string, DeduplicationOptions> Bad() => new()
    {
        { "The window is 00:00:00:", "00:00:00", "3660 days", new() { Window = TimeSpan.Zero } },
        { "The window is", "-1.00:00:00", "more than 0", new() { Window = TimeSpan.FromDays(-1) } },
        { "The window is", "3661.00:00:00", "3660 days", new() { Window = TimeSpan.FromDays(3661) } },
        { "The maximum count is", "0", "1 to 500,000,000 articles", new() { MaximumCount = 0 } },
        { "The maximum count is", "-1", "1 to 500,000,000 articles", new() { MaximumCount = -1 } },
        { "The maximum count is", "500000001", "1 to 500,000,000 articles", new() { MaximumCount = 500_000_001 } },
        { "The containment is", "0", "more than 0, at most 1", new() { Containment = 0 } },
        { "The containment is", "1.01", "more than 0, at most 1", new() { Containment = 1.01 } },
        { "The containment is", "NaN", "more than 0, at most 1", new() { Containment = double.NaN } },
        { "The containment of a revision is", "-0.1", "more than 0, at most 1", new() { RevisionContainment = -0.1 } },
        { "The containment of a revision is", "1.5", "more than 0, at most 1", new() { RevisionContainment = 1.5 } },
        { "The containment of a revision is", "NaN", "more than 0, at most 1", new() { RevisionContainment = double.NaN } },
        { "The words in a shingle is", "0", "1 to 16", new() { ShingleWords = 0 } },
        { "The words in a shingle is", "17", "1 to 16", new() { ShingleWords = 17 } },
        { "The characters in a shingle is", "0", "1 to 32", new() { ShingleCharacters = 0 } },
        { "The characters in a shingle is", "33", "1 to 32", new() { ShingleCharacters = 33 } },
        { "The sample is", "0", "1 in 1 to 1 in 1000", new() { SampleOneIn = 0 } },
        { "The sample is", "1001", "1 in 1 to 1 in 1000", new() { SampleOneIn = 1001 } },
        { "The stories that make a shingle common is", "1", "2 to 64", new() { CommonStories = 1 } },
        { "The stories that make a shingle common is", "65", "2 to 64", new() { CommonStories = 65 } },
    };

    [Theory, MemberData(nameof(Bad))]
    public void A_bad_value_is_named_with_its_range(string name, string value, string range, DeduplicationOptions options)
    {
        var error = Assert.Throws<ArgumentException>(() => options.Validated());
        Assert.StartsWith(name, error.Message, StringComparison.Ordinal);
        Assert.Contains($" is {value}:", error.Message, StringComparison.Ordinal);
        Assert.Contains(range, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deduplicator_and_a_comparison_refuse_bad_options()
    {
        var bad = new DeduplicationOptions { CommonStories = 1 };
        Assert.Throws<ArgumentException>(() => new Deduplicator(bad, _ => throw new InvalidOperationException()));
        Assert.Throws<ArgumentException>(() => Core.Deduplication.Alignment.Comparison.Of("one", "two", bad));
    }

    public static TheoryData<DeduplicationOptions> Ends() =>
    [
        new() { Window = TimeSpan.FromDays(3660) },
        new() { Window = TimeSpan.FromSeconds(1) },
        new() { MaximumCount = 1 },
        new() { MaximumCount = 500_000_000 },
        new() { Containment = 1, RevisionContainment = 1 },
        new() { Containment = 0.01, RevisionContainment = 0.01 },
        new() { ShingleWords = 1, ShingleCharacters = 1, SampleOneIn = 1, CommonStories = 2 },
        new() { ShingleWords = 16, ShingleCharacters = 32, SampleOneIn = 1000, CommonStories = 64 },
    ];

    [Theory, MemberData(nameof(Ends))]
    public void The_ends_of_the_ranges_work(DeduplicationOptions options)
    {
        var (stream, prose) = (new ArticleStream(options), new Prose(1));
        for (var n = 0; n < 20; n++)
        {
            var text = prose.Text(50);
            Assert.Equal(2 * n + 1, stream.Decide(text).Number);
            Assert.Equal(2 * n + 2, stream.Decide(text).Number);
        }
    }
}
