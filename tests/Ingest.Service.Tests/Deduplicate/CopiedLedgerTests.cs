using Ingest.Broker.Tests;
using Ingest.Core.Deduplication;
using Ingest.Ledger;
using Ingest.Service.Cli;
using Ingest.Service.Deduplicate;
using Npgsql;

namespace Ingest.Service.Tests.Deduplicate;

/// <summary>A ledger that goes on in the other store.</summary>
public sealed class CopiedLedgerTests : IDisposable
{
    /// <summary>Small, so that articles leave the window while a test runs.</summary>
    static readonly DeduplicationOptions Options = new() { MaximumCount = 60 };

    readonly TemporaryLedger ledger = new();
    readonly PostgresServer? server = PostgresServer.Missing is null ? new PostgresServer() : null;

    public void Dispose()
    {
        ledger.Dispose();
        server?.Dispose();
    }

    [WithServer]
    public void Either_store_decides_the_next_articles_alike_and_replays_alike()
    {
        const int Before = 180;
        var items = Feed.Items(12, 400);
        Decide(ledger.File, items[..Before]);
        using var database = LedgerDatabase.Open(server!.Address(), copying: true);
        Assert.Empty(LedgerCopy.Rows(ledger.File, database));
        LedgerCopy.Complete(database);
        Decide(ledger.File, items[Before..]);
        Assert.Contains(LedgerCopy.Compare(ledger.File, database), t => !t.IsSame);
        Decide(database, items[Before..]);
        Assert.All(LedgerCopy.Compare(ledger.File, database), t => Assert.True(t.IsSame, t.Table));
        Assert.InRange(ledger.Value<long>("SELECT count(*) FROM decisions WHERE matched IS NOT NULL AND position > 180"), 10, 200);

        var given = new NpgsqlConnectionStringBuilder(server.Address());
        var passwords = Path.Combine(server.Folder, "passwords");
        File.WriteAllText(passwords, $"127.0.0.1:{given.Port}:*:*:{given.Password}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(passwords, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (given.Password, given.Passfile) = (null, passwords);
        foreach (var from in (string[])["1", "200"])
        {
            var (file, other) = ($"{ledger.File.FilePath}.{from}.file", $"{ledger.File.FilePath}.{from}.server");
            Assert.Equal(0, ReplayCommand.Create().Parse(["--ledger", ledger.File.FilePath, "--to", file, "--from", from, "--window-count", "60"]).Invoke());
            Assert.Equal(0, ReplayCommand.Create().Parse(["--postgres", given.ConnectionString, "--to", other, "--from", from, "--window-count", "60"]).Invoke());
            foreach (var columns in (string[])["position, article, number, story, canonical, version, relation, matched, resemblance, rejection FROM {0}.decisions", "number, story, canonical, version, arrival, clock, posted FROM {0}.fingerprints"])
                Assert.Equal("400 0", ledger.Value<string>($"""
                    ATTACH '{file}' AS one; ATTACH '{other}' AS two;
                    SELECT (SELECT count(*) FROM two.decisions) || ' ' || ((SELECT count(*) FROM (SELECT {string.Format(null, columns, "one")} EXCEPT SELECT {string.Format(null, columns, "two")}))
                      + (SELECT count(*) FROM (SELECT {string.Format(null, columns, "two")} EXCEPT SELECT {string.Format(null, columns, "one")})))
                    """));
        }
    }

    static void Decide(LedgerStore store, List<LaneItem> items)
    {
        using var lane = new Lane(store, Options, new FakeTime());
        lane.Rebuild();
        foreach (var group in items.Chunk(20))
            lane.Commit(group);
    }

    sealed class WithServerAttribute : FactAttribute
    {
        public WithServerAttribute() => Skip = PostgresServer.Missing;
    }
}
