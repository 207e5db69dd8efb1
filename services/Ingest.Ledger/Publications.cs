using Dapper;

namespace Ingest.Ledger;

/// <summary>How far the log was sent to a destination, and which events no queue took.</summary>
public sealed class Publications(LedgerFile ledger)
{
    /// <summary>The last position that was sent, or set aside as unroutable; 0 for none.</summary>
    public long Sent(string destination)
    {
        using var connection = ledger.Connect();
        return connection.ExecuteScalar<long?>("SELECT position FROM publications WHERE destination = @destination", new { destination }) ?? 0;
    }

    public static void MarkSent(LedgerWriter writer, string destination, long position) => writer.Execute(
        "INSERT INTO publications (destination, position) VALUES (@destination, @position) ON CONFLICT (destination) DO UPDATE SET position = max(position, excluded.position)", new { destination, position });

    public static void SetAside(LedgerWriter writer, string type, long position, DateTimeOffset now) => writer.Execute(
        "INSERT INTO unroutable (type, position, since) VALUES (@type, @position, @now) ON CONFLICT DO NOTHING", new { type, position, now = now.ToUnixTimeMilliseconds() });

    public static void Routed(LedgerWriter writer, string type, long position) => writer.Execute("DELETE FROM unroutable WHERE type = @type AND position = @position", new { type, position });

    /// <summary>Positions of the events of a type that no queue took, in their order.</summary>
    public IReadOnlyList<long> Unroutable(string type, int most)
    {
        using var connection = ledger.Connect();
        return [.. connection.Query<long>("SELECT position FROM unroutable WHERE type = @type ORDER BY position LIMIT @most", new { type, most })];
    }

    public long CountUnroutable()
    {
        using var connection = ledger.Connect();
        return connection.ExecuteScalar<long>("SELECT count(*) FROM unroutable");
    }
}
