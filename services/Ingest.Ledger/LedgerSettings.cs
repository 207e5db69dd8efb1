using Dapper;
using Ingest.Core.Articles;

namespace Ingest.Ledger;

/// <summary>What must stay as it was when the ledger was made, by name.</summary>
public static class LedgerSettings
{
    internal const string Log = "log";

    /// <summary>Has the name of the collection; missing for the default one.</summary>
    internal const string Collection = "collection";

    /// <summary>Has the id of the log that is being copied here, until all of it is: see <see cref="LedgerCopy.Rows"/>.</summary>
    internal const string Copying = "copying";

    /// <summary>The id of this log of decisions: of a ledger and of its backups, and of no other ledger.</summary>
    public static Guid LogId(LedgerStore ledger) => Guid.Parse(Keep(ledger, Log, Guid.NewGuid().ToString()));

    /// <summary>The id of its log; null where it has none yet.</summary>
    internal static Guid? FindLog(LedgerStore ledger) =>
        ledger.Read(c => c.ExecuteScalar<string?>("SELECT value FROM settings WHERE name = @Log", new { Log })) is { } id ? Guid.Parse(id) : null;

    /// <summary>Whether it is a copy that lacks a part yet.</summary>
    internal static bool IsUnfinished(LedgerStore ledger) =>
        ledger.Read(c => c.ExecuteScalar<string?>("SELECT value FROM settings WHERE name = @Copying", new { Copying })) is not null;

    /// <summary>Gives a ledger its id. One of an earlier program that just now cannot be written gets it later.</summary>
    /// <param name="copying">It is opened to be the copy of another.</param>
    /// <exception cref="LedgerException">It is an unfinished copy, in which nothing else may be written.</exception>
    internal static void Identify(LedgerStore ledger, bool copying)
    {
        if (!copying && IsUnfinished(ledger))
            throw new LedgerException($"{ledger.Name} is an unfinished copy of another ledger. Finish it with 'ingest copy-ledger', or delete it.");
        try
        {
            LogId(ledger);
        }
        catch (LedgerException e) when (e.IsPassing)
        {
        }
    }

    internal static string? FindCollection(LedgerStore ledger) =>
        ledger.Read(c => c.ExecuteScalar<string?>("SELECT value FROM settings WHERE name = @Collection", new { Collection }));

    /// <summary>Gives a ledger that has no articles yet to a collection.</summary>
    /// <exception cref="LedgerException">It has another's.</exception>
    public static void KeepCollection(LedgerStore ledger, string collection)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        // As at every start but the first: then a ledger that somebody has locked does not matter.
        if (FindCollection(ledger) is null && collection != ArticleIds.DefaultCollection)
        {
            using var writer = ledger.OpenWriter();
            writer.Transact(() => writer.Execute(
                "INSERT INTO settings (name, value) SELECT @name, @value WHERE NOT EXISTS (SELECT 1 FROM articles) ON CONFLICT DO NOTHING", new { name = Collection, value = collection }));
        }

        if (ledger.Collection != collection)
            throw new LedgerException($"{ledger.Name} has the articles of the collection '{ledger.Collection}', not those of '{collection}'. Name the ledger of the default collection, and the collection with --collection.");
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
