using Microsoft.Data.Sqlite;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>A look into a ledger's file from outside, without the program's code.</summary>
static class Book
{
    public sealed record Decision(long Position, string Article, string Submitted, long? Number, long? Story, long? Canonical, long? Version, string? Relation, long? Matched, string? Rejection);

    public static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    public static void Execute(string path, string sql)
    {
        using var connection = Open(path);
        connection.Execute(sql);
    }

    public static void Execute(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static long Count(string path, string from)
    {
        using var connection = Open(path);
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM {from}";
        return (long)command.ExecuteScalar()!;
    }

    public static List<Decision> Decisions(string path)
    {
        using var connection = Open(path);
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT d.position, lower(hex(a.id)), a.submitted, d.number, d.story, d.canonical, d.version, d.relation, d.matched, d.rejection
            FROM decisions d LEFT JOIN articles a ON a.article = d.article ORDER BY d.position
            """;
        using var reader = command.ExecuteReader();
        var decisions = new List<Decision>();
        long? Number(int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        while (reader.Read())
            decisions.Add(new Decision(reader.GetInt64(0), Guid.ParseExact(reader.GetString(1), "N").ToString(), reader.GetString(2), Number(3), Number(4), Number(5), Number(6), Text(7), Number(8), Text(9)));
        return decisions;
    }

    /// <summary>
    /// Counts as the checker does: every article that was accepted has one decision, none has two, nobody has one who was not accepted, nothing waits, and the log has no gap.
    /// </summary>
    /// <param name="accepted">Ids that were answered with 202.</param>
    /// <param name="unanswered">Articles may be there that nobody was told of: their request broke off.</param>
    /// <returns>The log.</returns>
    public static List<Decision> Audit(string path, IEnumerable<string> accepted, bool unanswered = false)
    {
        var decisions = Decisions(path);
        Assert.Equal(Enumerable.Range(1, decisions.Count).Select(p => (long)p), decisions.Select(d => d.Position));
        var decided = decisions.Select(d => d.Article).ToHashSet();
        Assert.Equal(decisions.Count, decided.Count);
        var told = accepted.ToHashSet();
        Assert.Empty(told.Except(decided));
        if (!unanswered)
            Assert.Empty(decided.Except(told));
        Assert.Equal(0, Count(path, "unfinished"));
        Assert.Equal(decisions.Count, Count(path, "articles"));
        Assert.Equal(decisions.Count, Count(path, "results"));
        var placed = decisions.Where(d => d.Number is not null).ToList();
        Assert.Equal(Enumerable.Range(1, placed.Count).Select(n => (long?)n), placed.Select(d => d.Number));
        Assert.Equal(placed.Count, Count(path, "fingerprints"));
        Assert.All(placed, d => Assert.True(d.Relation is null ? d.Story == d.Number : d.Story < d.Number && d.Matched < d.Number));
        Assert.All(decisions, d => Assert.True(d.Number is null == d.Rejection is not null));
        return decisions;
    }
}
