using Dapper;
using Ingest.Ledger;
using Microsoft.Data.Sqlite;

namespace Ingest.Service.Tests;

/// <summary>A ledger in a folder of its own.</summary>
sealed class TemporaryLedger : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ingest-ledger-");

    public TemporaryLedger() => File = LedgerFile.Open(Path.Combine(folder.FullName, "test.db"));

    public LedgerFile File { get; }

    /// <summary>Does what no user would: damages the file.</summary>
    public void Execute(string sql, object? parameters = null)
    {
        using var connection = Connect();
        connection.Execute(sql, parameters);
    }

    public T Value<T>(string sql)
    {
        using var connection = Connect();
        return connection.ExecuteScalar<T>(sql)!;
    }

    /// <summary>The log as one line for each decision, without its times.</summary>
    public List<string> Log()
    {
        using var connection = Connect();
        return [.. connection.Query<string>("""
            SELECT d.position || ' ' || a.submitted || ' ' || coalesce(d.number, '-') || ' ' || coalesce(d.story, '-') || ' ' || coalesce(d.canonical, '-') || ' ' || coalesce(d.version, '-')
              || ' ' || coalesce(d.relation, '-') || ' ' || coalesce(d.matched, '-') || ' ' || coalesce(d.rejection, '-')
              || ' ' || coalesce((SELECT f.oldest || ' ' || f.hops || ' ' || hex(f.posted) FROM fingerprints f WHERE f.number = d.number), '')
            FROM decisions d JOIN articles a ON a.article = d.article ORDER BY d.position
            """)];
    }

    SqliteConnection Connect() => new($"Data Source={File.FilePath};Pooling=False;Default Timeout=5");

    public void Dispose()
    {
        File.Dispose();
        folder.Delete(recursive: true);
    }
}
