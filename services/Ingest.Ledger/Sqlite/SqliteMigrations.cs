using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Ingest.Ledger.Sqlite;

/// <summary>The numbered changes of the schema. Each runs once, in its own transaction; the file knows the number of the last.</summary>
static class SqliteMigrations
{
    /// <summary>"INGS": marks the file as ours.</summary>
    const int ApplicationId = 0x494E4753;

    static readonly IReadOnlyList<(int Number, string Name, string Script)> All = Scripts.Of("Sqlite");

    /// <summary>The schema that this program writes.</summary>
    public static int Newest => All[^1].Number;

    /// <returns>The names of the scripts that ran.</returns>
    /// <exception cref="LedgerException">The file is no ledger, or was written by a newer program.</exception>
    public static IReadOnlyList<string> Apply(SqliteConnection connection, string path)
    {
        var ran = new List<string>();
        if (Check(connection, path) == Newest)
            return ran;
        foreach (var (number, name, script) in All)
        {
            // Taken for each, so that of two processes that start together one migrates and the other finds it done.
            connection.Execute("BEGIN IMMEDIATE");
            try
            {
                var runs = Check(connection, path) < number;
                if (runs)
                    connection.Execute(script + string.Create(
                        CultureInfo.InvariantCulture, $"\nPRAGMA application_id = {ApplicationId};\nPRAGMA user_version = {number};"));
                connection.Execute("COMMIT");
                if (runs)
                    ran.Add(name);
            }
            catch
            {
                connection.Execute("ROLLBACK");
                throw;
            }
        }

        return ran;
    }

    /// <summary>The names of the scripts that a schema of this number lacks.</summary>
    public static IReadOnlyList<string> Missing(int schema) => [.. All.Where(s => s.Number > schema).Select(s => s.Name)];

    /// <summary>The same for a file that must be a ledger already.</summary>
    /// <exception cref="LedgerException">The file is no ledger, or was written by a newer program.</exception>
    public static int CheckMade(SqliteConnection connection, string path) => Check(connection, path) is > 0 and var schema
        ? schema
        : throw new LedgerException(
            new FileInfo(path).Length == 0
                ? $"{path} is empty. If a ledger was there, restore a backup."
                : $"{path} is a SQLite file without any data. A copy of the file alone, made while a service used it, looks like this: make copies with 'ingest backup'.");

    /// <returns>The schema's number; 0 for a new file.</returns>
    /// <exception cref="LedgerException">The file is no ledger, or was written by a newer program.</exception>
    public static int Check(SqliteConnection connection, string path)
    {
        var schema = connection.ExecuteScalar<int>("PRAGMA user_version");
        var application = connection.ExecuteScalar<int>("PRAGMA application_id");
        var empty = connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_schema") == 0;
        if (!empty && application != ApplicationId)
            throw new LedgerException($"{path} is a SQLite file, but is not an Ingest ledger. Name another file with --ledger.");
        if (schema > Newest)
            throw new LedgerException(
                $"{path} has schema {schema}; this program knows schemas up to {Newest}. A newer version of Ingest wrote the ledger: use that version. The file was not changed.");
        return schema;
    }
}
