using System.Data.Common;
using System.Text;
using System.Text.Json;
using Dapper;
using Ingest.Ledger.Articles;
using Ingest.Ledger.Sqlite;
using Microsoft.Data.Sqlite;

namespace Ingest.Ledger;

/// <summary>A ledger in one SQLite file with a write-ahead log. Any number of processes on one machine may have it open.</summary>
public sealed class LedgerFile : LedgerStore
{
    /// <summary>How long SQLite itself waits for another process's transaction before it gives up with "locked".</summary>
    const int BusyTimeout = 5000;

    /// <summary>
    /// Bytes of a page of a new file. An article's row takes more than a kilobyte, so that the usual 4,096 leave 316 bytes empty for each, these
    /// 130 and 16,384 another 50 less; but a commit writes whole pages.
    /// </summary>
    const int PageSize = 8192;

    /// <summary>
    /// Pages of the write-ahead log after which a commit moves it into the file (64 MB; half of it in a file of an earlier program). At the usual
    /// 1,000 a busy ledger does that ten times a second.
    /// </summary>
    const int CheckpointPages = 8000;

    /// <summary>How long another process may take to write the first page of a file that it has made.</summary>
    static readonly TimeSpan MostMaking = TimeSpan.FromSeconds(2);

    /// <summary>What SQLite lists of a damaged file at most.</summary>
    const int MostDamage = 3;

    const string AnotherFolder = "Set TMPDIR to a folder with room for the articles' text.";

    readonly string connectionString;

    /// <summary>A temporary ledger is its one connection; null for a file.</summary>
    readonly SqliteConnection? only;

    /// <summary>Stays open as long as the ledger, which keeps its files in their places; null for a ledger that is only read.</summary>
    Lease? anchor;

    /// <summary>Null for a ledger that is only read.</summary>
    OpenedFiles? files;

    /// <summary>What the last look found; null for nothing.</summary>
    volatile LedgerLoss? lost;

