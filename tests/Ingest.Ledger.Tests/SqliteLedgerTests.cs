namespace Ingest.Ledger.Tests;

/// <summary>A ledger in a file.</summary>
public sealed class SqliteLedgerTests : SharedLedgerConformance
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ingest-ledger-");

    protected override LedgerStore Open() => LedgerFile.Open(Path.Combine(folder.FullName, "test.db"));

    protected override LedgerStore OpenAgain() => LedgerFile.OpenExisting(Ledger.Place);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        folder.Delete(recursive: true);
    }
}
