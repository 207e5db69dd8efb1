using Ingest.Core.Deduplication.Window;

namespace Ingest.Core.Tests.Deduplication;

public class NominationsTests
{
    readonly StoryWindow window = new();

    /// <summary>The stories in the slots 0 to 9, the oldest first.</summary>
    public NominationsTests() => Open(10);

    [Fact]
    public void Without_votes_nothing_is_nominated()
    {
        var nominations = new Nominations(window);
        Assert.True(nominations.IsEmpty);
        Assert.Equal(0, nominations.Ranked(0).Length);
        nominations.Vote(1, 1);
        nominations.Clear();
        Assert.True(nominations.IsEmpty);
        Assert.Equal(0, nominations.Ranked(0).Length);
    }

    [Fact]
    public void The_most_votes_come_first_and_equal_ones_in_the_order_of_their_age()
    {
        var nominations = new Nominations(window);
        foreach (var story in new[] { 9, 4, 7, 7, 4, 9, 7 })
            nominations.Vote(story, 1);
        Assert.Equal([(7, 3), (4, 2), (9, 2)], nominations.Ranked(0).ToArray().Select(n => (n.Story, n.Votes)));
    }

    [Fact]
    public void The_age_of_a_story_counts_and_not_its_slot()
    {
        // The last that left frees its slot first.
        window.Expire(0, 0);
        Open(3);
        var nominations = new Nominations(window);
        foreach (var story in new[] { 7, 8, 9 })
            nominations.Vote(story, 1);
        Assert.Equal([9, 8, 7], nominations.Ranked(0).ToArray().Select(n => n.Story));
    }

    [Fact]
    public void The_two_articles_with_the_most_votes_stand_for_a_story()
    {
        var nominations = new Nominations(window);
        foreach (var article in new uint[] { 5, 3, 5, 3, 5, 8 })
            nominations.Vote(2, article);
        Assert.Equal(new Nomination(2, 6, 5, 3), nominations.Ranked(0)[0]);
    }

    [Fact]
    public void A_story_found_through_one_article_has_no_second()
    {
        var nominations = new Nominations(window);
        nominations.Vote(0, uint.MaxValue);
        nominations.Vote(0, uint.MaxValue);
        Assert.Equal(new Nomination(0, 2, uint.MaxValue, null), nominations.Ranked(0)[0]);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void The_count_is_that_of_a_plain_grouping(int seed)
    {
        var (random, nominations) = (new Random(seed), new Nominations(window));
        for (var round = 0; round < 200; round++)
        {
            nominations.Clear();
            var votes = Enumerable.Range(0, random.Next(60))
                .Select(_ => (Story: random.Next(8), Article: (uint)random.Next(1, 6))).ToList();
            votes.ForEach(v => nominations.Vote(v.Story, v.Article));
            var expected = votes.GroupBy(v => v.Story).OrderByDescending(g => g.Count()).ThenBy(g => g.Key)
                .Select(g => (g.Key, g.Count(), Most(g.Select(v => v.Article))));
            var ranked = nominations.Ranked(0).ToArray();
            Assert.Equal(expected, ranked.Select(n => (n.Story, n.Votes, (n.Article, n.Second))));
            // Asked again, as for the exact copy and then for the best, it says the same.
            Assert.Equal(ranked, nominations.Ranked(0).ToArray());
        }
    }

    void Open(int count)
    {
        for (var n = 0; n < count; n++)
            window.Add(new ArticleRecord { Story = window.AddStory() });
    }

    static (uint, uint?) Most(IEnumerable<uint> articles)
    {
        var counted = articles.GroupBy(a => a).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).Select(g => g.Key).ToList();
        return (counted[0], counted.Count > 1 ? counted[1] : null);
    }
}
