using Dapper;
using Ingest.Ledger.Sqlite;

namespace Ingest.Ledger;

/// <summary>What a ledger holds, and what of it should not be so.</summary>
/// <param name="Damage">What SQLite finds wrong with the file; empty where nothing is.</param>
/// <param name="Unwritable">Why nothing can be written; null where it can.</param>
/// <param name="Decisions">How many there are; the same as <paramref name="End"/> in a log without gaps.</param>
/// <param name="End">The last position.</param>
/// <param name="WithoutResult">Decided articles whose result is missing.</param>
/// <param name="Forgotten">Articles that are neither decided nor failed, and do not wait either.</param>
/// <param name="Twice">Decided articles that wait for their outcome all the same.</param>
public sealed record LedgerReport(
    int Schema, IReadOnlyList<string> Damage, string? Unwritable, long Articles, long Decisions, LogPosition End,
    long WithoutResult, long Forgotten, long Twice, long Unfinished, long Failed, long Unsent);

/// <summary>Verifies a ledger without changing it. Reads all of the file: seconds for each gigabyte.</summary>
public sealed class LedgerCheck(LedgerFile ledger)
{
    const int MostDamage = 10;

    /// <exception cref="LedgerException">It cannot be read at all.</exception>
    public LedgerReport Look() => ledger.Read(connection =>
    {
        List<string> damage = [.. connection.Query<string>($"PRAGMA quick_check({MostDamage})")];
        // In one transaction, so that the numbers are those of one moment, whatever a server writes meanwhile.
        connection.Execute("BEGIN DEFERRED");
        try
        {
            return new LedgerReport(
                connection.ExecuteScalar<int>("PRAGMA user_version"), damage is ["ok"] ? [] : damage, Unwritable(),
                Count("articles"), Count("decisions"), DecisionLog.End(connection).Position,
                Number("SELECT count(*) FROM decisions d WHERE NOT EXISTS (SELECT 1 FROM results r WHERE r.article = d.article)"),
                Number("""
                    SELECT count(*) FROM articles a WHERE NOT EXISTS (SELECT 1 FROM decisions d WHERE d.article = a.article)
                      AND NOT EXISTS (SELECT 1 FROM unfinished u WHERE u.article = a.article) AND NOT EXISTS (SELECT 1 FROM errors e WHERE e.article = a.article)
                    """),
                Number("SELECT count(*) FROM unfinished u WHERE EXISTS (SELECT 1 FROM decisions d WHERE d.article = u.article)"),
                Count("unfinished"), Count("errors"), Count("unsent"));
        }
        finally
        {
            connection.Execute("ROLLBACK");
        }

        long Number(string sql) => connection.ExecuteScalar<long>(sql);

        long Count(string table) => Number($"SELECT count(*) FROM {table}");
    });

    string? Unwritable()
    {
        try
        {
            using var writer = new Writer(ledger);
            writer.Begin();
            return null;
        }
        catch (LedgerException e)
        {
            return e.Message;
        }
    }
}
