namespace Ingest.Service.Tests;

/// <summary>A clock that only a test moves, with its timers. A timer that falls due runs on the thread that moves the clock.</summary>
sealed class FakeTime : TimeProvider
{
    readonly Lock change = new();
    readonly List<Timer> timers = [];
    DateTimeOffset now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How far somebody has set the wall clock off. Timers and timestamps go on as time passes.</summary>
    public TimeSpan Offset { get; set; }

    public override DateTimeOffset GetUtcNow() => Passed + Offset;

    public override long GetTimestamp() => Passed.UtcTicks;

    DateTimeOffset Passed
    {
        get
        {
            lock (change)
                return now;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets time go by; each timer that falls due sees its own moment.</summary>
    public void Advance(TimeSpan by)
    {
        var end = Passed + by;
        while (Next(end) is { } due)
            due();
        lock (change)
            now = end;
    }

    Action? Next(DateTimeOffset end)
    {
        lock (change)
        {
            if (timers.Where(t => t.Due <= end).MinBy(t => t.Due) is not { } next)
                return null;
            if (next.Due > now)
                now = next.Due.Value;
            next.Due = next.Period > TimeSpan.Zero ? next.Due + next.Period : null;
            return next.Callback;
        }
    }

    sealed class Timer(FakeTime time, Action callback) : ITimer
    {
        public DateTimeOffset? Due { get; set; }

        public TimeSpan Period { get; private set; }

        public Action Callback => callback;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time.change)
            {
                time.timers.Remove(this);
                (Due, Period) = (dueTime < TimeSpan.Zero ? null : time.now + dueTime, period);
                time.timers.Add(this);
                return true;
            }
        }

        public void Dispose()
        {
            lock (time.change)
                time.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
