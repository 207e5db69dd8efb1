using Microsoft.Data.Sqlite;

namespace Ingest.Ledger.Sqlite;

/// <summary>What SQLite's errors mean for who waits for it.</summary>
static class SqliteFaults
{
    const int Busy = 5, Locked = 6, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    public static bool IsNoDatabase(SqliteException e) => e.SqliteErrorCode == NotADatabase;

    public static bool IsBusy(SqliteException e) => e.SqliteErrorCode is Busy or Locked;

    public static bool IsDamaged(SqliteException e) => e.SqliteErrorCode == Corrupt;

    public static string ReadOnlyWord(string name) => $"{name} is read-only. Make the file and its folder writable.";

    /// <param name="name">How the ledger is called in a sentence.</param>
    /// <param name="advice">What else helps; null for nothing.</param>
    public static LedgerException Told(SqliteException e, string name, string? advice = null) => new(
        Describe(e, name) + (advice is null ? "" : $" {advice}"), e,
        e.SqliteErrorCode is Busy or Locked or ReadOnly or InputOutput or Full or CannotOpen);

    static string Describe(SqliteException e, string name) => e.SqliteErrorCode switch
    {
        Busy or Locked => $"{name} is locked by another process.",
        ReadOnly => ReadOnlyWord(name),
        Corrupt => $"{name} is damaged ({e.Message.TrimEnd('.')}). 'ingest check' says more. Restore a backup.",
        Full => $"{name} cannot grow: the disk is full. Free some space.",
        InputOutput => $"{name} cannot be written or read ({e.Message}). Check the disk.",
        CannotOpen => $"{name} cannot be opened ({e.Message}). Check the folder and its permissions.",
        _ => $"{name} failed: {e.Message}",
    };
}
