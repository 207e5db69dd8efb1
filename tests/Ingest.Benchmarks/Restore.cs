using System.Diagnostics;
using Ingest.Core.Deduplication;

namespace Ingest.Benchmarks;

/// <summary>
/// How long a restart takes until the window is as it was: remembered articles a second, and what a catch-up by one article costs. Reading
/// the log is not counted; it can run on another thread.
/// </summary>
static class Restore
{
    const int Rounds = 3, CatchUps = 20_000;

    public static void Print(int count)
    {
        var wire = new Wire();
        var log = new Remembered[count + CatchUps];
        var decider = new Deduplicator(new DeduplicationOptions { MaximumCount = count },
            number => new StoryArticle(wire.Article(number - 1), default));
        for (var i = 0; i < log.Length; i++)
            log[i] = decider.Decide(new StoryArticle(wire.Article(i), default), default).Remembered;
        Console.WriteLine($"{count} articles, {log.Average(r => r.Posted.Length):0.0} postings each");
        for (var round = 0; round < Rounds; round++)
        {
            GC.Collect();
            var deduplicator = new Deduplicator(new DeduplicationOptions { MaximumCount = count },
                _ => throw new InvalidOperationException("Nothing is read."));
            var (clock, cpu) = (Stopwatch.StartNew(), Cpu());
            deduplicator.Remember(log.Take(count));
            var (restored, busy) = (clock.Elapsed.TotalSeconds, Cpu() - cpu);
            clock.Restart();
            for (var i = count; i < log.Length; i++)
                deduplicator.Remember([log[i]]);
            var caughtUp = clock.Elapsed.TotalSeconds / CatchUps;
            Console.WriteLine($"restored in {restored:0.00} s ({busy:0.00} s of CPU), {count / restored:0} articles/s; {deduplicator.Bytes / count} bytes/article, " +
                $"{decider.Bytes / count} when decided; one more in {caughtUp * 1e6:0.0} us");
        }
    }

    static double Cpu() => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;
}
