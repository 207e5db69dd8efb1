using System.Text.Json;
using Ingest.Core.Deduplication;

namespace Ingest.Core.Tests.Deduplication;

/// <summary>A labelled article of Samples/stories: the story it belongs to (its own id for the first) and how it relates to it.</summary>
sealed record StorySample(string Id, string Story, string? Relation, string Note, StoryArticle Article)
{
    const string Contestable = "EITHER(";

    /// <summary>
    /// The labels that are right: the relation, or "none" for a story of its own. More than one where the label is contestable.
    /// </summary>
    public IReadOnlyList<string> Relations
    {
        get
        {
            var start = Note.IndexOf(Contestable, StringComparison.Ordinal);
            if (start < 0)
                return [Relation ?? "none"];
            start += Contestable.Length;
            return Note[start..Note.IndexOf(')', start)].Split(',');
        }
    }

    /// <summary>Whether an outcome (see <see cref="StorySamples.Outcomes"/>) is right.</summary>
    public bool Accepts(string outcome)
    {
        if (outcome == "none")
            return Relations.Contains("none");
        var (relation, story) = (outcome[..outcome.IndexOf(' ')], outcome[(outcome.IndexOf(' ') + 1)..]);
        // Where a new story may also be a part of an earlier one, the label does not say of which.
        return Relations.Contains(relation) && (story == Story || Story == Id);
    }
}

/// <summary>The labelled streams and the list of what comes out wrong.</summary>
static class StorySamples
{
    static readonly string Folder = Path.Combine(Root(), "tests", "Ingest.Core.Tests", "Samples", "stories");

    public static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(Folder, "*.jsonl").Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal);

    public static List<StorySample> Read(string file)
    {
        var samples = new List<StorySample>();
        foreach (var line in File.ReadLines(Path.Combine(Folder, file)))
        {
            using var json = JsonDocument.Parse(line);
            var (root, article) = (json.RootElement, json.RootElement.GetProperty("article"));
            var body = string.Join('\n', article.GetProperty("body").EnumerateArray().Select(p => p.GetString()));
            samples.Add(new StorySample(Text(root, "id")!, Text(root, "story")!, Text(root, "relation"), Text(root, "note")!,
                new StoryArticle(body, ArticleStream.Start.AddMinutes(10 * samples.Count))
                {
                    Headline = Text(article, "headline"),
                    Agency = Text(article, "agency"),
                    Publisher = Text(article, "publisher"),
                    Version = Text(article, "version"),
                    Correction = Text(article, "correction"),
                }));
        }

        return samples;
    }

    /// <summary>
    /// What the program makes of each article of a stream: "none" for a story of its own, otherwise the relation and the
    /// story, as "near ex-owl".
    /// </summary>
    public static List<string> Outcomes(IReadOnlyList<StorySample> samples)
    {
        var stream = new ArticleStream();
        var outcomes = new List<string>();
        foreach (var sample in samples)
        {
            var decision = stream.Decide(sample.Article);
            outcomes.Add(decision.Match is { } match
                ? match.Relation.ToString().ToLowerInvariant() + " " + samples[(int)decision.Story - 1].Id
                : "none");
        }

        return outcomes;
    }

    /// <summary>The open faults, by id: what the program does instead.</summary>
    public static Dictionary<string, string> Known()
    {
        var known = new Dictionary<string, string>();
        foreach (var line in File.ReadLines(Path.Combine(Folder, "known.txt")))
            if (line.Length > 0 && !line.StartsWith('#') && line.Split('|') is var cells)
                known.Add(cells[0].Trim(), cells[1].Trim());
        return known;
    }

    static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Ingest.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Ingest.sln.");
    }
}
