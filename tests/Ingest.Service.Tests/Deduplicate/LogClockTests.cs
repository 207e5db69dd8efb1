using Ingest.Service.Deduplicate;

namespace Ingest.Service.Tests.Deduplicate;

/// <summary>The log's clock follows the wall clock, and never takes its word for a jump.</summary>
public sealed class LogClockTests
{
    static readonly TimeSpan Window = TimeSpan.FromDays(30), Minute = TimeSpan.FromMinutes(1), Year = TimeSpan.FromDays(365);

    readonly FakeTime time = new();
    readonly DateTimeOffset start;

    public LogClockTests() => start = time.GetUtcNow();

    [Fact]
    public void It_begins_with_the_wall_clock_and_goes_with_it()
    {
        var clock = Following(null);
        Assert.Equal(start, clock.Next());
        time.Advance(TimeSpan.FromMilliseconds(1_500));
        Assert.Equal(start.AddSeconds(1), clock.Next());
        time.Advance(Year);
        Assert.Equal(start + Year + TimeSpan.FromSeconds(1), clock.Next());
    }

    [Theory, InlineData(730), InlineData(-3650), InlineData(365 * 50)]
    public void A_wall_clock_that_jumps_and_comes_back_does_almost_nothing(int days)
    {
        var clock = Following(null);
        time.Offset = TimeSpan.FromDays(days);
        for (var n = 0; n < 60; n++)
        {
            time.Advance(Minute);
            clock.Next();
        }

        Assert.InRange(clock.Next() - start, TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(75));
        time.Offset = TimeSpan.Zero;
        time.Advance(TimeSpan.FromHours(3));
        Assert.InRange(clock.Next(), time.GetUtcNow().AddSeconds(-1), time.GetUtcNow());
    }

    [Fact]
    public void It_never_goes_back()
    {
        var (clock, random, last) = (Following(null), new Random(1), start);
        for (var n = 0; n < 2_000; n++)
        {
            time.Offset = random.Next(3) == 0 ? TimeSpan.FromDays(random.Next(-4_000, 4_000)) : time.Offset;
            time.Advance(Minute * random.NextDouble());
            if (random.Next(10) == 0)
                clock.Follow(last.AddDays(random.Next(-5, 2)));
            var next = clock.Next();
            Assert.True(next >= last);
            last = next;
        }
    }

    [Theory]
    [InlineData(10, 10)]
    [InlineData(15, 15)]
    [InlineData(16, 15)]
    [InlineData(5000, 15)]
    [InlineData(-1, 0)]
    [InlineData(-5000, 0)]
    public void How_long_the_log_rested_counts_for_half_the_window_at_most(int restedDays, int days) =>
        Assert.Equal(start.AddDays(days - restedDays), Following(start.AddDays(-restedDays)).Next());

    [Fact]
    public void What_others_decided_moves_it_on_and_never_back()
    {
        var clock = Following(start);
        time.Advance(TimeSpan.FromDays(10));
        clock.Follow(start.AddDays(9));
        Assert.Equal(start.AddDays(10), clock.Next());
        // The other process began with a clock that was ahead.
        clock.Follow(start.AddDays(12));
        Assert.Equal(start.AddDays(12), clock.Next());
        // Until the wall clock has come up with it, it goes at half the pace.
        time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(start.AddDays(13), clock.Next());
        time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(start.AddDays(14), clock.Next());
        clock.Follow(null);
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(start.AddDays(15), clock.Next());
    }

    LogClock Following(DateTimeOffset? last)
    {
        var clock = new LogClock(time, Window);
        clock.Follow(last);
        return clock;
    }
}
