using System.IO.Compression;
using System.Text.Json;
using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using Ingest.Core.Normalisation;

namespace Ingest.Accuracy.Stories;

/// <summary>A labelled article of a stream: its true story, how it was made, and what the decision sees of it.</summary>
/// <param name="Kind"><c>original</c>, <c>single</c>, <c>hardneg</c> or a kind of copy.</param>
sealed record StreamArticle(string Id, string Story, string Kind, StoryArticle Article)
{
    public bool IsCopy => Kind is not ("original" or "single" or "hardneg");
}

/// <summary>Labelled articles in the order of their arrival, normalised as <c>ingest run</c> does.</summary>
static class LabelledStream
{
    /// <summary>The set beside the repository: 25,039 articles of 12,000 stories.</summary>
    public static List<StreamArticle> Read(string name = "wirebench-senate.jsonl.gz")
    {
        var normaliser = new Normaliser();
        return [.. Lines(name).AsParallel().AsOrdered().Select(line =>
        {
            var record = JsonDocument.Parse(line).RootElement;
            string Field(string field) => record.GetProperty(field).ToString();
            var article = normaliser.Normalise(new ArticleText(Field("text"))).Article;
            return new StreamArticle(
                Field("id"), Field("story"), Field("kind"),
                article is null ? new StoryArticle("", DateTimeOffset.UnixEpoch) : StoryArticle.Of(article, DateTimeOffset.UnixEpoch));
        })];
    }

    /// <summary>The same articles in another order (Fisher and Yates), the same for the same seed; 0 leaves them as they are.</summary>
    public static List<StreamArticle> Shuffled(IEnumerable<StreamArticle> articles, int seed)
    {
        var shuffled = articles.ToList();
        var random = new Random(seed);
        for (var i = shuffled.Count - 1; i > 0 && seed > 0; i--)
        {
            var other = random.Next(i + 1);
            (shuffled[i], shuffled[other]) = (shuffled[other], shuffled[i]);
        }

        return shuffled;
    }

    static IEnumerable<string> Lines(string name)
    {
        using var reader = new StreamReader(
            new GZipStream(File.OpenRead(SharedData.Find(Path.Combine("data", name))), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
            yield return line;
    }
}
