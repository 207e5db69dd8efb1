using FsCheck;
using FsCheck.Fluent;
using Ingest.Core.Deduplication;

namespace Ingest.Core.Tests.Deduplication;

/// <summary>A deduplicator that remembers what another one decided decides as that one would have.</summary>
public class RememberTests
{
    static readonly Config Fixed = Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(20261122, 1);

    static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    [Fact]
    public void Built_again_from_what_is_in_the_window_it_decides_the_same() => Check.One(Fixed, Prop.ForAll(Seeds, seed =>
    {
        var (stream, random) = (new RandomStream(seed), new System.Random(seed));
        var cut = random.Next(1, stream.Decisions.Count);
        var oldest = (int)stream.Decisions[cut - 1].Remembered.Oldest - 1;
        // To begin earlier changes nothing.
        var from = random.Next(3) == 0 ? random.Next(oldest + 1) : oldest;
        var again = stream.New();
        Remember(again, stream.Log(from, cut), random);
        Assert.Equal(cut - oldest, again.Count);
        AssertEqual(stream, cut, stream.Decide(again, cut, stream.Decisions.Count));
    }));

    [Fact]
    public void Two_that_take_turns_decide_as_one() => Check.One(Fixed, Prop.ForAll(Seeds, seed =>
    {
        var (stream, random) = (new RandomStream(seed), new System.Random(seed));
        var (one, other) = (stream.New(), stream.New());
        for (int at = 0, to; at < stream.Decisions.Count; at = to)
        {
            to = Math.Min(at + random.Next(1, 30), stream.Decisions.Count);
            var decided = stream.Decide(one, at, to);
            AssertEqual(stream, at, decided);
            Remember(other, decided.Select(d => d.Remembered), random);
            Assert.Equal((one.Count, one.Next), (other.Count, other.Next));
            (one, other) = (other, one);
        }
    }));

    [Fact]
    public void The_streams_have_what_they_should_have()
    {
        var streams = Enumerable.Range(0, 40).Select(n => new RandomStream(n)).ToList();
        var decisions = streams.SelectMany(s => s.Decisions).ToList();
        foreach (var relation in Enum.GetValues<Relation>())
            Assert.Contains(decisions, d => d.Match?.Relation == relation);
        Assert.Contains(decisions, d => d.Story < d.Remembered.Oldest);
        Assert.Contains(decisions, d => d.Remembered.Hops > 0);
        Assert.Contains(decisions, d => d.Version > 2);
        Assert.Contains(decisions, d => d.Remembered.Oldest == d.Number);
        Assert.Contains(decisions, d => d.Remembered.Posted.Length == 0);
        Assert.Contains(decisions, d => d.Remembered.Posted.Distinct().Count() < d.Remembered.Posted.Length);
        Assert.Contains(decisions, d => d.Remembered.Posted.Length < d.Remembered.Sampled);
    }

    [Fact]
    public void A_number_that_does_not_follow_is_refused_and_what_came_before_it_is_remembered()
    {
        var stream = new RandomStream(1);
        var deduplicator = stream.New();
        var gap = Assert.Throws<ArgumentException>(() => deduplicator.Remember([.. stream.Log(0, 10), .. stream.Log(11, 12)]));
        Assert.StartsWith("Article 12 cannot be remembered: the next one is 11.", gap.Message);
        Assert.Throws<ArgumentException>(() => deduplicator.Remember(stream.Log(9, 10)));
        Assert.Equal(11, deduplicator.Next);
        AssertEqual(stream, 10, stream.Decide(deduplicator, 10, stream.Decisions.Count));
    }

    [Fact]
    public void A_damaged_record_is_refused()
    {
        var sound = new Remembered(5, 3, 4, 2, 0, 0, 0, 10, 0, 1, [1, 2], 2);
        foreach (var damaged in new[]
        {
            sound with { Number = 0 }, sound with { Story = 0 }, sound with { Story = 6 },
            sound with { Canonical = 2 }, sound with { Canonical = 6 }, sound with { Version = 0 },
            sound with { Hops = 256 }, sound with { Sampled = -1 }, sound with { Thinning = 64 },
            sound with { Posted = null! }, sound with { Oldest = 6 }, sound with { Oldest = 0 },
        })
            Assert.Throws<ArgumentException>(() => New().Remember([damaged]));
        var deduplicator = New();
        deduplicator.Remember([sound]);
        // The article before is in the window, and is of story 3.
        Assert.Throws<ArgumentException>(() => deduplicator.Remember([sound with { Number = 6, Story = 5, Canonical = 5 }]));
        deduplicator.Remember([sound with { Number = 6 }]);
        Assert.Equal((2, 7L), (deduplicator.Count, deduplicator.Next));
    }

