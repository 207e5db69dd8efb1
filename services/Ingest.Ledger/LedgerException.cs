namespace Ingest.Ledger;

/// <summary>
/// A ledger cannot be opened, read or written; the message says why, in an operator's words, and what to do. The one
/// fault that leaves this room.
/// </summary>
/// <param name="passing">
/// True for what passes by itself or by an operator's hand, such as a full disk: nothing is wrong with what was to be
/// written, and the same may be tried again.
/// </param>
public sealed class LedgerException(string message, Exception? reason = null, bool passing = false) : Exception(message, reason)
{
    public bool IsPassing => passing;
}
