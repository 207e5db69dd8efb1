using Dapper;

namespace Ingest.Ledger;

/// <summary>What must stay as it was when the ledger was made, by name.</summary>
public static class LedgerSettings
{
    internal const string Log = "log";

    /// <summary>The id of this log of decisions: of a ledger and of its backups, and of no other ledger.</summary>
    public static Guid LogId(LedgerStore ledger) => Guid.Parse(Keep(ledger, Log, Guid.NewGuid().ToString()));

    /// <summary>The id of its log; null where it has none yet.</summary>
    internal static Guid? FindLog(LedgerStore ledger) =>
        ledger.Read(c => c.ExecuteScalar<string?>("SELECT value FROM settings WHERE name = @Log", new { Log })) is { } id ? Guid.Parse(id) : null;

    /// <summary>Gives a ledger its id. One of an earlier program that just now cannot be written gets it later.</summary>
    internal static void Identify(LedgerStore ledger)
    {
        try
        {
            LogId(ledger);
        }
        catch (LedgerException e) when (e.IsPassing)
        {
        }
    }

    /// <summary>Keeps a value the first time, and compares with it ever after.</summary>
    /// <returns>The value that the ledger was made with.</returns>
    public static string Keep(LedgerStore ledger, string name, string value)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        const string Kept = "SELECT value FROM settings WHERE name = @name";
        // Known already, as at every start but the first: then a ledger that somebody has locked does not matter.
        if (ledger.Read(c => c.ExecuteScalar<string?>(Kept, new { name })) is { } known)
            return ledger.Whole(known);
        using var writer = ledger.OpenWriter();
        return writer.Transact(() =>
        {
            writer.Execute("INSERT INTO settings (name, value) VALUES (@name, @value) ON CONFLICT DO NOTHING", new { name, value = ledger.Kept(value) });
            return ledger.Whole(writer.Value<string>(Kept, new { name })!);
        });
    }
}
