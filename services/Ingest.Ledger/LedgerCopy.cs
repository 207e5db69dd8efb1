using Dapper;
using Ingest.Ledger.Sqlite;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ingest.Ledger;

/// <summary>Copies a ledger, or the beginning of one.</summary>
public static class LedgerCopy
{
    /// <summary>Copies all decisions before a position, their articles, the settings that they were made with, and all rulings.</summary>
    /// <param name="to">Holds nothing yet.</param>
    public static void Before(LedgerFile from, LedgerFile to, LogPosition position)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        to.Read(connection =>
        {
            connection.Execute("ATTACH DATABASE @path AS source", new { path = from.Source });
            connection.Execute("""
                BEGIN IMMEDIATE;
                INSERT INTO articles SELECT a.* FROM source.articles a JOIN source.decisions d ON d.article = a.article WHERE d.position < @position;
                INSERT INTO results SELECT r.* FROM source.results r JOIN source.decisions d ON d.article = r.article WHERE d.position < @position;
                INSERT INTO sources SELECT * FROM source.sources;
                INSERT INTO rulings SELECT * FROM source.rulings;
                INSERT INTO decisions SELECT * FROM source.decisions WHERE position < @position;
                INSERT INTO fingerprints SELECT f.* FROM source.fingerprints f JOIN source.decisions d ON d.number = f.number WHERE d.position < @position;
                INSERT INTO settings SELECT * FROM source.settings WHERE name <> @log AND EXISTS (SELECT 1 FROM decisions);
                COMMIT
                """, new { position = position.Value, log = LedgerSettings.Log });
            return connection.Execute("DETACH DATABASE source");
        });
    }

    /// <summary>
    /// Copies a whole ledger, page by page and as of one moment, into one file that needs no other beside it. Other processes may write
    /// to the ledger meanwhile.
    /// </summary>
    /// <param name="to">A file that is not there yet; readable by its owner only.</param>
    /// <param name="progress">Told the share that is done, 0 to 1.</param>
    /// <exception cref="LedgerException">The ledger cannot be read, or the copy cannot be written; what there is of it stays.</exception>
    public static void Whole(LedgerFile from, string to, Action<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(from);
        // 4 MB: often enough for whoever watches.
        const int PagesAtOnce = 1024;
        LedgerFile.Create(to);
        from.Read(source =>
        {
            // Holds the moment: without it the copy would begin anew after each commit of another process.
            source.Execute("BEGIN DEFERRED");
            try
            {
                source.ExecuteScalar<long>("SELECT count(*) FROM sqlite_schema");
                LedgerFile.Told(to, () => Pages((SqliteConnection)source));
            }
            finally
            {
                source.Execute("ROLLBACK");
            }

            return true;
        });

        bool Pages(SqliteConnection source)
        {
            using var copy = new SqliteConnection(new SqliteConnectionStringBuilder
            {
                DataSource = LedgerSource.Of(to), Mode = SqliteOpenMode.ReadWrite, Pooling = false,
            }.ToString());
            copy.Open();
            using (var backup = raw.sqlite3_backup_init(copy.Handle, "main", source.Handle, "main"))
            {
                if (backup.IsInvalid)
                    SqliteException.ThrowExceptionForRC(raw.sqlite3_errcode(copy.Handle), copy.Handle);
                int result;
                while ((result = raw.sqlite3_backup_step(backup, PagesAtOnce)) == raw.SQLITE_OK)
                    progress?.Invoke(1 - (double)raw.sqlite3_backup_remaining(backup) / Math.Max(1, raw.sqlite3_backup_pagecount(backup)));
                if (result != raw.SQLITE_DONE)
                    SqliteException.ThrowExceptionForRC(result, copy.Handle);
            }

            // One file: it can be moved and read alone. Whoever opens it as a ledger gives it a log again.
            copy.Execute("PRAGMA journal_mode = DELETE");
            return true;
        }
    }
}
