namespace Ingest.Service.Operations;

/// <summary>Wakes those who wait for the log to grow.</summary>
sealed class Arrivals
{
    TaskCompletionSource next = New();

    /// <summary>Completes when something is announced. Take it before looking at the log, so that nothing is missed.</summary>
    public Task Next() => Volatile.Read(ref next).Task;

    public void Announce() => Interlocked.Exchange(ref next, New()).TrySetResult();

    static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
