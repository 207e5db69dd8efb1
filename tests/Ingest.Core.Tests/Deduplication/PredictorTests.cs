using System.Text.Json;
using Ingest.Core.Deduplication;

namespace Ingest.Core.Tests.Deduplication;

/// <summary>What would be decided is what is decided, and asking changes nothing.</summary>
public class PredictorTests
{
    /// <summary>Small, so that articles leave the window and shingles become common while a test runs.</summary>
    static readonly DeduplicationOptions Options = new() { MaximumCount = 40, CommonStories = 3 };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_is_predicted_is_decided_and_asking_changes_no_decision(int seed)
    {
        var (asked, unasked) = (new Stream(seed), new Stream(seed));
        var relations = new HashSet<string>();
        for (var i = 0; i < 250; i++)
        {
            var prediction = asked.Predict(i);
            var decision = asked.Decide(i);
            Assert.Equal(Json(unasked.Decide(i)), Json(decision));
            Assert.Equal(decision.Match is null ? null : Json(decision.Match), prediction.Joins?.Match is { } match ? Json(match) : null);
            Assert.Equal(decision.Match is null ? (long?)null : decision.Story, prediction.Joins?.Story);
            Assert.Equal(decision.Match is not null && decision.Canonical == decision.Number, prediction.IsBetter);
            Assert.Equal(prediction.Joins, prediction.Joins is null ? null : prediction.Near[0]);
            Assert.Equal(prediction.Near.Count, prediction.Near.DistinctBy(n => n.Story).Count());
            relations.Add(decision.Match?.Relation.ToString() ?? (prediction.Near.Count > 0 ? "none, compared" : "none"));
        }

        Assert.Superset(new HashSet<string> { "Exact", "Near", "Excerpt", "none", "none, compared" }, relations);
    }

    static string Json<T>(T value) => JsonSerializer.Serialize(value);

    /// <summary>A stream of copies, briefs, other news with the same words here and there, and one form that most share.</summary>
    sealed class Stream
    {
        readonly Deduplicator deduplicator;
        readonly Predictor predictor;
        readonly Fingerprinter fingerprinter = new(Options);
        readonly List<StoryArticle> articles = [];

        public Stream(int seed)
        {
            var random = new Random(seed);
            for (var i = 0; i < 250; i++)
                articles.Add(Article(random, i));
            deduplicator = new Deduplicator(Options, number => articles[(int)number - 1]);
            predictor = new Predictor(Options, number => articles[(int)number - 1]);
        }

        public Prediction Predict(int at) =>
            predictor.Of(articles[at], deduplicator.Nominate(fingerprinter.Compute(articles[at].Body), articles[at].Arrival, Clock(at)));

        public Decision Decide(int at) => deduplicator.Decide(articles[at], Clock(at));

        static DateTimeOffset Clock(int at) => DateTimeOffset.UnixEpoch.AddDays(20_000).AddHours(at * 20);

        StoryArticle Article(Random random, int number)
        {
            var paragraphs = Enumerable.Range(0, 4).Select(i => Paragraph(number * 10 + i)).ToList();
            var earlier = number > 4 ? articles[number - 1 - random.Next(Math.Min(number - 1, 30))].Body.Split('\n').ToList() : paragraphs;
            var body = random.Next(8) switch
            {
                0 => earlier,
                1 => [.. earlier.Take(2)],
                2 => [.. earlier, paragraphs[0]],
                3 => [earlier[0], .. paragraphs],
                4 => [.. Enumerable.Range(1, 5).Select(i => Paragraph(-i)), paragraphs[0]],
                5 => ["Text to follow."],
                _ => paragraphs,
            };
            return new StoryArticle(string.Join('\n', body), Clock(number).AddDays(random.Next(6) == 0 ? -40 : 0)) { Headline = $"Report {number / 3}" };
        }

        static string Paragraph(int seed)
        {
            var random = new Random(seed);
            return string.Join(' ', Enumerable.Range(0, 30).Select(_ => $"{"bdfgklmnprst"[random.Next(12)]}{"aeiou"[random.Next(5)]}{"lmnrst"[random.Next(6)]}{"aeiou"[random.Next(5)]}")) + ".";
        }
    }
}
