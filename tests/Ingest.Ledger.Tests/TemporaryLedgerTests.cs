namespace Ingest.Ledger.Tests;

/// <summary>The ledger of one run, which no other can open.</summary>
public sealed class TemporaryLedgerTests : LedgerConformance
{
    protected override LedgerStore Open() => LedgerFile.Temporary();
}
