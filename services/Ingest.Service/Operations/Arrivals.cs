namespace Ingest.Service.Operations;

/// <summary>Wakes those who wait for the log to grow.</summary>
sealed class Arrivals
{
    TaskCompletionSource next = New();

    /// <summary>Completes when something is announced. Take it before looking at the log, so that nothing is missed.</summary>
    public Task Next() => Volatile.Read(ref next).Task;

    public void Announce() => Interlocked.Exchange(ref next, New()).TrySetResult();

    /// <summary>
    /// Returns when something was announced, or after a while: another process may have decided, which nobody announces here.
    /// Take the task before looking at the log, so that nothing is missed.
    /// </summary>
    public Task Next(TimeSpan atMost, CancellationToken cancellation)
    {
        var waiting = Volatile.Read(ref next).Task;
        return waiting.IsCompleted ? Task.CompletedTask : Task.WhenAny(waiting, Task.Delay(atMost, cancellation));
    }

    static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
