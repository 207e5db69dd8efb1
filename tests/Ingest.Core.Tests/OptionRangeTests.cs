using Ingest.Core.Deduplication;
using Ingest.Core.Normalisation;

namespace Ingest.Core.Tests;

public class OptionRangeTests
{
    [Fact]
    public void A_range_is_read_in_the_type_that_is_asked_for()
    {
        Assert.Equal(new OptionRange<long>(1, 1 << 30), OptionRange.Of<NormaliserOptions, long>(nameof(NormaliserOptions.MaxBytes)));
        Assert.Equal(new OptionRange<TimeSpan>(TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1)),
            OptionRange.Of<NormaliserOptions, TimeSpan>(nameof(NormaliserOptions.TimeBudget)));
        Assert.Equal(new OptionRange<double>(0.05, 1),
            OptionRange.Of<DeduplicationOptions, double>(nameof(DeduplicationOptions.Containment)));
    }

    [Fact]
    public void An_option_without_a_range_is_named() =>
        Assert.Contains("NormaliserOptions.MinBytes",
            Assert.Throws<ArgumentException>(() => OptionRange.Of<NormaliserOptions, long>("MinBytes")).Message, StringComparison.Ordinal);

    public static TheoryData<string, NormaliserOptions> Bad() => new()
    {
        { "MaxBytes is 0: it must be 1 to 1073741824.", new(0) },
        { "MaxBytes is 99999999999: it must be 1 to 1073741824.", new(99_999_999_999) },
        { "TimeBudget is 00:00:00: it must be 0.001 s to 3600 s.", new(TimeBudget: TimeSpan.Zero) },
        { "TimeBudget is 01:00:01: it must be 0.001 s to 3600 s.", new(TimeBudget: new TimeSpan(1, 0, 1)) },
    };

    [Theory, MemberData(nameof(Bad))]
    public void A_normaliser_refuses_bad_options(string message, NormaliserOptions options) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentOutOfRangeException>(() => new Normaliser(options, TimeProvider.System)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void The_defaults_are_valid() => Assert.Equal(new NormaliserOptions(), new NormaliserOptions().Validated());
}
