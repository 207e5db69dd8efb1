using Dapper;
using Ingest.Ledger.Articles;

namespace Ingest.Ledger;

/// <summary>Where events are sent.</summary>
/// <param name="Name">Stays for years: it is what the ledger keeps a position by.</param>
public readonly record struct Destination(string Name)
{
    /// <summary>The exchanges of the events at the broker, and so every queue that is bound to one.</summary>
    public static readonly Destination Exchanges = new("rabbitmq");

    /// <summary>One queue at the broker, which events are sent to directly.</summary>
    public static Destination Queue(string queue) => new(QueuePrefix + queue);

    const string QueuePrefix = "queue:";

    /// <summary>The name of the queue; null for the exchanges.</summary>
    public string? QueueName => Name.StartsWith(QueuePrefix, StringComparison.Ordinal) ? Name[QueuePrefix.Length..] : null;

    public override string ToString() => Name;
}

/// <summary>Why an event was passed over.</summary>
public enum UnsentCause
{
    /// <summary>No queue takes it.</summary>
    Unroutable,

    /// <summary>A queue refused it: it is full.</summary>
    Refused,

    /// <summary>It is larger than the broker takes.</summary>
    TooLarge,

    /// <summary>It cannot be made, because what the ledger holds of the article is damaged.</summary>
    Damaged,
}

/// <summary>An event that was passed over.</summary>
/// <param name="Detail">What a person should know beyond the cause; may be empty.</param>
public sealed record UnsentEvent(LogPosition Position, EventType Type, UnsentCause Cause, string Detail = "");

/// <summary>How many events of a type were passed over for a cause.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Detail">What is said of the first.</param>
public sealed record UnsentCount(Destination Destination, UnsentCause Cause, EventType Type, long Events, LogPosition First, string Detail);

/// <summary>How far the log was sent to each destination, and which events were passed over. Reads on any thread, writes on one.</summary>
public sealed class Publications(LedgerStore ledger) : IDisposable
{
    Writer? opened;

    /// <summary>The last position that was sent, or passed over; the start for none.</summary>
    public LogPosition Sent(Destination destination) => new(ledger.Read(c =>
        c.ExecuteScalar<long?>("SELECT position FROM publications WHERE destination = @Name", new { destination.Name })) ?? 0);

    /// <summary>Notes in one transaction how far the log was sent, and what of it was passed over.</summary>
    public void MarkSent(Destination destination, LogPosition sent, IReadOnlyList<UnsentEvent> passedOver, DateTimeOffset now) => Write(writer =>
    {
        foreach (var unsent in passedOver)
            writer.Execute("""
                INSERT INTO unsent (destination, position, type, cause, detail, since) VALUES (@Name, @position, @type, @cause, @Detail, @now)
                ON CONFLICT (destination, position) DO UPDATE SET cause = excluded.cause, detail = excluded.detail
                """, new
            {
                destination.Name,
                position = unsent.Position.Value,
                type = StoredWords.Events.Of(unsent.Type),
                cause = StoredWords.Causes.Of(unsent.Cause),
                Detail = ledger.Kept(unsent.Detail),
                now = now.ToUnixTimeMilliseconds(),
            });
        writer.Execute("INSERT INTO publications (destination, position) VALUES (@Name, @position) ON CONFLICT (destination) DO UPDATE SET position = excluded.position WHERE excluded.position > publications.position",
            new { destination.Name, position = sent.Value });
    });

    /// <summary>Events that were passed over have been sent.</summary>
    public void Settle(Destination destination, IReadOnlyList<LogPosition> positions) => Write(writer =>
    {
        foreach (var position in positions)
            writer.Execute("DELETE FROM unsent WHERE destination = @Name AND position = @position", new { destination.Name, position = position.Value });
    });

    /// <summary>Lets the events that are not tried again by themselves be tried again, all of them.</summary>
    /// <returns>How many there are.</returns>
    public int Retry()
    {
        var retried = 0;
        Write(writer => retried = writer.Execute("UPDATE unsent SET cause = @again WHERE cause IN (@large, @damaged)", new
        {
            again = StoredWords.Causes.Of(UnsentCause.Unroutable),
            large = StoredWords.Causes.Of(UnsentCause.TooLarge),
            damaged = StoredWords.Causes.Of(UnsentCause.Damaged),
        }));
        return retried;
    }

    /// <summary>Positions of the events of a type that were passed over for a cause, in their order.</summary>
    public IReadOnlyList<LogPosition> Unsent(Destination destination, UnsentCause cause, EventType type, int most) => ledger.Read(c =>
        c.Query<long>("SELECT position FROM unsent WHERE destination = @Name AND cause = @cause AND type = @type ORDER BY position LIMIT @most",
            new { destination.Name, cause = StoredWords.Causes.Of(cause), type = StoredWords.Events.Of(type), most }).Select(p => new LogPosition(p)).ToList());

    /// <summary>All that was passed over, counted.</summary>
    public IReadOnlyList<UnsentCount> CountUnsent() => ledger.Read(connection => connection.Query<(string Destination, string Cause, string Type, long Events, long First, string Detail)>("""
        SELECT c.destination, c.cause, c.type, c.events, c.first, u.detail
        FROM (SELECT destination, cause, type, count(*) AS events, min(position) AS first FROM unsent GROUP BY destination, cause, type) c
        JOIN unsent u ON u.destination = c.destination AND u.position = c.first ORDER BY c.destination, c.cause, c.type
        """).Select(r => new UnsentCount(
            new Destination(r.Destination), StoredWords.Causes.Read(r.Cause), StoredWords.Events.Read(r.Type), r.Events, new LogPosition(r.First), ledger.Whole(r.Detail))).ToList());

    public void Dispose() => opened?.Dispose();

    void Write(Action<Writer> write)
    {
        var writer = opened ??= ledger.OpenWriter();
        writer.Transact(() =>
        {
            write(writer);
            return true;
        });
    }
}
