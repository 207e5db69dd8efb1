using FsCheck;
using FsCheck.Fluent;
using Ingest.Core.Deduplication;

namespace Ingest.Core.Tests.Deduplication;

/// <summary>The rule of the window, as docs/stories.md has it: arrivals decide what is compared, the log's clock what is forgotten.</summary>
public class WindowTests
{
    static readonly Config Fixed = Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20261129, 1);

    readonly Prose prose = new(90);

    /// <summary>
    /// Arrivals at random, before and after one another, at the edges of the window too; a clock that rests, goes on, jumps and is set back;
    /// copies, edited copies and strangers; and beside it an index that is built anew again and again.
    /// </summary>
    [Fact]
    public void Copies_within_the_window_of_a_remembered_one_join_its_story_whatever_came_between() =>
        Check.One(Fixed, Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var stream = new ArrivalStream(seed);
            for (var n = stream.Random.Next(20, 150); n > 0; n--)
                stream.Next();
        }));

    [Fact]
    public void The_streams_have_what_they_should_have()
    {
        var streams = Enumerable.Range(0, 60).Select(seed =>
        {
            var stream = new ArrivalStream(seed);
            for (var n = 0; n < 100; n++)
                stream.Next();
            return stream;
        }).ToList();
        Assert.All(new[] { streams.Sum(s => s.Within), streams.Sum(s => s.OfSeveral), streams.Sum(s => s.Apart), streams.Sum(s => s.Lifted), streams.Sum(s => s.Rebuilt) }, met => Assert.True(met > 50));
    }

    [Theory, InlineData(60), InlineData(31), InlineData(29)]
    public void A_copy_from_an_archive_parts_no_live_story(int days)
    {
        for (var n = 0; n < 20; n++)
        {
            var (stream, text) = (new ArticleStream(), prose.Text(150));
            Decide(stream, text, 0, at: 0);
            Assert.Equal(1, Decide(stream, text + " " + prose.Text(20), -days, at: 1).Story);
            Assert.Equal(1, Decide(stream, text + " " + prose.Text(20), 2, at: 2).Story);
            // As alive as its story, in its own right too: nothing but the archive's sentence is looked for here.
            Assert.Equal(1, Decide(stream, text, 29, at: 29).Story);
        }
    }

    /// <summary>An archive's copies have stories of their own, which come up to the live one from behind: none may take a live copy away from it.</summary>
    [Fact]
    public void No_archive_parts_two_live_copies()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var (random, stream, text) = (new System.Random(seed), new ArticleStream(), prose.Text(100));
            var live = new HashSet<long>();
            Decide(stream, text, -31 - random.Next(40), at: 0);
            for (var day = 0; day < 40; day++)
            {
                if (day == 0 || random.Next(4) == 0)
                    live.Add(Decide(stream, text, day, at: day).Story);
                for (var n = random.Next(3); n > 0; n--)
                    Decide(stream, text, day - random.Next(1, 80), at: day);
            }

            Assert.Single(live);
        }
    }

    [Fact]
    public void An_archive_in_its_own_order_is_parted_by_its_arrivals_however_fast_it_is_decided()
    {
        var (stream, text) = (new ArticleStream(), prose.Text(100));
        long[] stories = [.. new[] { 0, 20, 51, 60, 91, 20, 51, 40 }.Select(day => Decide(stream, text, day, at: 1_000).Story)];
        // The last three came before articles of several stories, or soon after: they join the nearest, and of two equally near ones the oldest.
        Assert.Equal([1, 1, 3, 3, 5, 1, 3, 1], stories);
        Assert.Equal(8, stream.Count);
    }

    [Fact]
    public void An_article_from_the_future_makes_the_window_forget_nothing()
    {
        var (stream, text) = (new ArticleStream(), prose.Text(100));
        Decide(stream, text, 0, at: 0);
        Decide(stream, prose.Text(100), 40_000, at: 0);
        Assert.Equal(1, Decide(stream, text, 1, at: 1).Story);
        Assert.Equal(3, stream.Count);
    }

    [Fact]
    public void A_clock_that_is_set_back_counts_as_the_last()
    {
        var (stream, text) = (new ArticleStream(), prose.Text(100));
        Decide(stream, text, 0, at: 100);
        Assert.Equal(Day(100).ToUnixTimeSeconds(), Decide(stream, text, 0, at: 50).Remembered.Clock);
        Decide(stream, prose.Text(100), 0, at: 130);
        Assert.Equal(3, stream.Count);
        Decide(stream, prose.Text(100), 0, at: 131);
        Assert.Equal(2, stream.Count);
    }

    /// <summary>No more stories than are found have a posting for the whole of a text; those that have one keep it up.</summary>
    [Fact]
    public void A_story_stays_findable_by_its_words_when_as_many_have_them_as_are_found()
    {
        var (stream, text) = (new ArticleStream(new DeduplicationOptions { CommonStories = 2 }), prose.Text(100));
        Decide(stream, text, 0, at: 0);
        Assert.Equal(2, Decide(stream, text, 40, at: 0).Story);
        Assert.Equal(2, Decide(stream, text, 41, at: 29).Story);
        // The first two are forgotten now.
        Assert.Equal(2, Decide(stream, text, 42, at: 31).Story);
    }

    static DateTimeOffset Day(int day) => ArticleStream.Start.AddDays(day);

    static Decision Decide(ArticleStream stream, string body, int arrival, int at) => stream.Decide(new StoryArticle(body, Day(arrival)), Day(at));

    /// <summary>Decides articles of random arrivals twice, once with an index that is built anew now and then, and compares with the rule.</summary>
    sealed class ArrivalStream
    {
        readonly Prose prose;
        readonly DeduplicationOptions options;
        readonly List<StoryArticle> articles = [];
        readonly List<Decision> decisions = [];
        readonly string[] texts;
        readonly Deduplicator one;
        Deduplicator other;
        DateTimeOffset clock = ArticleStream.Start, latest;

        public ArrivalStream(int seed)
        {
            (Random, prose) = (new System.Random(seed), new Prose(seed));
            texts = [.. Enumerable.Range(0, Random.Next(1, 4)).Select(_ => prose.Text(Random.Next(3, 60)))];
            options = new DeduplicationOptions
            {
                Window = TimeSpan.FromMinutes(Random.Next(1, 100)),
                MaximumCount = Random.Next(3) == 0 ? Random.Next(2, 20) : 1_000,
                // More stories of one text than ever lie outside each other's windows here.
                CommonStories = 32,
                SampleOneIn = Random.Next(1, 4),
            };
            (one, other) = (New(), New());
        }

        public System.Random Random { get; }

        /// <summary>Articles that had a copy within the window.</summary>
        public int Within { get; private set; }

        /// <summary>Of them, those of which several stories had the words.</summary>
        public int OfSeveral { get; private set; }

        /// <summary>Articles whose copies were remembered, but had arrived too long before.</summary>
        public int Apart { get; private set; }

        /// <summary>Articles that joined a story which had a later arrival.</summary>
        public int Lifted { get; private set; }

        public int Rebuilt { get; private set; }

        Deduplicator New() => new(options, number => articles[(int)number - 1]);

        public void Next()
        {
            clock += options.Window * (Random.Next(10) switch { 0 => Random.NextDouble() * 2, < 5 => 0, _ => Random.NextDouble() / 20 });
            var given = Random.Next(6) == 0 ? clock - options.Window * (Random.NextDouble() * 40) : clock;
            latest = given > latest ? given : latest;
            var article = new StoryArticle(Body(), Arrival());
            if (Random.Next(12) == 0)
                Rebuild();
            var decision = one.Decide(article, given);
            Assert.Equal(RandomStream.Text(decision), RandomStream.Text(other.Decide(article, given)));
            Compare(article, decision);
            articles.Add(article);
            decisions.Add(decision);
        }

        string Body() => Random.Next(10) switch
        {
            < 6 => texts[Random.Next(texts.Length)],
            6 => prose.Replace(texts[Random.Next(texts.Length)], 1),
            7 => texts[Random.Next(texts.Length)] + " " + prose.Text(5),
            8 => Prose.Part(texts[Random.Next(texts.Length)], 0, 30),
            _ => prose.Text(30),
        };

        DateTimeOffset Arrival() => Random.Next(5) switch
        {
            0 => clock,
            1 => clock - options.Window * (Random.NextDouble() * 6),
            2 => clock + options.Window * (Random.NextDouble() * 3 - 2),
            _ when articles.Count == 0 => DateTimeOffset.UnixEpoch,
            var side => articles[Random.Next(articles.Count)].Arrival + options.Window * (side == 3 ? 1 : -1) + TimeSpan.FromSeconds(Random.Next(-1, 2)),
        };

        void Rebuild()
        {
            Rebuilt++;
            other = New();
            if (decisions.Count > 0)
                other.Remember(decisions.Skip((int)decisions[^1].Remembered.Oldest - 1).Select(d => d.Remembered), Random.Next(2) == 0 ? 1 << 20 : 50);
        }

        void Compare(StoryArticle article, Decision decision)
        {
            var (arrival, window, kept) = (Seconds(article.Arrival), (long)options.Window.TotalSeconds, decision.Remembered);
            // What was forgotten: only by the log's clock, and by the count.
            var before = decisions.Count == 0 ? 1 : decisions[^1].Remembered.Oldest;
            var expired = decisions.Count(d => d.Remembered.Clock < Seconds(latest) - window);
            Assert.Equal((Seconds(latest), Math.Max(before, Math.Max(expired + 1, decision.Number - options.MaximumCount))), (kept.Clock, kept.Oldest));

            var copies = decisions.Where(d => d.Number >= kept.Oldest && articles[(int)d.Number - 1].Body == article.Body).ToList();
            var within = copies.Where(d => Math.Abs(Seconds(articles[(int)d.Number - 1].Arrival) - arrival) <= window).ToList();
            // A story is as alive as the latest article that joined it.
            var living = copies.GroupBy(d => d.Story).Where(story => story.Last().Remembered.Arrival >= arrival - window).Select(story => story.Key).ToList();
            Assert.All(within, d => Assert.Contains(d.Story, living));
            if (living.Count > 0)
                Assert.Equal((living.MinBy(first => (Math.Abs(decisions.Last(d => d.Story == first).Remembered.Arrival - arrival), first)), Relation.Exact), (decision.Story, decision.Match?.Relation));
            var story = decisions.LastOrDefault(d => d.Story == decision.Story && d.Number >= kept.Oldest);
            Assert.Equal(Math.Max(arrival, story?.Remembered.Arrival ?? 0), kept.Arrival);

            Within += within.Count > 0 ? 1 : 0;
            OfSeveral += within.Count > 0 && living.Count > 1 ? 1 : 0;
            Apart += copies.Count > 0 && living.Count == 0 ? 1 : 0;
            Lifted += kept.Arrival > arrival ? 1 : 0;
        }

        static long Seconds(DateTimeOffset moment) => Math.Max(0, moment.ToUnixTimeSeconds());
    }
}
