using System.Diagnostics;
using System.Text;
using Ingest.Core.Deduplication;
using Ingest.Core.Deduplication.Fingerprints;

namespace Ingest.Benchmarks;

/// <summary>
/// What a decision costs, and how it grows: articles a second on one core at windows of 10,000 and 1,000,000 articles, bytes of memory for
/// each article of the window, and hostile streams. Earlier articles are read from memory here, as they would be from a ledger.
/// </summary>
static class Decisions
{
    /// <summary>Articles that are timed at each size, in rounds of which the best counts: the machine's noise only ever adds.</summary>
    const int Timed = 20_000, Rounds = 4;

    public static void Print(int largest)
    {
        Console.WriteLine($"{"stream",-12}{"window",10}{"decide/s",12}{"us",8}{"with fingerprint/s",20}{"bytes/article",15}{"of it postings",16}{"copies found",14}");
        var first = Measure("wire", 10_000);
        var cost = new List<(string, double)> { ("wire", first) };
        foreach (var window in new[] { 100_000, 1_000_000 }.Where(w => w <= largest))
            cost.Add(($"wire {window}", Measure("wire", window)));
        foreach (var stream in new[] { "paragraph", "copies", "edits", "noise" })
            cost.Add((stream, Measure(stream, largest)));
        foreach (var (stream, microseconds) in cost)
            Console.WriteLine($"{stream}: {microseconds / first:0.00} of the cost at 10,000");
    }

    /// <summary>Fills a window and times the articles that follow. Returns microseconds for a decision.</summary>
    static double Measure(string kind, int window)
    {
        var wire = new Wire(kind);
        var texts = new List<byte[]>();
        var options = new DeduplicationOptions { MaximumCount = window };
        var deduplicator = new Deduplicator(options,
            number => new StoryArticle(Encoding.Latin1.GetString(texts[(int)number - 1]), default));
        var fingerprinter = new Fingerprinter(options);
        var copies = (Found: 0, All: 0);
        for (var i = 0; i < window; i++)
            Fill(i);
        double best = double.MaxValue, both = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var start = texts.Count;
            var articles = new StoryArticle[Timed / Rounds];
            for (var i = 0; i < articles.Length; i++)
            {
                articles[i] = new StoryArticle(wire.Article(start + i), default);
                texts.Add(Encoding.Latin1.GetBytes(articles[i].Body));
            }

            GC.Collect();
            var clock = Cpu();
            var fingerprints = Array.ConvertAll(articles, a => fingerprinter.Compute(a.Body));
            var fingerprinted = Cpu();
            for (var i = 0; i < articles.Length; i++)
            {
                var decision = deduplicator.Decide(articles[i], fingerprints[i], default);
                if (wire.Original(start + i) is not null)
                    copies = (copies.Found + (decision.Match is null ? 0 : 1), copies.All + 1);
            }

            var decided = Cpu();
            best = Math.Min(best, (decided - fingerprinted) / articles.Length);
            both = Math.Min(both, (decided - clock) / articles.Length);
        }

        var bytes = deduplicator.Bytes;
        texts.Clear();
        texts.TrimExcess();
        var held = Held(deduplicator);
        Console.WriteLine($"{kind,-12}{window,10}{1 / best,12:0}{best * 1e6,8:0.0}{1 / both,20:0}{bytes / window,15}{deduplicator.PostingBytes / window,16}{copies.Found,8}/{copies.All}   (heap {held / window} bytes/article)");
        return best * 1e6;

        void Fill(int number)
        {
            var article = new StoryArticle(wire.Article(number), default);
            texts.Add(Encoding.Latin1.GetBytes(article.Body));
            deduplicator.Decide(article, default);
        }
    }

    /// <summary>What the collector says that stays alive with the deduplicator alone.</summary>
    static long Held(Deduplicator deduplicator)
    {
        var with = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(deduplicator);
        return with;
    }

    static double Cpu() => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;
}
