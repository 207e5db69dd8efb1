using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Dapper;
using Ingest.Ledger.Postgres;
using Npgsql;

namespace Ingest.Ledger;

/// <summary>
/// A ledger on a PostgreSQL server, 15 or later, in a schema of its own. Any number of processes on any number of machines may have it open.
/// </summary>
public sealed class LedgerDatabase : LedgerStore
{
    /// <summary>The schema of the ledger, where nobody says otherwise.</summary>
    public const string DefaultSchema = "ingest";

    const int LeastVersion = 15;

    /// <summary>
    /// What each connection sets. The isolation that the lane needs; how long it waits for another's lock, and how long a process that hangs may
    /// hold one; that a commit is on the disk; and that the server notices when a process is gone. Compiling a query costs more than ours take.
    /// </summary>
    const string Session = """
        SET default_transaction_isolation = 'read committed';
        SET lock_timeout = '5s';
        SET idle_in_transaction_session_timeout = '10s';
        SET tcp_keepalives_idle = 5;
        SET tcp_keepalives_interval = 2;
        SET tcp_keepalives_count = 3;
        SET tcp_user_timeout = '10s';
        SET client_connection_check_interval = '2s';
        SET client_min_messages = warning;
        SET jit = off;
        SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
        """;

    readonly NpgsqlDataSource source;
    readonly string unpooled;
    readonly string schema;

    /// <summary>The log that it has; another means that the server has another database now.</summary>
    Guid log;