    [Fact]
    public void Of_a_window_that_begins_late_the_numbers_go_on()
    {
        var (prose, number) = (new Prose(80), uint.MaxValue - 4L);
        var texts = new Dictionary<long, string>();
        var deduplicator = new Deduplicator(new DeduplicationOptions(), n => new StoryArticle(texts[n], ArticleStream.Start));
        var now = (uint)ArticleStream.Start.ToUnixTimeSeconds();
        deduplicator.Remember([new Remembered(number, number, number, 1, now, now, 0, 0, 0, 1, [], number)]);
        // The numbers pass the 32 bits that the index has for them.
        for (var n = 1; n <= 20; n++)
        {
            texts[number + n] = prose.Text(80);
            Assert.Equal(number + n, deduplicator.Decide(new StoryArticle(texts[number + n], ArticleStream.Start), ArticleStream.Start).Story);
        }

        // Article 2^32 cannot be found; the others can.
        foreach (var (original, text) in texts.Where(t => (uint)t.Key != 0).ToList())
            Assert.Equal(original, deduplicator.Decide(new StoryArticle(prose.Replace(text, 2), ArticleStream.Start), ArticleStream.Start).Story);
    }

    /// <summary>Or those who remember only the decisions would have articles that this one has forgotten.</summary>
    [Fact]
    public void An_article_that_could_not_be_decided_lets_none_expire()
    {
        var (prose, isBroken, articles) = (new Prose(81), false, new List<StoryArticle>());
        var deduplicator = new Deduplicator(new DeduplicationOptions(),
            n => isBroken ? throw new InvalidOperationException() : articles[(int)n - 1]);
        var (first, second) = (prose.Text(100), prose.Text(100));
        Decide(first, 0);
        Decide(second, 20);
        isBroken = true;
        Assert.Throws<InvalidOperationException>(() => Decide(prose.Replace(second, 3), 40));
        Assert.Equal((2, 3L), (deduplicator.Count, deduplicator.Next));
        isBroken = false;
        var decision = Decide(prose.Replace(first, 3), 25);
        Assert.Equal((3L, 1L, 1L), (decision.Number, decision.Story, decision.Remembered.Oldest));

        Decision Decide(string body, int day)
        {
            var article = new StoryArticle(body, ArticleStream.Start.AddDays(day));
            var decided = deduplicator.Decide(article, article.Arrival);
            articles.Add(article);
            return decided;
        }
    }

    /// <summary>What Recall's remarks rely on: or one window would find the articles that another one's limit hides.</summary>
    [Fact]
    public void A_shingle_or_text_that_is_common_is_not_posted_again()
    {
        var deduplicator = new Deduplicator(new DeduplicationOptions { CommonStories = 2, Window = TimeSpan.FromDays(1) },
            _ => throw new InvalidOperationException());
        // All are decided at once, so nothing leaves; what came a day before matches nothing all the same.
        var posted = Enumerable.Range(0, 4)
            .Select(n => deduplicator.Decide(new StoryArticle("harbour closed", ArticleStream.Start.AddDays(2 * n)), ArticleStream.Start)).ToList();
        Assert.All(posted, d => Assert.Null(d.Match));
        Assert.All(posted[..2], d => Assert.NotEmpty(d.Remembered.Posted));
        Assert.All(posted[2..], d => Assert.Empty(d.Remembered.Posted));
    }

    [Fact]
    public void Catching_up_takes_no_more_memory_than_deciding()
    {
        var (prose, options) = (new Prose(82), new DeduplicationOptions { MaximumCount = 500 });
        var decider = new Deduplicator(options, _ => throw new InvalidOperationException());
        var follower = new Deduplicator(options, _ => throw new InvalidOperationException());
        for (var n = 0; n < 5_000; n++)
            follower.Remember([decider.Decide(new StoryArticle(prose.Text(60), ArticleStream.Start), ArticleStream.Start).Remembered]);
        Assert.Equal(decider.Bytes, follower.Bytes);
    }

    static Deduplicator New() => new(new DeduplicationOptions(), _ => throw new InvalidOperationException());

    /// <summary>In one call or several, with room for few postings or for many.</summary>
    static void Remember(Deduplicator deduplicator, IEnumerable<Remembered> log, System.Random random)
    {
        foreach (var piece in log.Chunk(random.Next(2) == 0 ? int.MaxValue : random.Next(1, 20)))
            deduplicator.Remember(piece, random.Next(2) == 0 ? 1 << 20 : random.Next(1, 3_000));
    }

    static void AssertEqual(RandomStream stream, int from, List<Decision> decided) =>
        Assert.Equal(stream.Decisions.Skip(from).Take(decided.Count).Select(RandomStream.Text), decided.Select(RandomStream.Text));
}
