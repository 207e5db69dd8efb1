using Dapper;
using Ingest.Ledger.Sqlite;
using Microsoft.Data.Sqlite;

namespace Ingest.Ledger;

/// <summary>
/// A ledger: every accepted article, what became of it, and the log of decisions, in one SQLite file with a write-ahead log. Any number of processes on
/// one machine may have it open. A commit is on the disk when it returns.
/// </summary>
public sealed class LedgerFile : IDisposable
{
    /// <summary>How long SQLite itself waits for another process's transaction before it gives up with "locked".</summary>
    const int BusyTimeout = 5000;

    /// <summary>
    /// Pages of the write-ahead log after which a commit moves it into the file (64 MB). At the usual 1,000 a busy ledger does that twenty times a second.
    /// </summary>
    const int CheckpointPages = 16_000;

    readonly string connectionString;

    LedgerFile(string path, bool readOnly)
    {
        FilePath = path;
        connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite,
            // The library's own waiting looks only every 150 ms; SQLite's, set below, does not.
            DefaultTimeout = 1,
        }.ToString();
    }

    public string FilePath { get; }

    /// <summary>Writers of one process queue here instead of polling for SQLite's lock.</summary>
    internal SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>Opens a ledger; a new one is made where there is none, readable by its owner only.</summary>
    /// <exception cref="LedgerException">The file is no ledger, was written by a newer program, or cannot be opened.</exception>
    public static LedgerFile Open(string path)
    {
        var ledger = new LedgerFile(path, readOnly: false);
        try
        {
            if (Directory.Exists(path))
                throw new LedgerException($"The ledger {path} cannot be opened: it is a folder. Name a file with --ledger.");
            Create(path);
            using var connection = ledger.Connect();
            // SQLite opens for reading what it may not write; such a connection never comes to write again.
            if (SQLitePCL.raw.sqlite3_db_readonly(connection.Handle, "main") == 1)
                throw new LedgerException($"The ledger cannot be opened: {LedgerFaults.ReadOnlyWord(path)}");
            // Before anything is written: the file may be another program's.
            Migrations.Check(connection, path);
            connection.Execute("PRAGMA journal_mode = WAL");
            Migrations.Apply(connection, path);
        }
        catch (SqliteException e)
        {
            throw new LedgerException(NoLedger(e) ? $"{path} is no ledger of Ingest. Name another file with --ledger." : "The ledger cannot be opened: " + LedgerFaults.Describe(e, path), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LedgerException($"The ledger {path} cannot be opened: {(e is DirectoryNotFoundException ? "its folder does not exist." : e.Message)}", e);
        }

        return ledger;
    }

    /// <summary>Opens a ledger that must be there.</summary>
    /// <exception cref="LedgerException">There is none, or it cannot be opened.</exception>
    public static LedgerFile OpenExisting(string path) => File.Exists(path)
        ? Open(path)
        : throw new LedgerException($"There is no ledger {path}. Name one with --ledger, or make one with 'ingest serve' or 'ingest run --ledger'.");

    /// <summary>A connection of the caller's own. Connections are pooled; reading never waits for writing.</summary>
    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA busy_timeout = {BusyTimeout}; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = {CheckpointPages};";
        command.ExecuteNonQuery();
        return connection;
    }

    public void Dispose()
    {
        SqliteConnection.ClearPool(new SqliteConnection(connectionString));
        Gate.Dispose();
    }

    /// <summary>SQLite would make the file with the rights of any other; it copies them to its companions.</summary>
    static void Create(string path)
    {
        if (File.Exists(path))
            return;
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var _ = new FileStream(path, options);
    }

    static bool NoLedger(SqliteException e) => e.SqliteErrorCode == 26;
}
