using Dapper;
using Ingest.Ledger.Sqlite;
using Microsoft.Data.Sqlite;

namespace Ingest.Ledger;

/// <summary>
/// A ledger: every accepted article, what became of it, and the log of decisions, in one SQLite file with a write-ahead log.
/// Any number of processes on one machine may have it open. A commit is on the disk when it returns. Whatever fails here fails
/// with a <see cref="LedgerException"/>.
/// </summary>
public sealed class LedgerFile : IDisposable
{
    /// <summary>How long SQLite itself waits for another process's transaction before it gives up with "locked".</summary>
    const int BusyTimeout = 5000;

    /// <summary>
    /// Pages of the write-ahead log after which a commit moves it into the file (64 MB). At the usual 1,000 a busy ledger
    /// does that twenty times a second.
    /// </summary>
    const int CheckpointPages = 16_000;

    const string AnotherFolder = "Set TMPDIR to a folder with room for the articles' text.";

    readonly string connectionString;

    /// <summary>A temporary ledger is its one connection; null for a file.</summary>
    readonly SqliteConnection? only;

    LedgerFile(string path)
    {
        (FilePath, Name) = (path, $"the ledger {path}");
        connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            // The library's own waiting looks only every 150 ms; SQLite's, set below, does not.
            DefaultTimeout = 1,
        }.ToString();
    }

    LedgerFile(SqliteConnection only, string folder) => (this.only, connectionString, FilePath, Name) = (only, "", "", Named(folder));

    static string Named(string folder) => $"the temporary ledger in {folder}";

    /// <summary>Empty for a temporary ledger.</summary>
    public string FilePath { get; }

    /// <summary>How it is called in a sentence.</summary>
    public string Name { get; }

    /// <summary>Writers of one process queue here instead of polling for SQLite's lock.</summary>
    internal SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>Opens a ledger; a new one is made where there is none, readable by its owner only.</summary>
    /// <exception cref="LedgerException">The file is no ledger, was written by a newer program, or cannot be opened.</exception>
    public static LedgerFile Open(string path)
    {
        var ledger = new LedgerFile(path);
        try
        {
            if (Directory.Exists(path))
                throw new LedgerException($"The ledger {path} cannot be opened: it is a folder. Name a file with --ledger.");
            Create(path);
            using var lease = ledger.Connect();
            var connection = lease.Connection;
            // SQLite opens for reading what it may not write; such a connection never comes to write again.
            if (SQLitePCL.raw.sqlite3_db_readonly(connection.Handle, "main") == 1)
                throw new LedgerException($"The ledger cannot be opened: {SqliteFaults.ReadOnlyWord(ledger.Name)}", passing: true);
            // Before anything is written: the file may be another program's.
            Migrations.Check(connection, path);
            connection.Execute("PRAGMA journal_mode = WAL");
            Migrations.Apply(connection, path);
        }
        catch (SqliteException e)
        {
            var told = SqliteFaults.Told(e, ledger.Name);
            throw new LedgerException(
                SqliteFaults.IsNoDatabase(e) ? $"{path} is not an Ingest ledger. Name another file with --ledger." : "The ledger cannot be opened: " + told.Message,
                e, told.IsPassing);
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
        : throw new LedgerException($"There is no ledger {path}. Name one with --ledger, or create one with 'ingest serve' or 'ingest run --ledger'.");

    /// <summary>
    /// A ledger of one run, for one thread. Nothing in it is durable: what does not fit into memory goes to a nameless file of SQLite's in
    /// the folder for temporary files, which goes with the process, however that ends.
    /// </summary>
    /// <exception cref="LedgerException">There is no folder for temporary files.</exception>
    public static LedgerFile Temporary()
    {
        // SQLite itself would pass over a folder that is not there and take another.
        var folder = Path.GetTempPath();
        if (!Directory.Exists(folder))
            throw new LedgerException($"There is no folder {folder} for the run's temporary ledger. {AnotherFolder}");
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = "", Pooling = false }.ToString());
        try
        {
            connection.Open();
            connection.Execute(
                "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -16384");
            Migrations.Apply(connection, "");
            return new LedgerFile(connection, folder);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw SqliteFaults.Told(e, Named(folder), AnotherFolder);
        }
    }

    public void Dispose()
    {
        if (only is not null)
            only.Dispose();
        else
            SqliteConnection.ClearPool(new SqliteConnection(connectionString));
        Gate.Dispose();
    }

    /// <summary>A connection for a while. Connections are pooled; reading never waits for writing.</summary>
    /// <exception cref="SqliteException">The ledger cannot be opened.</exception>
    internal Lease Connect()
    {
        if (only is not null)
            return new Lease(only, Returned: false);
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            $"PRAGMA busy_timeout = {BusyTimeout}; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = {CheckpointPages};";
        command.ExecuteNonQuery();
        return new Lease(connection, Returned: true);
    }

    /// <summary>Reads on a connection of its own.</summary>
    internal T Read<T>(Func<SqliteConnection, T> read) => Told(() =>
    {
        using var lease = Connect();
        return read(lease.Connection);
    });

    /// <summary>The same for what is read bit by bit.</summary>
    internal IEnumerable<T> Stream<T>(Func<SqliteConnection, IEnumerable<T>> read)
    {
        using var lease = Told(Connect);
        using var each = Told(() => read(lease.Connection).GetEnumerator());
        while (Told(each.MoveNext))
            yield return each.Current;
    }

    /// <summary>Turns SQLite's faults into the ledger's.</summary>
    internal T Told<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException e)
        {
            throw SqliteFaults.Told(e, Name, only is null ? null : AnotherFolder);
        }
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

    /// <param name="Returned">It goes back to the pool; the only connection of a temporary ledger stays open.</param>
    internal readonly record struct Lease(SqliteConnection Connection, bool Returned) : IDisposable
    {
        public void Dispose()
        {
            if (Returned)
                Connection.Dispose();
        }
    }
}
