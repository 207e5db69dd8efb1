using System.Diagnostics;
using Ingest.Broker.Tests;
using Ingest.Core.Deduplication;
using Ingest.Ledger;
using Ingest.Service.Deduplicate;

namespace Ingest.Benchmarks.Load;

/// <summary>How long a start takes until the index stands for so many articles again, read from a ledger.</summary>
static class LedgerRestore
{
    const int Rounds = 3, InTransaction = 10_000;

    public static void Print(int count)
    {
        var folder = Directory.CreateTempSubdirectory("ingest-restore-");
        try
        {
            using var ledger = LedgerFile.Open(Path.Combine(folder.FullName, "restore.db"));
            Print(ledger, count);
            Console.WriteLine($"the ledger's fingerprints take {new FileInfo(ledger.FilePath).Length >> 20} MB");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The same from a private PostgreSQL server.</summary>
    public static void PrintServer(int count)
    {
        using var server = new PostgresServer();
        using var ledger = LedgerDatabase.Open(server.Address());
        Print(ledger, count);
    }

    static void Print(LedgerStore ledger, int count)
    {
        var options = new DeduplicationOptions { MaximumCount = count };
        Fill(ledger, options, count);
        for (var round = 0; round < Rounds; round++)
        {
            GC.Collect();
            using var lane = new Lane(ledger, options, TimeProvider.System);
            var clock = Stopwatch.StartNew();
            lane.Rebuild();
            Console.WriteLine($"{lane.Count} articles in {clock.Elapsed.TotalSeconds:0.00} s");
        }
    }

    static void Fill(LedgerStore ledger, DeduplicationOptions options, int count)
    {
        var wire = new Wire();
        var deduplicator = new Deduplicator(options, number => new StoryArticle(wire.Article(number - 1), default));
        using var writer = new LaneWriter(ledger);
        for (var i = 0; i < count;)
        {
            writer.Begin();
            var remembered = new List<Remembered>(InTransaction);
            for (var end = Math.Min(count, i + InTransaction); i < end; i++)
                remembered.Add(deduplicator.Decide(new StoryArticle(wire.Article(i), default), default).Remembered);
            writer.Remember(remembered);
            writer.Commit(new LaneGroup([], []));
        }
    }
}
