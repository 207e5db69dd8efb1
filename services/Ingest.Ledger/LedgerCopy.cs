using Dapper;

namespace Ingest.Ledger;

/// <summary>Copies the beginning of one ledger into a new one.</summary>
public static class LedgerCopy
{
    /// <summary>Copies all decisions before a position, their articles, and the settings that they were made with.</summary>
    /// <param name="to">Holds nothing yet.</param>
    public static void Before(LedgerFile from, LedgerFile to, LogPosition position)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        to.Read(connection =>
        {
            connection.Execute("ATTACH DATABASE @path AS source", new { path = from.FilePath });
            connection.Execute("""
                BEGIN IMMEDIATE;
                INSERT INTO articles SELECT a.* FROM source.articles a JOIN source.decisions d ON d.article = a.article WHERE d.position < @position;
                INSERT INTO results SELECT r.* FROM source.results r JOIN source.decisions d ON d.article = r.article WHERE d.position < @position;
                INSERT INTO decisions SELECT * FROM source.decisions WHERE position < @position;
                INSERT INTO fingerprints SELECT f.* FROM source.fingerprints f JOIN source.decisions d ON d.number = f.number WHERE d.position < @position;
                INSERT INTO settings SELECT * FROM source.settings WHERE EXISTS (SELECT 1 FROM decisions);
                COMMIT
                """, new { position = position.Value });
            return connection.Execute("DETACH DATABASE source");
        });
    }
}
