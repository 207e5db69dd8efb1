namespace Ingest.Service.Operations;

/// <summary>
/// Bytes of memory that what is under way may take together. Who asks for a share waits for its turn, first come, first served; who asks
/// for more than there is gets all of it, and so goes alone. On any thread.
/// </summary>
/// <param name="most">In bytes.</param>
sealed class ByteBudget(long most)
{
    readonly Lock gate = new();
    readonly LinkedList<(long Bytes, TaskCompletionSource Turn)> waiting = new();
    long free = most;

    public long Most { get; } = most;

    /// <summary>
    /// Takes a share, which the caller gives back. Nobody may take a second one while it has one: two who do that wait for each other.
    /// </summary>
    public async Task<Share> Take(long bytes, CancellationToken cancellation)
    {
        bytes = Math.Min(bytes, Most);
        LinkedListNode<(long Bytes, TaskCompletionSource Turn)> mine;
        lock (gate)
        {
            if (waiting.Count == 0 && bytes <= free)
            {
                free -= bytes;
                return new Share(this, bytes);
            }

            mine = waiting.AddLast((bytes, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
        }

        await using var registration = cancellation.Register(() => GiveUp(mine, cancellation));
        await mine.Value.Turn.Task;
        return new Share(this, bytes);
    }

    /// <summary>A share that is to grow.</summary>
    public Share Nothing() => new(this, 0);

    /// <summary>Takes a share if there is one now and nobody waits; null otherwise.</summary>
    public Share? TryTake(long bytes)
    {
        bytes = Math.Min(bytes, Most);
        lock (gate)
        {
            if (waiting.Count > 0 || bytes > free)
                return null;
            free -= bytes;
            return new Share(this, bytes);
        }
    }

    void GiveUp(LinkedListNode<(long Bytes, TaskCompletionSource Turn)> mine, CancellationToken cancellation)
    {
        lock (gate)
        {
            // It has got its turn meanwhile.
            if (mine.List is null)
                return;
            waiting.Remove(mine);
            Serve();
        }

        mine.Value.Turn.TrySetCanceled(cancellation);
    }

    void Return(long bytes)
    {
        lock (gate)
        {
            free += bytes;
            Serve();
        }
    }

    void Serve()
    {
        while (waiting.First is { } first && first.Value.Bytes <= free)
        {
            free -= first.Value.Bytes;
            waiting.RemoveFirst();
            first.Value.Turn.SetResult();
        }
    }

    /// <summary>A part of the budget that somebody has.</summary>
    public sealed class Share(ByteBudget budget, long bytes) : IDisposable
    {
        long held = bytes;

        public long Bytes => Interlocked.Read(ref held);

        /// <summary>Takes so many more, if they are free.</summary>
        /// <returns>False where they are not: nothing was taken.</returns>
        public bool TryGrow(long bytes)
        {
            lock (budget.gate)
            {
                if (bytes > budget.free)
                    return false;
                budget.free -= bytes;
            }

            Interlocked.Add(ref held, bytes);
            return true;
        }

        /// <summary>Gives back what is more than this.</summary>
        public void ShrinkTo(long bytes)
        {
            if (bytes >= held)
                return;
            budget.Return(held - bytes);
            held = bytes;
        }

        public void Dispose() => budget.Return(Interlocked.Exchange(ref held, 0));
    }
}