    LedgerDatabase(string connection, string schema)
    {
        if (schema.Length is 0 or > 63 || !schema.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))
            throw new LedgerException($"The schema '{schema}' cannot be used: a name has lower-case English letters, digits and underscores, 63 at most.");
        var given = new NpgsqlConnectionStringBuilder(connection);
        given.ApplicationName ??= "ingest";
        given.SearchPath = schema;
        given.PersistSecurityInfo = false;
        given.Enlist = false;
        // What a session sets stays; nothing else is left behind in one.
        given.NoResetOnClose = true;
        given.Timeout = Math.Min(given.Timeout, 5);
        given.TcpKeepAlive = true;
        given.TcpKeepAliveTime = 5;
        given.TcpKeepAliveInterval = 2;
        given.MaxAutoPrepare = Math.Max(given.MaxAutoPrepare, 100);
        given.AutoPrepareMinUsages = 2;
        var builder = new NpgsqlDataSourceBuilder(given.ConnectionString) { Name = "ingest" };
        builder.UsePhysicalConnectionInitializer(
            c => c.Execute(Session), async c => await c.ExecuteAsync(Session));
        source = builder.Build();
        given.Pooling = false;
        unpooled = given.ConnectionString;
        this.schema = schema;
        Place = $"{given.Host}:{given.Port}/{given.Database ?? given.Username}{(schema == DefaultSchema ? "" : $", schema {schema}")}";
        Name = $"the ledger on {Place}";
    }

    public override string Name { get; }

    public override string Place { get; }

    public override bool IsEarlier => Schema < PostgresMigrations.Newest;

    /// <summary>The number of this process among those that use the ledger; null for one that takes nothing up. See <see cref="LedgerHandOver"/>.</summary>
    internal long? Process { get; set; }

    /// <summary>The key of an advisory lock of this ledger's.</summary>
    internal string LockKey(string of) => $"ingest.{of}.{schema}";

    /// <summary>Opens a ledger; the schema is made where there is none, and brought up to date.</summary>
    /// <param name="connection">In Npgsql's form: <c>Host=…;Database=…</c>.</param>
    /// <param name="copying">To copy another into it: see <see cref="LedgerCopy.Rows"/>.</param>
    /// <exception cref="LedgerException">The server cannot be reached or is too old, the user may not, or a newer program made the schema.</exception>
    public static LedgerDatabase Open(string connection, string schema = DefaultSchema, bool copying = false) => Opened(connection, schema, ledger =>
    {
        using var opened = ledger.source.OpenConnection();
        ledger.CheckServer(opened);
        PostgresMigrations.Apply(opened, schema, ledger.Name);
        ledger.Schema = PostgresMigrations.Newest;
        // Types that a script has made.
        opened.ReloadTypes();
        LedgerSettings.Identify(ledger, copying);
    });

    /// <summary>Opens a ledger as it is: nothing is made or migrated.</summary>
    /// <exception cref="LedgerException">There is none, or it cannot be opened.</exception>
    public static LedgerDatabase OpenUnchanged(string connection, string schema = DefaultSchema) => Opened(connection, schema, ledger =>
    {
        using var opened = ledger.source.OpenConnection();
        ledger.CheckServer(opened);
        ledger.Schema = PostgresMigrations.Number(opened, ledger.Name);
        if (ledger.Schema == 0)
            throw new LedgerException($"There is no ledger on {ledger.Place}. Create one with 'ingest serve' or 'ingest migrate'.");
    });

    /// <summary>Brings the schema up to date, or makes it.</summary>
    /// <param name="dryRun">Says only what would be done.</param>
    /// <returns>The names of the scripts that ran.</returns>
    /// <exception cref="LedgerException">It cannot be opened, the user may not, or a newer program made the schema.</exception>
    public static IReadOnlyList<string> Migrate(string connection, bool dryRun, string schema = DefaultSchema)
    {
        IReadOnlyList<string> done = [];
        Opened(connection, schema, ledger =>
        {
            using var opened = ledger.source.OpenConnection();
            ledger.CheckServer(opened);
            done = PostgresMigrations.Apply(opened, schema, ledger.Name, dryRun);
        }).Dispose();
        return done;
    }

    static LedgerDatabase Opened(string connection, string schema, Action<LedgerDatabase> open)
    {
        LedgerDatabase ledger;
        try
        {
            ledger = new LedgerDatabase(connection, schema);
        }
        catch (ArgumentException e)
        {
            throw new LedgerException($"The connection to PostgreSQL cannot be used: {e.Message.TrimEnd('.')}.", e);
        }

        try
        {
            ledger.Told(() =>
            {
                open(ledger);
                return true;
            });
            return ledger;
        }
        catch (LedgerException e) when (PostgresFaults.IsRefusal(e.InnerException))
        {
            // While a server runs, an operator may mend it; who starts is told.
            throw new LedgerException(e.Message, e);
        }
        catch
        {
            ledger.Dispose();
            throw;
        }
    }

    void CheckServer(NpgsqlConnection connection)
    {
        if (connection.PostgreSqlVersion.Major < LeastVersion)
            throw new LedgerException($"{Name} is on PostgreSQL {connection.PostgreSqlVersion}. Ingest needs {LeastVersion} or later.");
        var encoding = connection.ExecuteScalar<string>("SHOW server_encoding");
        if (encoding != "UTF8")
            throw new LedgerException($"{Name} has the encoding {encoding}. Create the database with ENCODING 'UTF8'.");
    }

    public override LedgerLoss? Look()
    {
        try
        {
            var found = LedgerSettings.FindLog(this);
            if (log == Guid.Empty)
                log = found ?? Guid.Empty;
            return found == log
                ? null
                : new LedgerLoss($"{Name} has another log now: the database was replaced, or restored from a backup. Restart the service.", NeedsRestart: true);
        }
        catch (LedgerException e)
        {
            return new LedgerLoss(e.Message, NeedsRestart: false);
        }
    }

    internal override Lease Connect() => new(source.OpenConnection(), Returned: true);

    internal NpgsqlConnection Open() => source.OpenConnection();

    /// <summary>A session that ends with its connection, and with it the locks that it holds.</summary>
    internal NpgsqlConnection OpenUnpooled()
    {
        var connection = new NpgsqlConnection(unpooled);
        try
        {
            connection.Open();
            connection.Execute(Session);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    internal override Writer OpenWriter() => new PostgresWriter(this);

    internal override LedgerException? Fault(Exception fault) => PostgresFaults.Told(fault, Name);

    internal override bool IsDamage(Exception fault) => PostgresFaults.IsDamaged(fault);

    internal override IEnumerable<string> Damage(DbConnection connection) => [];

    internal override bool IsWritable(DbConnection connection) =>
        connection.ExecuteScalar<bool>("SELECT NOT pg_is_in_recovery() AND has_table_privilege('decisions', 'INSERT')");

    // It is idle, or the server waits to be read from, while what it found is looked at.
    internal override string BeginReading =>
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0; SET LOCAL tcp_user_timeout = 0";

    internal override string JoinContents => " LEFT JOIN contents c ON c.article = a.article";

    internal override string Content => "c.content";

    internal override string IsKept => "EXISTS (SELECT 1 FROM contents c WHERE c.article = a.article)";

    internal override string Packed => "1";

    internal override IEnumerable<object?[]> Rows(DbConnection connection, LedgerTable table, string where)
    {
        var columns = string.Join(", ", table.Columns.Select(c => c.Kind == ColumnKind.Content ? $"(SELECT c.content FROM contents c WHERE c.article = {table.Name}.article)" : c.Name));
        using var read = new NpgsqlCommand($"SELECT {columns} FROM {table.Name} {where} ORDER BY {table.Key}", (NpgsqlConnection)connection) { CommandTimeout = 0 };
        using var reader = read.ExecuteReader();
        while (reader.Read())
        {
            var row = new object?[table.Columns.Length];
            for (var i = 0; i < row.Length; i++)
                row[i] = reader.IsDBNull(i) ? null : table.Columns[i].Kind switch
                {
                    ColumnKind.Number => reader.GetInt64(i),
                    ColumnKind.Real => reader.GetDouble(i),
                    ColumnKind.Word => Encoding.UTF8.GetBytes(reader.GetString(i)),
                    ColumnKind.Text => Encoding.UTF8.GetBytes(Whole(reader.GetString(i))!),
                    _ => reader.GetFieldValue<byte[]>(i),
                };
            yield return row;
        }
    }

    internal override string Among(string column, string parameter) => $"{column} = ANY({parameter})";

    internal override object Among<T>(IEnumerable<T> values) => values.ToArray();

    internal override object Exact(string text) => Encoding.UTF8.GetBytes(text);

    [return: NotNullIfNotNull(nameof(text))]
    internal override string? Kept(string? text) => PostgresText.Kept(text);

    [return: NotNullIfNotNull(nameof(kept))]
    internal override string? Whole(string? kept) => PostgresText.Whole(kept);

    internal override string Same(DbConnection connection, string column, string parameter, string? value) => $"lower({column}) = lower({parameter})";

    internal override string Holds(DbConnection connection, string column, string parameter, string? value) => $@"{column} ILIKE {parameter} ESCAPE '\'";

    internal override string? Part(string? value) => value is null ? null : Columns.Pattern(value);

    protected override void Dispose(bool disposing) => source.Dispose();
}
