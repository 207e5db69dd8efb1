using Ingest.Core.Deduplication;

namespace Ingest.Core.Tests.Deduplication;

public class DecideTests
{
    readonly Prose prose = new(50);
    readonly ArticleStream stream = new();

    [Theory, InlineData(""), InlineData(" \n\t "), InlineData("— … !?"), InlineData("one")]
    public void A_text_of_next_to_nothing_opens_a_story(string body)
    {
        stream.Decide(prose.Text(100));
        var decision = stream.Decide(body);
        Assert.Equal((2L, 2L, 2L, 1), (decision.Number, decision.Story, decision.Canonical, decision.Version));
        Assert.Null(decision.Match);
        Assert.Equal(3, stream.Decide(prose.Text(100)).Story);
        Assert.Equal(0, stream.Reads);
    }

    [Fact]
    public void Texts_without_words_are_no_copies_of_each_other()
    {
        stream.Decide("");
        Assert.Null(stream.Decide("").Match);
        Assert.Null(stream.Decide("...").Match);
    }

    [Fact]
    public void Strangers_open_stories_of_their_own_and_are_not_read_again()
    {
        for (var n = 1; n <= 500; n++)
        {
            var decision = stream.Decide(prose.Text(120));
            Assert.Equal((n, n, n, 1), (decision.Number, decision.Story, decision.Canonical, decision.Version));
        }

        Assert.Equal(0, stream.Reads);
    }

    [Fact]
    public void An_exact_copy_is_recognised_without_reading_anything_again()
    {
        var texts = Enumerable.Range(0, 50).Select(_ => prose.Text(100)).ToList();
        texts.ForEach(t => stream.Decide(t));
        for (var n = 0; n < texts.Count; n++)
        {
            var decision = stream.Decide(texts[n].ToUpperInvariant());
            Assert.Equal((n + 1, Relation.Exact), (decision.Story, decision.Match!.Relation));
            Assert.Equal(1, decision.Match.Similarity.Score);
        }

        Assert.Equal(0, stream.Reads);
    }

    [Theory]
    [InlineData("Text to follow.")]
    [InlineData("The company will pay a dividend of 12 pence a share on 4 March to holders of the day before.")]
    public void A_very_short_body_is_a_copy_only_under_a_headline_that_speaks_of_the_same(string body)
    {
        Decision Decide(string? headline, string text) => stream.Decide(new StoryArticle(text, ArticleStream.Start) { Headline = headline });
        Assert.Equal(1, Decide("Storm closes northern harbours", body).Story);
        Assert.Equal(2, Decide("Parliament votes about fishing rights", body).Story);
        Assert.Equal(1, Decide("Storm closes harbours in the north", body).Story);
        Assert.Equal(2, Decide("Parliament votes about fishing rights", body.ToUpperInvariant()).Story);
        // Who gives no headline says nothing about it.
        Assert.Equal(1, Decide(null, body).Story);
        // A longer one says enough by itself.
        var text = prose.Text(60);
        Assert.Equal(6, Decide("Storm closes northern harbours", text).Story);
        Assert.Equal(6, Decide("Parliament votes about fishing rights", text).Story);
    }

    [Theory]
    [InlineData("RATES", "STRIKE", "Text to follow.")]
    [InlineData("Zinsen", "Streik am See", "Weitere Einzelheiten folgen in Kürze.")]
    [InlineData("石湾老桥封闭", "云桥大学换校长", "本报记者正在赶往现场，详细情况将在稍后报道，请读者留意本页的更新。")]
    public void One_telling_word_of_a_headline_parts_very_short_bodies(string headline, string other, string body)
    {
        Decision Decide(string title) => stream.Decide(new StoryArticle(body, ArticleStream.Start) { Headline = title });
        Assert.Equal(1, Decide(headline).Story);
        Assert.Equal(2, Decide(other).Story);
        Assert.Equal(1, Decide(headline).Story);
    }

