using BenchmarkDotNet.Attributes;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation;

namespace Ingest.Benchmarks;

/// <summary>
/// The normaliser alone on one core, beside a plain pass that only splits the same text into lines. Megabytes a second are the texts' bytes
/// in UTF-8 divided by the mean; the ratio to the plain pass is what compares machines.
/// </summary>
[MemoryDiagnoser]
public class NormaliserBenchmarks
{
    readonly Normaliser normaliser = new();
    ArticleText[] articles = [];

    [Params("article", "page")]
    public string Dump { get; set; } = "article";

    [GlobalSetup]
    public void Read() => articles = [.. Texts.Dumps(Dump).Select((t, i) => new ArticleText(t))];

    [Benchmark(Baseline = true)]
    public int PlainLines()
    {
        var lines = 0;
        foreach (var article in articles)
            foreach (var line in article.Text.AsSpan().EnumerateLines())
                if (!line.IsWhiteSpace())
                    lines++;
        return lines;
    }

    [Benchmark]
    public int Normalise()
    {
        var paragraphs = 0;
        foreach (var article in articles)
            paragraphs += normaliser.Normalise(article).Article?.Body.Count ?? 0;
        return paragraphs;
    }
}
