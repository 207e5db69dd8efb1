using Ingest.EndToEnd.Tests;
using Ingest.EndToEnd.Tests.Serve;
using Npgsql;

namespace Ingest.Broker.Tests;

/// <summary>A test that needs PostgreSQL, and says so where it is skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class ServerFactAttribute : FactAttribute
{
    public ServerFactAttribute() => Skip = PostgresServer.Missing;
}

/// <summary>As <see cref="ServerFactAttribute"/>, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class ServerTheoryAttribute : TheoryAttribute
{
    public ServerTheoryAttribute() => Skip = PostgresServer.Missing;
}

/// <summary>A running server for the tests of a class; each has a database of its own.</summary>
public sealed class SharedServer : IDisposable
{
    internal PostgresServer? Server { get; } = PostgresServer.Missing is null ? new PostgresServer() : null;

    public void Dispose() => Server?.Dispose();
}

/// <summary>A database of one test's own, in which <c>ingest serve</c> has its ledger, and what is in it afterwards.</summary>
sealed class ServerDesk : IDisposable
{
    static int desks;

    readonly PostgresServer server;
    readonly string database = $"desk{Interlocked.Increment(ref desks)}";

    public ServerDesk(PostgresServer server)
    {
        this.server = server;
        Execute("postgres", $"CREATE DATABASE {database}");
        At.Environment["Ingest__Postgres__Password"] = PostgresServer.Password;
    }

    public Workplace At { get; } = new();

    /// <summary>Of the command line.</summary>
    public string[] Options(int? port = null) => ["--postgres", server.WithoutPassword(database, port)];

    /// <summary>The stages in one process or several, see <see cref="RoleServers"/>.</summary>
    public RoleServers Start(string roles, params string[] more) => new(At, roles, [.. Options(), .. more]);

    public void Execute(string sql) => Execute(database, sql);

    public long Count(string from) => Query($"SELECT count(*) FROM ingest.{from}", r => r.GetInt64(0))[0];

    public List<T> Query<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        using var connection = Open(database);
        using var command = new NpgsqlCommand(sql, connection);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>
    /// Everything that was accepted has one decision, in a log without gaps; nothing waits, nothing failed, and nothing else is there.
    /// </summary>
    /// <returns>The decisions: what they are about, and the number of their story.</returns>
    public List<(string Id, long? Story, bool IsFirst)> Audit(IReadOnlyCollection<string> accepted)
    {
        var log = Query(
            "SELECT convert_from(a.submitted, 'UTF8'), d.story, d.matched IS NULL, d.position FROM ingest.decisions d JOIN ingest.articles a ON a.article = d.article ORDER BY d.position",
            r => (Id: r.GetString(0), Story: r.IsDBNull(1) ? (long?)null : r.GetInt64(1), IsFirst: r.GetBoolean(2), Position: r.GetInt64(3)));
        Assert.Equal(Enumerable.Range(1, log.Count).Select(p => (long)p), log.Select(d => d.Position));
        Assert.Equal(accepted.Order(StringComparer.Ordinal), log.Select(d => d.Id).Order(StringComparer.Ordinal));
        Assert.Equal((0, 0, 0), (Count("unfinished"), Count("errors"), Count("cleaned")));
        return [.. log.Select(d => (d.Id, d.Story, d.IsFirst))];
    }

    public void Dispose()
    {
        At.Dispose();
        NpgsqlConnection.ClearAllPools();
    }

    void Execute(string at, string sql)
    {
        using var connection = Open(at);
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    NpgsqlConnection Open(string name)
    {
        var connection = new NpgsqlConnection(server.Address(name) + ";Pooling=false");
        connection.Open();
        return connection;
    }
}