    [Fact]
    public void The_best_story_is_joined_and_not_the_first_that_would_do()
    {
        var text = prose.Text(200);
        var version = Prose.Part(text, 0, 130) + " " + prose.Text(70);
        var strict = new ArticleStream(new DeduplicationOptions { Containment = 0.75 });
        Assert.Equal(1, strict.Decide(text).Story);
        Assert.Equal(2, strict.Decide(version).Story);
        // 150 of these words are in the first, all but 4 in the second.
        Assert.Equal(2, strict.Decide(prose.Replace(version, 4)).Story);
        Assert.Equal(1, strict.Decide(prose.Replace(text, 4)).Story);
    }

    [Fact]
    public void The_nearest_story_is_joined_and_not_the_one_that_shares_most()
    {
        for (var n = 0; n < 5; n++)
        {
            var text = prose.Text(200);
            var most = stream.Decide(Prose.Part(text, 0, 140) + " " + prose.Text(60));
            var nearest = stream.Decide(Prose.Part(text, 110, 90));
            Assert.Null(nearest.Match);
            // 140 of its words, seven in ten, are in the one; it has all 90 words of the other.
            Assert.NotEqual(most.Story, nearest.Story);
            Assert.Equal(nearest.Story, stream.Decide(text).Story);
        }
    }

    [Fact]
    public void A_story_is_found_through_any_of_its_versions()
    {
        var (lead, tail) = (prose.Text(150), prose.Text(60));
        stream.Decide(lead, "AFP", "AFP");
        var grown = lead;
        for (var n = 1; n <= 5; n++)
        {
            grown += " " + prose.Text(40);
            Assert.Equal(1, stream.Decide(grown, "AFP", "AFP", version: "UPDATE " + n).Story);
        }

        Assert.Equal(1, stream.Decide(prose.Replace(lead, 3), "AFP", "Post").Story);
        Assert.Equal(1, stream.Decide(grown + " " + tail, "AFP", "Post").Story);
    }

    [Theory, InlineData(1), InlineData(2)]
    public void The_same_articles_in_the_same_order_are_decided_alike(int seed)
    {
        var articles = Mixed(seed, 1_500);
        var (one, other) = (new ArticleStream(), new ArticleStream());
        foreach (var article in articles)
        {
            var (a, b) = (one.Decide(article), other.Decide(article));
            Assert.Equal((a.Number, a.Story, a.Canonical, a.Version), (b.Number, b.Story, b.Canonical, b.Version));
            Assert.Equal((a.Match?.Relation, a.Match?.Article, a.Match?.Similarity),
                (b.Match?.Relation, b.Match?.Article, b.Match?.Similarity));
        }

        Assert.Equal((one.Reads, one.Bytes), (other.Reads, other.Bytes));
    }

    [Theory, InlineData(3), InlineData(4)]
    public void Every_decision_names_articles_that_have_come(int seed)
    {
        var (stories, canonicals) = (new Dictionary<long, int>(), new Dictionary<long, long>());
        foreach (var article in Mixed(seed, 1_500))
        {
            var decision = stream.Decide(article);
            if (decision.Match is null)
            {
                Assert.Equal((decision.Number, decision.Number, 1), (decision.Story, decision.Canonical, decision.Version));
            }
            else
            {
                Assert.True(decision.Match.Article < decision.Number);
                Assert.True(stories.ContainsKey(decision.Story));
                Assert.True(decision.Canonical == decision.Number || decision.Canonical == canonicals[decision.Story]);
                Assert.Equal(stories[decision.Story] + (decision.Canonical == decision.Number ? 1 : 0), decision.Version);
            }

            (stories[decision.Story], canonicals[decision.Story]) = (decision.Version, decision.Canonical);
        }

        Assert.InRange(stories.Count, 300, 1_200);
    }

