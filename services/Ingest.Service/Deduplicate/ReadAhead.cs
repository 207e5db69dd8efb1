using System.Collections.Concurrent;

namespace Ingest.Service.Deduplicate;

/// <summary>Reads a sequence on another thread, some way ahead of who uses it.</summary>
static class ReadAhead
{
    const int Chunk = 1024, ChunksAhead = 256;

    public static IEnumerable<T> Of<T>(IEnumerable<T> source)
    {
        using var chunks = new BlockingCollection<T[]>(ChunksAhead);
        using var abandoned = new CancellationTokenSource();
        var reading = Task.Run(() =>
        {
            try
            {
                foreach (var chunk in source.Chunk(Chunk))
                    chunks.Add(chunk, abandoned.Token);
            }
            finally
            {
                chunks.CompleteAdding();
            }
        });
        try
        {
            foreach (var chunk in chunks.GetConsumingEnumerable())
                foreach (var item in chunk)
                    yield return item;
            // Where reading failed, its fault comes out here.
            reading.GetAwaiter().GetResult();
        }
        finally
        {
            abandoned.Cancel();
            ((IAsyncResult)reading).AsyncWaitHandle.WaitOne();
        }
    }
}
