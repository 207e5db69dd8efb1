using Ingest.Core.Deduplication;

namespace Ingest.Core.Tests.Deduplication;

public class OptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.Equal(new DeduplicationOptions(), new DeduplicationOptions().Validated());

    public static TheoryData<string, string, string, DeduplicationOptions> Bad() => new()
    {
        { "Window is 00:00:00:", "00:00:00", "3660 days", new() { Window = TimeSpan.Zero } },
        { "Window is", "-1.00:00:00", "60 s to", new() { Window = TimeSpan.FromDays(-1) } },
        { "Window is", "3661.00:00:00", "3660 days", new() { Window = TimeSpan.FromDays(3661) } },
        { "MaximumCount is", "0", "1 to 50000000", new() { MaximumCount = 0 } },
        { "MaximumCount is", "-1", "1 to 50000000", new() { MaximumCount = -1 } },
        { "MaximumCount is", "50000001", "1 to 50000000", new() { MaximumCount = 50_000_001 } },
        { "Containment is", "0", "0.05 to 1", new() { Containment = 0 } },
        { "Containment is", "1.01", "0.05 to 1", new() { Containment = 1.01 } },
        { "Containment is", "NaN", "0.05 to 1", new() { Containment = double.NaN } },
        { "RevisionContainment is", "-0.1", "0.05 to 1", new() { RevisionContainment = -0.1 } },
        { "RevisionContainment is", "1.5", "0.05 to 1", new() { RevisionContainment = 1.5 } },
        { "RevisionContainment is", "NaN", "0.05 to 1", new() { RevisionContainment = double.NaN } },
        { "ShingleWords is", "0", "1 to 16", new() { ShingleWords = 0 } },
        { "ShingleWords is", "17", "1 to 16", new() { ShingleWords = 17 } },
        { "ShingleCharacters is", "0", "1 to 32", new() { ShingleCharacters = 0 } },
        { "ShingleCharacters is", "33", "1 to 32", new() { ShingleCharacters = 33 } },
        { "SampleOneIn is", "0", "1 to 1000", new() { SampleOneIn = 0 } },
        { "SampleOneIn is", "1001", "1 to 1000", new() { SampleOneIn = 1001 } },
        { "CommonStories is", "1", "2 to 64", new() { CommonStories = 1 } },
        { "CommonStories is", "65", "2 to 64", new() { CommonStories = 65 } },
    };

    [Theory, MemberData(nameof(Bad))]
    public void A_bad_value_is_named_with_its_range(string name, string value, string range, DeduplicationOptions options)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => options.Validated());
        Assert.StartsWith(name, error.Message, StringComparison.Ordinal);
        Assert.Contains($" is {value}:", error.Message, StringComparison.Ordinal);
        Assert.Contains(range, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deduplicator_and_a_comparison_refuse_bad_options()
    {
        var bad = new DeduplicationOptions { CommonStories = 1 };
        Assert.Throws<ArgumentOutOfRangeException>(() => new Deduplicator(bad, _ => throw new InvalidOperationException()));
        Assert.Throws<ArgumentOutOfRangeException>(() => Comparison.Of("one", "two", bad));
    }

    public static TheoryData<DeduplicationOptions> Ends() =>
    [
        new() { Window = TimeSpan.FromDays(3660) },
        new() { Window = TimeSpan.FromMinutes(1) },
        new() { MaximumCount = 1 },
        new() { MaximumCount = 50_000_000 },
        new() { Containment = 1, RevisionContainment = 1 },
        new() { Containment = 0.05, RevisionContainment = 0.05 },
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
