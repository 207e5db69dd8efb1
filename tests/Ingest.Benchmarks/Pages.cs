using System.Diagnostics;
using AngleSharp.Html.Parser;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Pages;

namespace Ingest.Benchmarks;

/// <summary>
/// Pages of HTML: how many a second on one core, beside SmartReader and the parse alone, in one run; then time against length on markup that never
/// ends.
/// </summary>
static class Pages
{
    const int Few = 200;

    static readonly int[] Tags = [2_000, 8_000, 32_000, 128_000];

    /// <summary>Each is repeated; what stands open is never closed.</summary>
    static readonly string[] Baits =
    [
        "<div>", "<ul><li>", "<table><tr><td>", "<b><i><p>", "<a href=x>", "<p>text ", "<br>", "<font color=a>", "<select><option>", "<svg><g>", "<x-y>", "&amp;", "&", "<", "<a b=", "<!--", "<p><b>",
        "<form><input>", "<nobr>", "<plaintext>", "<script>", "</div>", "<h1>word ", "<li>word ", "word ", "<meta name=author content=x>", "<script type=application/ld+json>{\"@type\":\"Article\"}</script>",
    ];

    public static void Print()
    {
        var pages = Texts.Pages(Few);
        var normaliser = new Normaliser();
        var options = new HtmlParserOptions { DisableElementPositionTracking = true };
        Console.WriteLine($"{pages.Length} pages, {pages.Average(p => p.Length) / 1024:0} K characters each; pages a second on one core:");
        Tell("AngleSharp's parse alone", p => new HtmlParser(options).ParseDocument(p).Dispose());
        Tell("Ingest: parse, text and structure", p => PageReader.Read(p, ArticleMetadata.None, []));
        Tell("Ingest: the clean article", p => normaliser.Normalise(PageReader.Read(p, ArticleMetadata.None, [])));
        Tell("SmartReader", p => new SmartReader.Reader("https://harbour.example/story", p).GetArticle());
        Console.WriteLine();
        Console.WriteLine($"{"µs a tag",-34}{string.Concat(Tags.Select(t => $"{t,10:N0}"))}");
        foreach (var bait in Baits)
        {
            Console.Write($"{(bait.Length > 32 ? bait[..32] : bait),-34}");
            foreach (var tags in Tags)
            {
                var html = "<body><p>Text.</p>" + string.Concat(Enumerable.Repeat(bait, tags));
                var clock = Stopwatch.StartNew();
                normaliser.Normalise(PageReader.Read(html, ArticleMetadata.None, []));
                Console.Write($"{clock.Elapsed.TotalMicroseconds / tags,10:0.0}");
            }

            Console.WriteLine();
        }

        void Tell(string name, Action<string> run) => Console.WriteLine($"  {name,-36}{Rate(pages, run),8:0}");
    }

    /// <summary>The best of three, after a warm-up.</summary>
    static double Rate(string[] pages, Action<string> run)
    {
        var best = double.MaxValue;
        for (var round = 0; round < 4; round++)
        {
            var clock = Stopwatch.StartNew();
            Array.ForEach(pages, run);
            if (round > 0)
                best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }

        return pages.Length / best;
    }
}