    /// <param name="source">How SQLite is told the file.</param>
    LedgerFile(string path, string source, SqliteOpenMode mode)
    {
        (FilePath, Name, Source, Schema) = (path, $"the ledger {path}", source, SqliteMigrations.Newest);
        connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = source,
            Mode = mode,
            // The library's own waiting looks only every 150 ms; SQLite's, set below, does not.
            DefaultTimeout = 1,
        }.ToString();
    }

    LedgerFile(SqliteConnection only, string folder) =>
        (this.only, connectionString, FilePath, Name, Source, Schema) = (only, "", "", Named(folder), "", SqliteMigrations.Newest);

    static string Named(string folder) => $"the temporary ledger in {folder}";

    /// <summary>The scripts that ran when it was opened.</summary>
    IReadOnlyList<string> Migrated { get; set; } = [];

    /// <summary>Empty for a temporary ledger.</summary>
    public string FilePath { get; }

    public override string Name { get; }

    public override string Place => FilePath;

    /// <summary>The file for another connection: as an address, which says how it may be opened.</summary>
    internal string Source { get; }

    /// <summary>Writers of one process queue here instead of polling for SQLite's lock.</summary>
    internal SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>Opens a ledger; a new one is made where there is none, readable by its owner only.</summary>
    /// <param name="copying">To copy another into it: see <see cref="LedgerCopy.Rows"/>.</param>
    /// <exception cref="LedgerException">The file is no ledger, was written by a newer program, or cannot be opened.</exception>
    public static LedgerFile Open(string path, bool copying = false)
    {
        var ledger = new LedgerFile(path, LedgerSource.Of(path), SqliteOpenMode.ReadWrite);
        try
        {
            return ledger.Opened(() =>
            {
                LedgerSource.CheckBefore(path);
                ledger.Migrated = Create(path);
                var lease = ledger.Connect();
                ledger.anchor = lease;
                var connection = (SqliteConnection)lease.Connection;
                // SQLite opens for reading what it may not write; such a connection never comes to write again.
                if (SQLitePCL.raw.sqlite3_db_readonly(connection.Handle, "main") == 1)
                    throw new LedgerException($"The ledger cannot be opened: {SqliteFaults.ReadOnlyWord(ledger.Name)}", passing: true);
                // Before anything is written: the file may be another program's.
                SqliteMigrations.Check(connection, path);
                connection.Execute("PRAGMA journal_mode = WAL");
                ledger.Migrated = [.. ledger.Migrated, .. SqliteMigrations.Apply(connection, path)];
                ledger.files = new OpenedFiles(path);
                LedgerSettings.Identify(ledger, copying);
            });
        }
        catch
        {
            ledger.Dispose();
            throw;
        }
    }

    /// <summary>Brings a ledger's schema up to date, or makes it.</summary>
    /// <param name="dryRun">Says only what would be done.</param>
    /// <returns>The names of the scripts that ran.</returns>
    /// <exception cref="LedgerException">The file is no ledger, was written by a newer program, or cannot be opened.</exception>
    public static IReadOnlyList<string> Migrate(string path, bool dryRun)
    {
        if (dryRun && !File.Exists(path))
            return SqliteMigrations.Missing(0);
        using var ledger = dryRun ? OpenUnchanged(path) : Open(path);
        return dryRun ? SqliteMigrations.Missing(ledger.Schema) : ledger.Migrated;
    }

    /// <summary>Opens a ledger that must be there.</summary>
    /// <exception cref="LedgerException">There is none, or it cannot be opened.</exception>
    public static LedgerFile OpenExisting(string path) => Open(Existing(path));

    /// <summary>
    /// Opens a ledger for reading as it is: nothing is made, migrated or written. Where no other process has it open, no other file appears
    /// beside it. It may have an earlier schema, of which most classes read nothing.
    /// </summary>
    /// <exception cref="LedgerException">There is none, the file is none, or it cannot be opened.</exception>
    public static LedgerFile OpenUnchanged(string path)
    {
        LedgerSource.CheckBefore(path);
        _ = Existing(path);
        var ledger = new LedgerFile(path, LedgerSource.Unchanged(path), SqliteOpenMode.ReadOnly);
        try
        {
            return ledger.Opened(() => ledger.Schema = ledger.Schemas(SqliteMigrations.CheckMade));
        }
        catch
        {
            ledger.Dispose();
            throw;
        }
    }

    public override bool IsEarlier => Schema < SqliteMigrations.Newest;

    public override LedgerLoss? Look() => lost = anchor is { } lease ? files?.Look((SqliteConnection)lease.Connection) : null;

    int Schemas(Func<SqliteConnection, string, int> check)
    {
        using var lease = Connect();
        return check((SqliteConnection)lease.Connection, FilePath);
    }

    static string Existing(string path) => File.Exists(path)
        ? path
        : throw new LedgerException($"There is no ledger {path}. Name one with --ledger, or create one with 'ingest serve' or 'ingest run --ledger'.");

    /// <summary>Turns what can go wrong at opening into the ledger's faults.</summary>
    LedgerFile Opened(Action open)
    {
        try
        {
            open();
            return this;
        }
        catch (SqliteException e)
        {
            var told = SqliteFaults.Told(e, Name);
            throw new LedgerException(
                SqliteFaults.IsNoDatabase(e) ? $"{FilePath} is not an Ingest ledger. Name another file with --ledger."
                    : SqliteFaults.IsDamaged(e) && LedgerSource.IsCut(FilePath) ? $"{FilePath} is damaged: it is smaller than its first page says. Restore a backup, or salvage what is left with sqlite3's .recover."
                    : "The ledger cannot be opened: " + told.Message,
                e, told.IsPassing);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LedgerException(
                $"The ledger {FilePath} cannot be opened: {(e is DirectoryNotFoundException ? "its folder does not exist." : e.Message)}", e);
        }
    }

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
            SqliteMigrations.Apply(connection, "");
            return new LedgerFile(connection, folder);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw SqliteFaults.Told(e, Named(folder), AnotherFolder);
        }
    }

    protected override void Dispose(bool disposing)
    {
        anchor?.Dispose();
        if (only is not null)
            only.Dispose();
        else
            SqliteConnection.ClearPool(new SqliteConnection(connectionString));
        Gate.Dispose();
    }

    internal override Lease Connect()
    {
        if (only is not null)
            return new Lease(only, Returned: false);
        // Otherwise a new connection would open what is there in its place.
        MustBeThere();
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            $"PRAGMA busy_timeout = {BusyTimeout}; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = {CheckpointPages};";
        command.ExecuteNonQuery();
        return new Lease(connection, Returned: true);
    }

    /// <exception cref="LedgerException">The files that were opened are not in their places.</exception>
    internal void MustBeThere()
    {
        if ((lost ?? files?.Missing()) is { } loss)
            throw new LedgerException(loss.Reason, passing: true);
    }

    internal override Writer OpenWriter() => new SqliteWriter(this);

    internal override LedgerException? Fault(Exception fault) =>
        fault is SqliteException e ? SqliteFaults.Told(e, Name, only is null ? null : AnotherFolder) : null;

    internal override bool IsDamage(Exception fault) => fault is SqliteException e && SqliteFaults.IsDamaged(e);

    /// <summary>SQLite puts a heading before each database, and several findings into one text.</summary>
    internal override IEnumerable<string> Damage(DbConnection connection) => connection.Query<string>($"PRAGMA integrity_check({MostDamage})")
        .SelectMany(text => text.Split('\n')).Where(line => line != "ok" && !line.StartsWith("***", StringComparison.Ordinal)).Take(MostDamage);

    internal override bool IsWritable(DbConnection connection) =>
        FileStatus.IsWritable(FilePath) && FileStatus.IsWritable(Path.GetDirectoryName(Path.GetFullPath(FilePath))!);

    internal override string BeginReading => "BEGIN DEFERRED";

    internal override string JoinContents => "";

    internal override string Content => $"CASE WHEN a.packed <> {SqliteWriter.Gone} THEN a.content END";

    internal override string IsKept => $"a.packed <> {SqliteWriter.Gone}";

    internal override string Packed => "a.packed";

    /// <summary>Whether contents and results are packed. Those of a temporary ledger are read again in the same minute, and go with it.</summary>
    internal bool Packs => only is null;

    internal override IEnumerable<object?[]> Rows(DbConnection connection, LedgerTable table, string where)
    {
        using var read = new Statement(
            (SqliteConnection)connection, $"SELECT {table.Names()}{(table.HasContent ? ", packed" : "")} FROM {table.Name} {where} ORDER BY {table.Key}");
        while (read.Read())
        {
            var row = new object?[table.Columns.Length];
            for (var i = 0; i < row.Length; i++)
                row[i] = read.IsNull(i) || table.Columns[i].Kind == ColumnKind.Content && read.Number(row.Length) == SqliteWriter.Gone ? null : table.Columns[i].Kind switch
                {
                    ColumnKind.Number => read.Number(i),
                    ColumnKind.Real => read.Real(i),
                    ColumnKind.Content when read.Number(row.Length) == 0 => Packing.Pack(read.Blob(i)),
                    _ => read.Blob(i).ToArray(),
                };
            yield return row;
        }
    }

    internal override string Among(string column, string parameter) => $"{column} IN (SELECT value FROM json_each({parameter}))";

    internal override object Among<T>(IEnumerable<T> values) => JsonSerializer.Serialize(values);

    internal override object Exact(string text) => text;

    internal override string? Kept(string? text) => text;

    internal override string? Whole(string? kept) => kept;

    /// <summary>SQLite's own comparisons know upper and lower case of English letters only. Others take several times as long, so they are made only where they are needed.</summary>
    internal override string Same(DbConnection connection, string column, string parameter, string? value)
    {
        if (value is null || Ascii.IsValid(value))
            return $"{column} = {parameter} COLLATE NOCASE";
        ((SqliteConnection)connection).CreateFunction(
            "same", (string? text, string other) => string.Equals(text, other, StringComparison.OrdinalIgnoreCase), isDeterministic: true);
        return $"same({column}, {parameter})";
    }

    /// <inheritdoc cref="Same"/>
    internal override string Holds(DbConnection connection, string column, string parameter, string? value)
    {
        if (value is null || Ascii.IsValid(value))
            return $@"{column} LIKE {parameter} ESCAPE '\'";
        ((SqliteConnection)connection).CreateFunction(
            "holds", (string? text, string part) => text?.Contains(part, StringComparison.OrdinalIgnoreCase) == true, isDeterministic: true);
        return $"holds({column}, {parameter})";
    }

    internal override string? Part(string? value) => value is not null && Ascii.IsValid(value) ? Columns.Pattern(value) : value;

    /// <param name="name">What failed, in a sentence.</param>
    internal static T Told<T>(string name, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException e)
        {
            throw SqliteFaults.Told(e, name);
        }
    }

    /// <summary>
    /// Makes the file where there is none, whole or not at all: an empty file is not taken for a new one, as a ledger may have been there.
    /// SQLite would give it the rights of any other file; it copies them to its companions.
    /// </summary>
    /// <returns>The scripts that made it; none where it was there.</returns>
    internal static IReadOnlyList<string> Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        path = FileStatus.Target(path);
        try
        {
            if (!File.Exists(path))
                return MakeWhole(path, options);
            if (!SpinWait.SpinUntil(() => new FileInfo(path).Length > 0, MostMaking))
                throw new LedgerException(
                    $"{path} is empty. If a ledger was there, restore a backup. To begin a new one, delete the file first.");
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process has just made it.
        }

        return [];
    }

    static IReadOnlyList<string> MakeWhole(string path, FileStreamOptions options)
    {
        IReadOnlyList<string> ran;
        var beside = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}.tmp");
        try
        {
            new FileStream(beside, options).Dispose();
            using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = LedgerSource.Of(beside), Pooling = false }.ToString()))
            {
                connection.Open();
                // They cannot be had later.
                connection.Execute($"PRAGMA page_size = {PageSize}; PRAGMA auto_vacuum = {SqliteWriter.IncrementalVacuum}");
                ran = SqliteMigrations.Apply(connection, path);
            }

            File.Move(beside, path, overwrite: false);
            return ran;
        }
        finally
        {
            File.Delete(beside);
        }
    }
}
