using Dapper;
using Ingest.Ledger.Articles;
using Ingest.Ledger.Sqlite;

namespace Ingest.Ledger;

/// <summary>How far the log was sent to a destination, and which events no queue took. Reads on any thread, writes on one.</summary>
public sealed class Publications(LedgerFile ledger) : IDisposable
{
    Writer? opened;

    /// <summary>The last position that was sent, or set aside; the start for none.</summary>
    public LogPosition Sent(Destination destination) => new(ledger.Read(c =>
        c.ExecuteScalar<long?>("SELECT position FROM publications WHERE destination = @destination",
            new { destination = StoredWords.Destinations.Of(destination) })) ?? 0);

    /// <summary>Notes in one transaction how far the log was sent, and what of it was set aside.</summary>
    public void MarkSent(Destination destination, LogPosition sent,
        IReadOnlyList<(EventType Type, LogPosition Position)> aside, DateTimeOffset now) => Write(writer =>
    {
        foreach (var (type, position) in aside)
            writer.Execute("INSERT INTO unroutable (type, position, since) VALUES (@type, @position, @now) ON CONFLICT DO NOTHING",
                new { type = StoredWords.Events.Of(type), position = position.Value, now = now.ToUnixTimeMilliseconds() });
        writer.Execute("INSERT INTO publications (destination, position) VALUES (@destination, @position) ON CONFLICT (destination) DO UPDATE SET position = max(position, excluded.position)",
            new { destination = StoredWords.Destinations.Of(destination), position = sent.Value });
    });

    /// <summary>Events that were set aside have been taken by a queue.</summary>
    public void Routed(EventType type, IReadOnlyList<LogPosition> positions) => Write(writer =>
    {
        foreach (var position in positions)
            writer.Execute("DELETE FROM unroutable WHERE type = @type AND position = @position",
                new { type = StoredWords.Events.Of(type), position = position.Value });
    });

    /// <summary>Positions of the events of a type that no queue took, in their order.</summary>
    public IReadOnlyList<LogPosition> Unroutable(EventType type, int most) => ledger.Read(c =>
        c.Query<long>("SELECT position FROM unroutable WHERE type = @type ORDER BY position LIMIT @most",
            new { type = StoredWords.Events.Of(type), most }).Select(p => new LogPosition(p)).ToList());

    public long CountUnroutable() => ledger.Read(c => c.ExecuteScalar<long>("SELECT count(*) FROM unroutable"));

    public void Dispose() => opened?.Dispose();

    void Write(Action<Writer> write)
    {
        var writer = opened ??= new Writer(ledger);
        writer.Transact(() =>
        {
            write(writer);
            return true;
        });
    }
}
