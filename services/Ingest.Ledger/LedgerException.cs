using Microsoft.Data.Sqlite;

namespace Ingest.Ledger;

/// <summary>A file cannot serve as the ledger; the message says why and what to do.</summary>
public sealed class LedgerException(string message, Exception? reason = null) : Exception(message, reason);

/// <summary>What SQLite's errors mean for who waits for it.</summary>
public static class LedgerFaults
{
    const int Busy = 5, Locked = 6, ReadOnly = 8, InputOutput = 10, Full = 13, CannotOpen = 14;

    /// <summary>True for what passes by itself or by an operator's hand: nothing is wrong with what was to be written, it may be tried again.</summary>
    public static bool IsPassing(SqliteException e) => e.SqliteErrorCode is Busy or Locked or ReadOnly or InputOutput or Full or CannotOpen;

    internal static string ReadOnlyWord(string path) => $"the ledger {path} is read-only: make file and folder writable.";

    /// <summary>The fault in an operator's words.</summary>
    public static string Describe(SqliteException e, string path) => e.SqliteErrorCode switch
    {
        Busy or Locked => $"the ledger {path} is locked by another process.",
        ReadOnly => ReadOnlyWord(path),
        Full => $"the ledger {path} cannot grow: the disk is full. Free some space.",
        InputOutput => $"the ledger {path} cannot be written or read ({e.Message}). Look at the disk.",
        CannotOpen => $"the ledger {path} cannot be opened ({e.Message}). Look at the folder and its rights.",
        _ => $"the ledger {path} failed: {e.Message}",
    };
}
