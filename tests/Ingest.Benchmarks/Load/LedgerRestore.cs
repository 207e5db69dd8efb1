using System.Diagnostics;
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
            var options = new DeduplicationOptions { MaximumCount = count };
            Fill(ledger, options, count);
            Console.WriteLine($"{count} articles; the ledger's fingerprints take {new FileInfo(ledger.FilePath).Length >> 20} MB");
            for (var round = 0; round < Rounds; round++)
            {
                GC.Collect();
                using var lane = new Lane(ledger, options, TimeProvider.System);
                var clock = Stopwatch.StartNew();
                lane.Rebuild();
                Console.WriteLine($"{lane.Count} articles in {clock.Elapsed.TotalSeconds:0.00} s");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static void Fill(LedgerFile ledger, DeduplicationOptions options, int count)
    {
        var wire = new Wire();
        var deduplicator = new Deduplicator(options, number => new StoryArticle(wire.Article(number - 1), default));
        using var writer = new LaneWriter(ledger);
        for (var i = 0; i < count;)
        {
            writer.Begin();
            for (var end = Math.Min(count, i + InTransaction); i < end; i++)
                writer.Remember([deduplicator.Decide(new StoryArticle(wire.Article(i), default), default).Remembered]);
            writer.Commit(new LaneGroup([], []));
        }
    }
}
