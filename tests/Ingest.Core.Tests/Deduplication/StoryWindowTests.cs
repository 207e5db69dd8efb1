using Ingest.Core.Deduplication.Fingerprints;
using Ingest.Core.Deduplication.Window;

namespace Ingest.Core.Tests.Deduplication;

public class StoryWindowTests
{
    [Fact]
    public void Articles_are_numbered_from_1_and_an_empty_window_has_none()
    {
        var window = new StoryWindow();
        Assert.Equal((0, 1L, 1L), (window.Count, window.Oldest, window.Next));
        Assert.False(window.Contains(1));
        Assert.Equal(1u, Open(window));
        Assert.Equal(2u, Open(window));
        Assert.True(window.Contains(1) && window.Contains(2));
        Assert.False(window.Contains(0) || window.Contains(3));
    }

    [Theory, InlineData(1, 300), InlineData(2, 5_000), InlineData(3, 40_000), InlineData(4, 4_096)]
    public void Its_records_are_those_of_a_plain_list(int seed, int atMost)
    {
        var (window, random) = (new StoryWindow(), new Random(seed));
        var hashes = new List<ulong> { 0 };
        for (var step = 0; step < 60_000; step++)
        {
            // Now and then the window empties to anything down to nothing, so that the ring wraps with every filling.
            if (random.Next(5_000) == 0)
                window.Expire(0, random.Next(atMost));
            window.Expire(0, atMost - 1);
            hashes.Add((ulong)random.NextInt64());
            Open(window, hash: hashes[^1]);
            Assert.True(window.Count <= atMost);
            var asked = random.NextInt64(window.Oldest, window.Next);
            Assert.Equal(hashes[(int)asked], window.Article((uint)asked).TextHash);
            Assert.Equal(asked, window.Number((uint)asked));
            Assert.Equal(hashes[(int)window.Oldest], window.Article((uint)window.Oldest).TextHash);
        }

        Assert.Equal(60_001, window.Next);
    }

    [Fact]
    public void Articles_leave_when_they_were_decided_before_the_moment()
    {
        var window = new StoryWindow();
        for (var clock = 100u; clock < 200; clock++)
            Open(window, clock);
        window.Expire(150, int.MaxValue);
        Assert.Equal((51L, 50), (window.Oldest, window.Count));
        Assert.False(window.Contains(50));
        Assert.True(window.Contains(51));
        window.Expire(150, int.MaxValue);
        Assert.Equal(50, window.Count);
    }

    [Fact]
    public void The_oldest_leave_when_there_are_too_many()
    {
        var window = new StoryWindow();
        for (var n = 0; n < 100; n++)
            Open(window);
        window.Expire(0, 30);
        Assert.Equal((71L, 30), (window.Oldest, window.Count));
        window.Expire(0, 0);
        Assert.Equal((101L, 0), (window.Oldest, window.Count));
        Assert.Equal(101u, Open(window));
    }

    [Fact]
    public void A_story_lives_as_long_as_one_of_its_articles_and_keeps_its_name()
    {
        var window = new StoryWindow();
        var story = window.AddStory();
        window.Add(story, Fingerprint(1), 0, 100, 0);
        Open(window, 101);
        window.Add(story, Fingerprint(3), 0, 102, 0);
        window.Expire(102, int.MaxValue);
        Assert.Equal(3, window.Oldest);
        Assert.Equal((1L, 1L, 1), (window.Story(story).First, window.Story(story).Canonical, window.Story(story).Members));
        // The second article's slot is free and the first one's is not.
        Assert.NotEqual(story, window.AddStory());
    }

    [Fact]
    public void A_story_that_has_left_gives_its_slot_to_the_next_one()
    {
        var window = new StoryWindow();
        var slots = new HashSet<int>();
        for (var n = 0; n < 10_000; n++)
        {
            window.Expire(0, 9);
            var story = window.AddStory();
            slots.Add(story);
            var number = window.Add(story, Fingerprint(1), 0, 0, 0);
            Assert.Equal((number, number, 1, 1),
                (window.Story(story).First, window.Story(story).Canonical, window.Story(story).Version, window.Story(story).Members));
        }

        Assert.Equal(10, slots.Count);
    }

    [Fact]
    public void The_slots_of_many_stories_that_left_at_once_are_all_taken_again()
    {
        var window = new StoryWindow();
        for (var round = 0; round < 5; round++)
        {
            var slots = Enumerable.Range(0, 1_000).Select(_ =>
            {
                var story = window.AddStory();
                window.Add(story, Fingerprint(1), 0, 0, 0);
                return story;
            }).ToList();
            Assert.Equal(Enumerable.Range(0, 1_000), slots.Order());
            window.Expire(0, 0);
        }
    }

    [Fact]
    public void No_two_living_stories_share_a_slot()
    {
        var (window, random) = (new StoryWindow(), new Random(11));
        var living = new Dictionary<int, long>();
        for (var step = 0; step < 20_000; step++)
        {
            window.Expire(0, random.Next(3) == 0 ? random.Next(200) : 200);
            foreach (var gone in living.Keys.Where(s => Members(window, s) == 0).ToList())
                living.Remove(gone);
            if (living.Count > 0 && random.Next(2) == 0)
            {
                var joined = living.Keys.ElementAt(random.Next(living.Count));
                window.Add(joined, Fingerprint(1), 0, 0, 0);
            }
            else
            {
                var story = window.AddStory();
                Assert.DoesNotContain(story, living.Keys);
                living[story] = window.Add(story, Fingerprint(1), 0, 0, 0);
            }

            Assert.All(living, s => Assert.Equal(s.Value, window.Story(s.Key).First));
        }
    }

    [Fact]
    public void A_window_of_a_fixed_size_takes_memory_of_a_fixed_size()
    {
        var (window, random) = (new StoryWindow(), new Random(12));
        long atFull = 0;
        for (var n = 1; n <= 60_000; n++)
        {
            window.Expire(0, 1_999);
            var number = Open(window);
            for (var i = 0; i < 20; i++)
                window.Postings.Add((ulong)random.NextInt64() | 1, number, (uint)window.Oldest);
            if (n == 6_000)
                atFull = window.Bytes;
        }

        Assert.Equal(2_000, window.Count);
        Assert.InRange(window.Postings.Count, 40_000, 100_000);
        Assert.InRange(window.Bytes, 0, atFull * 3 / 2);
    }

    [Fact]
    public void Emptying_the_window_gives_the_memory_of_its_postings_back()
    {
        var (window, random) = (new StoryWindow(), new Random(13));
        var before = window.Postings.Bytes;
        for (var n = 0; n < 3_000; n++)
        {
            var number = Open(window);
            for (var i = 0; i < 20; i++)
                window.Postings.Add((ulong)random.NextInt64() | 1, number, 1);
        }

        window.Expire(0, 0);
        Assert.Equal((0L, before), (window.Postings.Count, window.Postings.Bytes));
    }

    static uint Open(StoryWindow window, uint clock = 0, ulong hash = 1) => window.Add(window.AddStory(), Fingerprint(hash), 0, clock, 0);

    static Fingerprint Fingerprint(ulong hash) => new([], 10, hash, 0);

    static int Members(StoryWindow window, int story)
    {
        var members = 0;
        for (var number = window.Oldest; number < window.Next; number++)
            members += window.Article((uint)number).Story == story ? 1 : 0;
        return members;
    }
}
