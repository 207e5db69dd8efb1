using Ingest.Service.Operations;

namespace Ingest.Service.Http;

/// <summary>Requests that wait for memory.</summary>
static class Patience
{
    static readonly TimeSpan Most = TimeSpan.FromSeconds(10);

    /// <summary>A share of a budget, which a request waits for, but not for ever.</summary>
    /// <exception cref="BodyException">There was none for too long.</exception>
    public static async Task<ByteBudget.Share> Within(this ByteBudget budget, long bytes, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Most);
        try
        {
            return await budget.Take(bytes, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new BodyException(Faults.Busy());
        }
    }
}
