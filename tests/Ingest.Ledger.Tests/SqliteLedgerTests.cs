namespace Ingest.Ledger.Tests;

/// <summary>A ledger in a file.</summary>
public sealed class SqliteLedgerTests : SharedLedgerConformance
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ingest-ledger-");

    protected override LedgerFile Open() => LedgerFile.Open(Path.Combine(folder.FullName, "test.db"));

    protected override LedgerFile OpenAgain() => LedgerFile.OpenExisting(Ledger.FilePath);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        folder.Delete(recursive: true);
    }
}
