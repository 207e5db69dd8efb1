namespace Ingest.Core.Tests.Deduplication;

/// <summary>Every labelled stream comes out as its labels say, but for the open faults that Samples/stories/known.txt lists.</summary>
public class StorySamplesTests
{
    public static TheoryData<string> Files() => [.. StorySamples.Files()];

    [Theory, MemberData(nameof(Files))]
    public void Exactly_the_listed_articles_of_a_stream_come_out_wrong(string file)
    {
        var samples = StorySamples.Read(file);
        var outcomes = StorySamples.Outcomes(samples);
        var known = StorySamples.Known();
        var differences = new List<string>();
        foreach (var (sample, outcome) in samples.Zip(outcomes))
        {
            var label = string.Join(" or ", sample.Relations) + (sample.Story == sample.Id ? "" : " of " + sample.Story);
            if (sample.Accepts(outcome) && known.TryGetValue(sample.Id, out var before))
                differences.Add($"REPAIRED {sample.Id}: {outcome} is right; take its line ({before}) out of known.txt");
            else if (!sample.Accepts(outcome) && known.GetValueOrDefault(sample.Id) != outcome)
                differences.Add(
                    $"{(known.ContainsKey(sample.Id) ? "WRONG IN ANOTHER WAY" : "NEWLY WRONG")} {sample.Id}: {outcome}; right is {label}");
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    [Fact]
    public void Each_listed_fault_is_about_an_article_of_the_samples()
    {
        var ids = StorySamples.Files().SelectMany(StorySamples.Read).Select(s => s.Id).ToHashSet();
        Assert.All(StorySamples.Known().Keys, id => Assert.Contains(id, ids));
    }

    [Fact]
    public void Most_articles_come_out_right()
    {
        // The list of open faults must not grow into a list of everything.
        var count = StorySamples.Files().Sum(f => StorySamples.Read(f).Count);
        Assert.True(StorySamples.Known().Count * 5 < count, $"{StorySamples.Known().Count} open faults in {count} articles");
    }
}
