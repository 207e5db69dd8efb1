using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Ingest.Service.Http;

/// <summary>Clients that do not read what they are sent.</summary>
static class SlowReaders
{
    /// <summary>How long a client may take to make room for more.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Waits until the client has room; one that makes none is cut off, and what waits for it with it.</summary>
    /// <exception cref="OperationCanceledException">It was cut off, or has gone.</exception>
    public static async Task OrCutOff(this ValueTask<FlushResult> flush, HttpContext context, CancellationToken cancellation)
    {
        try
        {
            (await flush.AsTask().WaitAsync(Patience, cancellation)).MustHaveReader();
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // Else the server itself would wait for it.
            context.Abort();
            throw new OperationCanceledException("The client does not read.", e);
        }
    }

    /// <summary>Who has gone takes everything at once: to go on would be work for nobody.</summary>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    public static void MustHaveReader(this FlushResult flushed)
    {
        if (flushed.IsCompleted)
            throw new OperationCanceledException("The client has gone.");
    }
}
