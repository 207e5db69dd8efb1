using System.Diagnostics;
using System.Text;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation;

namespace Ingest.Benchmarks;

/// <summary>
/// Time against length, from 1 KB to 4 MiB, on friendly and hostile text. Printed as nanoseconds a byte: a row that stays level is linear.
/// Run as a program of its own, as BenchmarkDotNet would need hours for the table.
/// </summary>
static class Growth
{
    static readonly int[] Lengths = [1 << 10, 1 << 13, 1 << 16, 1 << 19, (1 << 22) - 400];

    public static void Print()
    {
        var normaliser = new Normaliser();
        var dumps = new[] { "article", "page" }.SelectMany(Texts.Dumps).ToArray();
        var articles = dumps.Select((t, i) => new ArticleText(t)).ToArray();
        var bytes = dumps.Sum(t => (long)Encoding.UTF8.GetByteCount(t));
        Console.WriteLine($"real dumps: {bytes / 1e6:0.0} MB, {MegabytesASecond(() => Array.ForEach(articles, a => normaliser.Normalise(a)), bytes):0.0} MB/s on one core; "
            + $"plain split into lines {MegabytesASecond(() => Array.ForEach(articles, a => CountLines(a.Text)), bytes):0} MB/s");
        Console.WriteLine();
        Console.WriteLine($"{"ns a byte",-12}{string.Concat(Lengths.Select(l => $"{(l < 1 << 20 ? $"{l >> 10} KiB" : "4 MiB"),10}"))}");
        foreach (var bait in Texts.Baits.Prepend("friendly"))
        {
            Console.Write($"{bait,-12}");
            foreach (var length in Lengths)
            {
                var text = bait == "friendly" ? Texts.Friendly(length - 200) : Texts.Hostile(bait, length - 40);
                var article = new ArticleText(text);
                var size = Encoding.UTF8.GetByteCount(text);
                var rate = MegabytesASecond(() => normaliser.Normalise(article), size);
                Console.Write($"{1000 / rate,10:0.0}");
            }

            Console.WriteLine();
        }
    }

    static int CountLines(string text)
    {
        var lines = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
            if (!line.IsWhiteSpace())
                lines++;
        return lines;
    }

    /// <summary>The best of several runs, after a warm-up: the machine's noise only ever adds.</summary>
    static double MegabytesASecond(Action run, long bytes)
    {
        var repeats = (int)Math.Clamp(2_000_000 / bytes, 1, 2000);
        var best = double.MaxValue;
        for (var round = 0; round < 6; round++)
        {
            var clock = Stopwatch.StartNew();
            for (var i = 0; i < repeats; i++)
                run();
            if (round > 0)
                best = Math.Min(best, clock.Elapsed.TotalSeconds / repeats);
        }

        return bytes / 1e6 / best;
    }
}
