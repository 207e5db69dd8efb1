namespace Ingest.Service.Deduplicate;

/// <summary>
/// The log's clock: a moment for each decision, to the second, that never goes back along the log. It follows the wall clock, but does not
/// take its word: while the process runs it goes at least half and at most a quarter faster than time passes, so that a wall clock that is
/// set back or jumps ahead does almost nothing. How long the log rested before the process began, only the wall clock can tell. What it says
/// counts for at most half the window, so that the log forgets at most the older half of what it remembers. For one thread.
/// </summary>
sealed class LogClock(TimeProvider time, TimeSpan window)
{
    const double Slowest = 0.5, Fastest = 1.25;

    DateTimeOffset? now;

    /// <summary>When the clock was moved last, by a clock that nobody sets.</summary>
    long moved;

    /// <summary>Brings it up to what the log says: at first where the log ends, later what others have decided.</summary>
    /// <param name="last">The clock of the last decision; null in an empty log, whose clock begins with the wall clock.</param>
    public void Follow(DateTimeOffset? last)
    {
        if (now is null)
        {
            moved = time.GetTimestamp();
            now = last is { } end ? end + Between(time.GetUtcNow() - end, TimeSpan.Zero, window / 2) : time.GetUtcNow();
            return;
        }

        Advance();
        if (last > now)
            now = last;
    }

    /// <summary>The moment of the next decision.</summary>
    /// <exception cref="InvalidOperationException">It has not followed the log yet.</exception>
    public DateTimeOffset Next()
    {
        Advance();
        return InSeconds(now!.Value);
    }

    /// <summary>What <see cref="Next"/> would say now, without moving the clock.</summary>
    public DateTimeOffset Look() => InSeconds(At(time.GetTimestamp()));

    void Advance()
    {
        var until = time.GetTimestamp();
        (now, moved) = (At(until), until);
    }

    DateTimeOffset At(long until)
    {
        var elapsed = time.GetElapsedTime(moved, until);
        return now!.Value + Between(time.GetUtcNow() - now.Value, elapsed * Slowest, elapsed * Fastest);
    }

    static DateTimeOffset InSeconds(DateTimeOffset moment) => DateTimeOffset.FromUnixTimeSeconds(moment.ToUnixTimeSeconds());

    static TimeSpan Between(TimeSpan value, TimeSpan least, TimeSpan most) => value < least ? least : value > most ? most : value;
}
