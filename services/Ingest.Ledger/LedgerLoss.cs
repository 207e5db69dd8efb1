namespace Ingest.Ledger;

/// <summary>What happened to the files of an open ledger. Until it has them again, it neither reads nor writes.</summary>
/// <param name="Reason">In an operator's words, with what to do.</param>
/// <param name="NeedsRestart">Only a new process can go on, and it loses nothing that this one could keep.</param>
public sealed record LedgerLoss(string Reason, bool NeedsRestart)
{
    /// <summary>Only a companion is missing, whose contents this process still has.</summary>
    internal bool CanSave { get; init; }
}
