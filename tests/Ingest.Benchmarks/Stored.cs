using System.Diagnostics;
using System.Text;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation;
using Ingest.Ledger.Articles;

namespace Ingest.Benchmarks;

/// <summary>What a result costs in the ledger: its size beside the text's, and the time to write and read it on one core.</summary>
static class Stored
{
    public static void Print()
    {
        Console.WriteLine($"{"",-14}{"articles",9}{"text",8}{"stored",8}{"% ",6}{"write",9}{"story",9}{"read",9}   blocks: as they stand, mended, in full; bodies that are not their blocks");
        var wire = new Wire();
        Row("wire, 3 KB", [.. Enumerable.Range(0, 500).Select(i => wire.Article(i))]);
        Row("friendly, 3 KB", [.. Enumerable.Range(0, 500).Select(i => Texts.Friendly(3000 + i % 50))]);
        Row("dumps, 2-4 KB", [.. Texts.Dumps("article").Where(t => t.Length is > 2000 and < 4000)]);
        foreach (var kind in new[] { "article", "page", "gold" })
            Row("dumps, " + kind, Texts.Dumps(kind));
    }

    static void Row(string name, string[] texts)
    {
        var normaliser = new Normaliser();
        var results = texts.Select((t, i) => normaliser.Normalise(new ArticleText(t))).ToArray();
        var stored = results.Select((r, i) => StoredResult.Write(r, texts[i])).ToArray();
        var size = stored.Sum(s => (long)s.Length);
        var bytes = texts.Sum(t => (long)Encoding.UTF8.GetByteCount(t));
        var write = Microseconds(texts.Length, i => StoredResult.Write(results[i], texts[i]));
        var story = Microseconds(texts.Length,
            i => results[i].Article is null ? null : StoredResult.ReadStoryArticle(stored[i], texts[i], default));
        var read = Microseconds(texts.Length, i => StoredResult.Read(stored[i], texts[i]));
        var forms = results
            .SelectMany((r, i) => r.Blocks.Select(b => ResultWriter.FormOf(texts[i].AsSpan(b.Span.Start, b.Span.Length), b.Text)))
            .CountBy(f => f).ToDictionary();
        var apart = stored.Where((s, i) => results[i].Article is not null && !ResultReader.BodyIsBlocks(s, texts[i])).Count();
        Console.WriteLine($"{name,-14}{texts.Length,9}{bytes / texts.Length,8}{size / texts.Length,8}{100.0 * size / bytes,6:0.0}{write,6:0.00} us{story,6:0.00} us{read,6:0.00} us"
            + $"   {string.Join(", ", new[] { TextForm.Place, TextForm.Mended, TextForm.Utf8 }.Select(f => forms.GetValueOrDefault(f)))}; {apart}");
    }

    /// <summary>The best of several runs over all, an article's share of it.</summary>
    static double Microseconds(int count, Func<int, object?> run)
    {
        var best = double.MaxValue;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < 2;)
        {
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < count; i++)
                run(i);
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalMicroseconds / count);
        }

        return best;
    }
}
