namespace Ingest.Service.Operations;

/// <summary>Handles a message for as long as what keeps it from being handled is none of its own.</summary>
static class Perseverance
{
    static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);

    /// <param name="waits">Whether a fault passes, so that the same is to be tried again.</param>
    /// <param name="told">Is given each such fault.</param>
    /// <exception cref="OperationCanceledException">The program stops: the message must stay in its queue.</exception>
    public static async Task Until(Func<Task> handled, Func<Exception, bool> waits, Action<Exception> told, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await handled();
                return;
            }
            catch (Exception e) when (waits(e))
            {
                told(e);
                await Task.Delay(TryAgainAfter, stopping);
            }
        }
    }
}
