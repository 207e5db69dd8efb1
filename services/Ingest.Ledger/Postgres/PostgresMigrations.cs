using System.Globalization;
using Dapper;
using Npgsql;

namespace Ingest.Ledger.Postgres;

/// <summary>
/// The numbered changes of the schema. They run once, under a lock, in one transaction, and only forward; the table <c>migrations</c> has those
/// that did.
/// </summary>
static class PostgresMigrations
{
    static readonly IReadOnlyList<(int Number, string Name, string Script)> All = Scripts.Of("Postgres");

    /// <summary>The schema that this program writes.</summary>
    public static int Newest => All[^1].Number;

    /// <summary>Brings the schema up to date.</summary>
    /// <returns>The scripts that ran, or that would have.</returns>
    /// <exception cref="LedgerException">A newer program made it.</exception>
    public static IReadOnlyList<string> Apply(NpgsqlConnection connection, string schema, string name, bool dryRun = false)
    {
        // So that whoever needs nothing needs no rights and no lock.
        var now = Number(connection, name);
        if (now == Newest || dryRun)
            return Missing(now);
        // Before the transaction: what a session has looked up before it waited within one, such as that there is no schema, it would believe still.
        connection.Execute("SET lock_timeout = 0; SELECT pg_advisory_lock(hashtextextended('ingest.migrate', 0))");
        try
        {
            return ApplyAlone(connection, schema, name);
        }
        finally
        {
            connection.Execute("SELECT pg_advisory_unlock(hashtextextended('ingest.migrate', 0)); SET lock_timeout = '5s'");
        }
    }

    static string[] ApplyAlone(NpgsqlConnection connection, string schema, string name)
    {
        using var transaction = connection.BeginTransaction();
        var before = Number(connection, name);
        foreach (var (number, file, script) in All.Where(s => s.Number > before))
        {
            if (number == All[0].Number)
                connection.Execute($"""
                    CREATE SCHEMA IF NOT EXISTS {schema};
                    CREATE TABLE migrations (number int PRIMARY KEY, name text NOT NULL, applied timestamptz NOT NULL DEFAULT now())
                    """);
            connection.Execute(script);
            connection.Execute("INSERT INTO migrations (number, name) VALUES (@number, @file)", new { number, file });
        }

        transaction.Commit();
        return Missing(before);
    }

    /// <returns>The schema's number; 0 where there is none yet.</returns>
    /// <exception cref="LedgerException">A newer program made it.</exception>
    public static int Number(NpgsqlConnection connection, string name)
    {
        var number = connection.ExecuteScalar<bool>("SELECT to_regclass('migrations') IS NOT NULL")
            ? connection.ExecuteScalar<int>("SELECT coalesce(max(number), 0) FROM migrations")
            : 0;
        if (number > Newest)
            throw new LedgerException(string.Create(CultureInfo.InvariantCulture,
                $"{name} has schema {number}; this program knows schemas up to {Newest}. A newer version of Ingest made it: use that version. Nothing was changed."));
        return number;
    }

    static string[] Missing(int number) => [.. All.Where(s => s.Number > number).Select(s => s.Name)];
}
