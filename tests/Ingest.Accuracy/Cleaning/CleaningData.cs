using System.IO.Compression;
using System.Text.Json;

namespace Ingest.Accuracy.Cleaning;

/// <summary>One labelled article: its text dumps by name, and the true body.</summary>
sealed record LabelledArticle(string Id, IReadOnlyDictionary<string, string> Dumps, string Gold);

/// <summary>The labelled articles of <c>../shared/data/cleaning</c>.</summary>
static class CleaningData
{
    public const string Article = "article";
    public const string Page = "page";

    public static IReadOnlyList<string> DumpNames { get; } = [Article, Page];

    public static IReadOnlyList<LabelledArticle> Read()
    {
        var folder = SharedData.Find(Path.Combine("data", "cleaning"));
        var gold = Texts(Path.Combine(folder, "wcxb-gold.jsonl.gz"));
        var dumps = DumpNames.ToDictionary(n => n, n => Texts(Path.Combine(folder, $"wcxb-{n}.jsonl.gz")));
        return [.. gold.OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new LabelledArticle(g.Key, dumps.ToDictionary(d => d.Key, d => d.Value[g.Key]), g.Value))];
    }

    static Dictionary<string, string> Texts(string path)
    {
        var texts = new Dictionary<string, string>();
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            using var record = JsonDocument.Parse(line);
            texts[record.RootElement.GetProperty("id").GetString()!] = record.RootElement.GetProperty("text").GetString()!;
        }

        return texts;
    }
}
