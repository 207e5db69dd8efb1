namespace Ingest.Core.Tests.Deduplication;

/// <summary>
/// Streams that somebody made to hurt: no story may become a chain, no article may cost more than a bounded number of
/// readings, and memory stays bounded.
/// </summary>
public class StreamTests
{
    /// <summary>Eight comparisons, and one with the canonical for each of four stories; the same again among common shingles.</summary>
    const int MostReads = 24;

    readonly Prose prose = new(60);
    readonly ArticleStream stream = new();
    readonly Dictionary<long, int> stories = [];
    int mostReads;

    [Fact]
    public void Strangers_that_share_one_paragraph_stay_strangers()
    {
        var paragraph = prose.Text(40);
        for (var n = 0; n < 20_000; n++)
            Decide(prose.Text(40) + "\n" + paragraph);
        Assert.Equal(20_000, stories.Count);
        Assert.InRange(mostReads, 1, MostReads);
        // Once a few stories have the paragraph, it nominates hardly anybody.
        Assert.InRange(stream.Reads, 1, 20_000 / 5);
        Assert.InRange(stream.Bytes, 0, 20_000 * 600L);
    }

    [Fact]
    public void Copies_of_one_article_are_one_story_and_take_the_memory_of_one()
    {
        var text = prose.Text(150);
        var one = 0L;
        for (var n = 0; n < 20_000; n++)
        {
            Decide(text);
            if (n == 0)
                one = stream.Bytes;
        }

        Assert.Equal(20_000, stories[1]);
        Assert.Equal(0, stream.Reads);
        // Only the records grow: 32 bytes an article.
        Assert.InRange(stream.Bytes, one, one + 21_000 * 32L);
    }

    [Fact]
    public void Edited_copies_of_one_article_are_one_story_and_it_is_not_read_again_for_each()
    {
        var text = prose.Text(150);
        for (var n = 0; n < 5_000; n++)
            Decide(prose.Replace(text, 4));
        Assert.Equal(5_000, stories[1]);
        Assert.InRange(mostReads, 1, MostReads);
        Assert.InRange(stream.Reads, 1, 100);
    }

    [Fact]
    public void Noise_of_few_words_makes_no_chain()
    {
        var vocabulary = prose.Words(30);
        for (var n = 0; n < 5_000; n++)
            Decide(string.Join(' ', Enumerable.Range(0, 80).Select(_ => vocabulary[prose.Random.Next(vocabulary.Length)])));
        Assert.InRange(stories.Values.Max(), 1, 3);
        Assert.InRange(mostReads, 0, MostReads);
    }

    [Fact]
    public void Characters_at_random_open_stories_and_break_nothing()
    {
        for (var n = 0; n < 3_000; n++)
            Decide(new string([.. Enumerable.Range(0, prose.Random.Next(300)).Select(_ => (char)prose.Random.Next(0x10000))]));
        Assert.InRange(stories.Values.Max(), 1, 3);
    }

    [Fact]
    public void Articles_mixed_from_the_same_paragraphs_cost_a_bounded_number_of_readings()
    {
        var paragraphs = Enumerable.Range(0, 60).Select(_ => prose.Text(40)).ToArray();
        for (var n = 0; n < 5_000; n++)
            Decide(string.Join('\n', Enumerable.Range(0, 4).Select(_ => paragraphs[prose.Random.Next(paragraphs.Length)])));
        Assert.InRange(mostReads, 1, MostReads);
        Assert.InRange(stream.Bytes, 0, 5_000 * 600L + 2_000_000);
    }

    [Fact]
    public void However_many_members_its_candidates_have_an_article_is_compared_eight_times()
    {
        // Four stories, whose first, canonical and two best nominated articles are four different ones; no member is near enough.
        var shared = new List<string>();
        for (var n = 0; n < 4; n++)
        {
            var (text, one, other) = (prose.Text(100), prose.Text(40), prose.Text(40));
            var first = stream.Decide(text, "AFP", "AFP").Number;
            stream.Decide($"{text}\n{one}", "AFP", "Harbour Post");
            stream.Decide($"{text}\n{other}", "AFP", "Tarn News");
            var update = stream.Decide($"{text}\n{prose.Text(40)}", "AFP", "AFP", version: "UPDATE 1");
            Assert.Equal((first, update.Number), (update.Story, update.Canonical));
            shared.AddRange([one, other]);
        }

        var before = stream.Reads;
        Assert.Null(stream.Decide(string.Join('\n', shared)).Match);
        Assert.Equal(8, stream.Reads - before);
    }

    [Fact]
    public void One_template_with_other_words_in_each_place_makes_no_chain()
    {
        var template = prose.Text(100);
        for (var n = 0; n < 3_000; n++)
            Decide(prose.Replace(template, 16));
        Assert.InRange(stories.Values.Max(), 1, 3);
        Assert.InRange(mostReads, 1, MostReads);
    }

    [Fact]
    public void One_word_over_and_over_is_decided_like_any_text()
    {
        for (var n = 1; n <= 200; n++)
            Decide(string.Concat(Enumerable.Repeat("harbour ", 100 * n)));
        Assert.InRange(mostReads, 0, MostReads);
    }

    [Fact]
    public void A_very_long_article_is_found_again_by_its_copy_and_by_a_part_of_it()
    {
        var text = prose.Text(60_000);
        Decide(text);
        Decide(prose.Replace(text, 500));
        Decide(Prose.Part(text, 0, 4_000));
        Decide(Prose.Part(text, 30_000, 4_000));
        Assert.Equal(4, stories[1]);
    }

    [Fact]
    public void A_full_window_takes_no_more_memory_however_long_the_stream()
    {
        var full = new ArticleStream(new() { MaximumCount = 1_000 });
        var atFull = 0L;
        for (var n = 1; n <= 12_000; n++)
        {
            full.Decide(prose.Text(60));
            if (n == 3_000)
                atFull = full.Bytes;
        }

        Assert.Equal(1_001, full.Count);
        Assert.InRange(full.Bytes, 0, atFull * 5 / 4);
    }

    void Decide(string body)
    {
        var before = stream.Reads;
        var story = stream.Decide(body).Story;
        mostReads = Math.Max(mostReads, stream.Reads - before);
        stories[story] = stories.GetValueOrDefault(story) + 1;
    }
}