    [Fact]
    public void A_copy_that_comes_after_the_window_opens_a_new_story()
    {
        var text = prose.Text(120);
        Assert.Equal(1, stream.Decide(text, ArticleStream.Start).Story);
        Assert.Equal(1, stream.Decide(text, ArticleStream.Start.AddDays(30)).Story);
        var later = stream.Decide(text, ArticleStream.Start.AddDays(60).AddSeconds(1));
        Assert.Equal((3L, 3L, 1), (later.Story, later.Canonical, later.Version));
        Assert.Null(later.Match);
    }

    [Fact]
    public void Copies_keep_a_story_alive_and_its_name()
    {
        var text = prose.Text(120);
        for (var day = 0; day < 300; day += 25)
            Assert.Equal((1L, 1L),
                (stream.Decide(day % 2 == 0 ? text : prose.Replace(text, 2), ArticleStream.Start.AddDays(day)) is var d ? d.Story : 0, d.Canonical));
        Assert.Equal(2, stream.Count);
    }

    [Fact]
    public void No_more_articles_are_remembered_than_the_maximum()
    {
        var few = new ArticleStream(new DeduplicationOptions { MaximumCount = 10 });
        var texts = Enumerable.Range(0, 30).Select(_ => prose.Text(100)).ToList();
        for (var n = 0; n < texts.Count; n++)
        {
            few.Decide(texts[n]);
            Assert.Equal(Math.Min(n + 1, 11), few.Count);
        }

        // While an article is decided ten earlier ones are there: the 21st is, the 20th, which comes when one more has come, is not.
        Assert.Equal(21, few.Decide(texts[20]).Story);
        Assert.Equal(32, few.Decide(texts[19]).Story);
    }

    [Fact]
    public void Only_articles_of_living_stories_are_read_again()
    {
        var (asked, articles) = (new List<long>(), new List<StoryArticle>());
        var deduplicator = new Deduplicator(new DeduplicationOptions { MaximumCount = 50 }, n =>
        {
            asked.Add(n);
            return articles[(int)n - 1];
        });
        var lastOf = new Dictionary<long, long>();
        foreach (var article in Mixed(5, 800))
        {
            asked.Clear();
            var decision = deduplicator.Decide(article, article.Arrival);
            articles.Add(article);
            Assert.All(asked, n => Assert.InRange(n, 1, decision.Number - 1));
            if (decision.Match is not null)
                Assert.InRange(lastOf[decision.Story], decision.Number - 50, decision.Number - 1);
            lastOf[decision.Story] = decision.Number;
        }
    }

    [Fact]
    public void A_higher_containment_joins_less()
    {
        var text = prose.Text(200);
        var related = Prose.Part(text, 0, 140) + " " + prose.Text(60);
        foreach (var (containment, joins) in new[] { (0.6, true), (0.8, false) })
        {
            var strict = new ArticleStream(new DeduplicationOptions { Containment = containment });
            strict.Decide(text);
            Assert.Equal(joins, strict.Decide(related).Match is not null);
        }
    }

    /// <summary>Originals, copies of earlier articles of all kinds, and strangers.</summary>
    static List<StoryArticle> Mixed(int seed, int count)
    {
        var (source, articles, random) = (new Prose(seed), new List<StoryArticle>(), new Random(seed));
        for (var n = 0; n < count; n++)
        {
            var body = source.Text(random.Next(20, 150));
            if (n > 0 && random.Next(2) == 0)
            {
                var earlier = articles[random.Next(Math.Max(0, n - 200), n)].Body;
                var words = earlier.Split(' ').Length;
                body = random.Next(5) switch
                {
                    0 => earlier,
                    1 => source.Replace(earlier, 1 + words / 40),
                    2 => Prose.Part(earlier, 0, words / 2 + 10),
                    3 => earlier + " " + source.Text(30),
                    _ => source.Scan(earlier, 60),
                };
            }

            articles.Add(new StoryArticle(body, ArticleStream.Start.AddMinutes(n))
            {
                Agency = random.Next(2) == 0 ? "AFP" : null,
                Publisher = random.Next(2) == 0 ? "AFP" : "Post",
                Version = random.Next(5) == 0 ? "UPDATE 1" : null,
            });
        }

        return articles;
    }
}
