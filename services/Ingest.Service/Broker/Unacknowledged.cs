namespace Ingest.Service.Broker;

/// <summary>What a consumer does when the program ends before its message is handled.</summary>
static class Unacknowledged
{
    /// <summary>
    /// Waits for the handling. Where the program's end cuts it off, it waits on: the message goes back to the queue with the connection. A fault would send it to the
    /// error queue, and an ordinary return would acknowledge it.
    /// </summary>
    public static async Task IfCutOff(Task handling)
    {
        try
        {
            await handling;
        }
        catch (OperationCanceledException)
        {
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        }
    }
}
