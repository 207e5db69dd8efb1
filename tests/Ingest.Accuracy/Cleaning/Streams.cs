using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Sources;

namespace Ingest.Accuracy.Cleaning;

/// <summary>
/// Unlabelled articles of many sources: how many keep a paragraph that three different articles of their source have, and what is taken out
/// because of that, to be judged by reading. What is repeated is worked out here once more, without the product's own learner.
/// </summary>
static class Streams
{
    /// <summary>Shorter paragraphs are boilerplate no more often than not.</summary>
    const int LeastWords = 5;

    const int Different = 3;

    sealed record StreamArticle(string Id, string Source, string Text)
    {
        /// <summary>Those that are long enough, folded.</summary>
        public string[] Paragraphs { get; } = [.. Folded(Text.Split('\n'))];
    }

    public static int Score(int judged)
    {
        var random = new Random(1);
        foreach (var file in Directory.GetFiles(SharedData.Find("data/sites"), "stream-*.jsonl.gz").Order(StringComparer.Ordinal))
        {
            var articles = Read(file);
            var repeated = articles.GroupBy(a => a.Source).ToDictionary(g => g.Key, g => Repeated([.. g]));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{Path.GetFileName(file)}: {articles.Count} articles of {repeated.Count} sources; as they came, {Share(articles, a => a.Paragraphs):0.0 %} have what their source repeats"));
            var removals = new List<(string Article, string Text)>();
            var learnt = new LearntProfiles([.. articles.Select(a => (a.Source, a.Id, a.Text))]);
            foreach (var knowledge in Enum.GetValues<Knowledge>())
            {
                var results = articles.Select((a, i) => (a, learnt.Of(i, knowledge))).AsParallel().AsOrdered()
                    .Select(a => new Normaliser().Normalise(new ArticleText(a.a.Text), a.Item2)).ToArray();
                var kept = articles.Zip(results).ToDictionary(a => a.First, a => Folded(a.Second.Article?.Body ?? []).ToArray());
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  learnt from {knowledge}: {Share(articles, a => kept[a]):0.0 %} keep it"));
                if (knowledge == Knowledge.All)
                    removals.AddRange(articles.Zip(results).SelectMany(a => a.Second.Blocks.Where(b => b.Rule == "source.repeated")
                        .Select(b => (a.First.Id, a.First.Text.Substring(b.Span.Start, b.Span.Length)))));
            }

            // Each text once: what is said most is easy to judge.
            var texts = removals.GroupBy(r => r.Text).Select(g => (Text: g.Key, Count: g.Count(), g.First().Article)).ToList();
            Console.WriteLine($"  {removals.Count} removals of {texts.Count} texts");
            foreach (var (text, count, article) in texts.OrderBy(_ => random.Next()).Take(judged))
                Console.WriteLine($"    {count,5} × {article}: {text.ReplaceLineEndings(" ")[..Math.Min(text.Length, 150)]}");

            double Share(List<StreamArticle> all, Func<StreamArticle, string[]> paragraphs) =>
                all.Count(a => paragraphs(a).Any(repeated[a.Source].Contains)) / (double)all.Count;
        }

        return 0;
    }

    static List<StreamArticle> Read(string file)
    {
        var articles = new List<StreamArticle>();
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress), Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            using var record = JsonDocument.Parse(line);
            var root = record.RootElement;
            articles.Add(new StreamArticle(
                root.GetProperty("id").GetString()!,
                SourceName.Of(ArticleMetadata.None with { Feed = Field("feed"), Publisher = Field("publisher"), Url = Field("url") }) ?? Field("source") ?? "",
                root.GetProperty("text").GetString()!));

            string? Field(string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;
        }

        return articles;
    }

    /// <summary>
    /// Paragraphs that three different articles have. An article is known by its longest other paragraph that is not repeated itself, so that
    /// copies count once.
    /// </summary>
    static HashSet<string> Repeated(IReadOnlyList<StreamArticle> articles)
    {
        HashSet<string> repeated = [];
        for (var round = 0; round < 2; round++)
        {
            var names = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
            foreach (var article in articles)
            {
                var own = article.Paragraphs.Where(p => !repeated.Contains(p)).OrderByDescending(p => p.Length).Take(2).ToArray();
                foreach (var paragraph in article.Paragraphs.Distinct())
                    if (own.FirstOrDefault(p => p != paragraph) is { } name)
                        (names.TryGetValue(paragraph, out var known) ? known : names[paragraph] = []).Add(name);
            }

            repeated = [.. names.Where(n => n.Value.Count >= Different).Select(n => n.Key)];
        }

        return repeated;
    }

    static IEnumerable<string> Folded(IEnumerable<string> paragraphs) =>
        paragraphs.Select(p => string.Join(' ', p.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))
            .Where(p => p.AsSpan().Count(' ') + 1 >= LeastWords);
}
