using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace Ingest.Broker.Tests.Faults;

/// <param name="Number">Its number in the ledger.</param>
/// <param name="Id">The submitter's.</param>
sealed record Decided(long Position, long Number, Guid Article, string Id, string? Relation, long? Story, string? Rejection);

/// <param name="Id">The submitter's id of its article.</param>
sealed record Received(string Type, string? MessageId, Guid Article, string Id, long Position);

/// <summary>
/// The account of one test: what was submitted, what the ledger's log says of it, and which events came out of the broker. It reads the ledger's file itself, and not with
/// the program's own code.
/// </summary>
sealed class Account(string ledger)
{
    readonly Dictionary<string, int> submitted = new(StringComparer.Ordinal);
    readonly List<Received> received = [];
    readonly Lock change = new();

    /// <summary>Articles that must be decided: of all of them somebody has said yes, the broker or the program.</summary>
    public int Submitted
    {
        get
        {
            lock (change)
                return submitted.Values.Sum();
        }
    }

    public IReadOnlyList<Received> Received
    {
        get
        {
            lock (change)
                return [.. received];
        }
    }

    /// <param name="articles">How many articles must come of it: what was sent under one id with two bodies is two.</param>
    public void Submit(string id, int articles = 1)
    {
        lock (change)
            submitted[id] = articles;
    }

    public void Receive(string? messageId, ReadOnlySpan<byte> body, string type)
    {
        var json = JsonNode.Parse(body)!;
        // In MassTransit's envelope or without one.
        var told = json["message"] ?? json;
        lock (change)
            received.Add(new Received(type, messageId, (Guid)told["articleId"]!, (string)told["id"]!, (long)told["position"]!));
    }

    /// <summary>The ledger's log in its order.</summary>
    public List<Decided> Decided() => Query(
        "SELECT d.position, d.article, a.id, a.submitted, d.relation, d.story, d.rejection FROM decisions d JOIN articles a ON a.article = d.article ORDER BY d.position",
        r => new Decided(
            r.GetInt64(0), r.GetInt64(1), new Guid(r.GetFieldValue<byte[]>(2), bigEndian: true), r.GetString(3), Text(r, 4), r.IsDBNull(5) ? null : r.GetInt64(5), Text(r, 6)));

    public long CountDecided() => Query("SELECT count(*) FROM decisions", r => r.GetInt64(0))[0];

    /// <summary>The ids of the articles that wait for somebody to look at them.</summary>
    public List<string> Failed() => Query("SELECT a.submitted FROM errors e JOIN articles a ON a.article = e.article ORDER BY 1", r => r.GetString(0));

    public long CountUnroutable() => Query("SELECT count(*) FROM unsent WHERE cause = 'unroutable'", r => r.GetInt64(0))[0];

    public long CountUnfinished() => Query("SELECT count(*) FROM unfinished", r => r.GetInt64(0))[0];

    public Balance Balance() => new(new Dictionary<string, int>(submitted), Decided(), Failed(), Received);

    /// <summary>Runs statements on the ledger, as somebody would who damages it.</summary>
    public void Execute(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Nobody else can write to the ledger until the result is disposed of.</summary>
    public IDisposable Lock()
    {
        var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA busy_timeout = 20000; BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return connection;
    }

    static string? Text(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    List<T> Query<T>(string sql, Func<SqliteDataReader, T> read)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    SqliteConnection Connect()
    {
        // Not pooled: nothing of ours holds the file when the program looks at it.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = ledger, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}

/// <summary>What an <see cref="Account"/> comes to.</summary>
sealed class Balance(Dictionary<string, int> submitted, IReadOnlyList<Decided> decided, IReadOnlyList<string> failed, IReadOnlyList<Received> received)
{
    readonly Dictionary<string, int> decidedById = decided.GroupBy(d => d.Id, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Select(d => d.Article).Distinct().Count(), StringComparer.Ordinal);

    public IReadOnlyList<Decided> Log => decided;

    public IReadOnlyList<string> Failed => failed;

    public int Submitted => submitted.Values.Sum();

    /// <summary>Submitted and without an outcome; those that failed are somewhere, and so not lost.</summary>
    public List<string> Lost => [.. submitted.Where(s => decidedById.GetValueOrDefault(s.Key) + failed.Count(f => f == s.Key) < s.Value).Select(s => s.Key)];

    /// <summary>Decided though nobody submitted it, or told of though nothing was decided.</summary>
    public List<string> Unexpected => [.. decidedById.Where(d => d.Value > submitted.GetValueOrDefault(d.Key)).Select(d => d.Key),
        .. received.ExceptBy(decided.Select(d => (d.Article, d.Position)), r => (r.Article, r.Position)).Select(r => $"event of {r.Id} at {r.Position}")];

    /// <summary>Decided more than once.</summary>
    public List<string> Doubled => [.. decided.GroupBy(d => d.Article).Where(g => g.Count() > 1).Select(g => g.First().Id)];

    /// <summary>Positions of the log that are missing.</summary>
    public List<long> Gaps => [.. decided.Select((d, i) => (d.Position, Wanted: i + 1L)).Where(p => p.Position != p.Wanted).Select(p => p.Wanted).Take(1)];

    /// <summary>Decided, and the event has not come.</summary>
    public List<string> Untold => [.. decided.ExceptBy(received.Select(r => r.Article), d => d.Article).Select(d => d.Id)];

    /// <summary>Events that came again with the same message id, which is allowed.</summary>
    public int Repeated => received.Count - received.Select(r => (r.Article, r.MessageId)).Distinct().Count();

    /// <summary>Events that came again with another message id, or without one.</summary>
    public List<string> Renamed => [.. received.GroupBy(r => r.Article).Where(g => g.Any(r => r.MessageId is null) || g.Select(r => r.MessageId).Distinct(StringComparer.Ordinal).Count() > 1).Select(g => g.First().Id)];

    public bool IsComplete => Lost.Count == 0 && Untold.Count == 0;

    /// <summary>Nothing lost, unexpected, decided twice, untold or told under two names.</summary>
    public void AssertClean() => Assert.True(Lost.Count + Unexpected.Count + Doubled.Count + Gaps.Count + Renamed.Count + Untold.Count == 0, ToString());

    /// <summary>In the middle of things: what is still to come does not count.</summary>
    public void AssertNothingTwice() => Assert.True(Unexpected.Count + Doubled.Count + Gaps.Count + Renamed.Count == 0, ToString());

    public override string ToString() =>
        $"submitted {Submitted}, decided {decided.Count}, failed {failed.Count}, events {received.Count}, repeated {Repeated}, lost {Some(Lost)}, unexpected {Some(Unexpected)}, decided twice {Some(Doubled)}, gaps {Some(Gaps)}, untold {Some(Untold)}, told under another id {Some(Renamed)}";

    static string Some<T>(IReadOnlyList<T> list) => list.Count == 0 ? "0" : $"{list.Count} ({string.Join(", ", list.Take(5))})";
}
