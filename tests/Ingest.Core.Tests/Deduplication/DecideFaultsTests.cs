using Ingest.Core.Deduplication;
using Ingest.Core.Deduplication.Alignment;

namespace Ingest.Core.Tests.Deduplication;

/// <summary>Each of these showed a fault when it was written.</summary>
public class DecideFaultsTests
{
    readonly Prose prose = new(70);
    readonly ArticleStream stream = new();

    /// <summary>One shingle in four is sampled: a flash of a few words may have none, and then nothing nominates it.</summary>
    [Theory, InlineData(1), InlineData(3), InlineData(6), InlineData(10), InlineData(20)]
    public void An_exact_copy_of_a_short_text_joins_it(int words)
    {
        for (var n = 0; n < 50; n++)
        {
            var text = prose.Text(words);
            Assert.Equal(stream.Decide(text).Number, stream.Decide(text).Story);
        }
    }

    /// <summary>All its shingles are common, so that nothing nominates its copies.</summary>
    [Fact]
    public void An_exact_copy_of_a_text_that_many_others_quote_joins_it()
    {
        var paragraph = prose.Text(60);
        for (var n = 0; n < 20; n++)
            stream.Decide(paragraph + "\n" + prose.Text(60));
        var alone = stream.Decide(paragraph);
        Assert.Equal(alone.Story, stream.Decide(paragraph).Story);
    }

    /// <summary>
    /// The postings of articles that have left, a dozen say, take all the room in which a shingle's articles are looked
    /// up, until their shard is swept.
    /// </summary>
    [Fact]
    public void Articles_that_have_left_hide_none_that_live()
    {
        var paragraph = prose.Text(60);
        for (var n = 0; n < 12; n++)
            stream.Decide(paragraph + "\n" + prose.Text(60), ArticleStream.Start);
        for (var n = 0; n < 2_000; n++)
            stream.Decide(prose.Text(20), ArticleStream.Start.AddDays(20));
        var first = stream.Decide(paragraph, ArticleStream.Start.AddDays(31));
        Assert.Null(first.Match);
        Assert.Equal(first.Story, stream.Decide(paragraph + " " + prose.Text(3), ArticleStream.Start.AddDays(31)).Story);
    }

    /// <summary>The policy says so of any copy; an exact one is never asked.</summary>
    [Fact]
    public void The_agencys_own_copy_takes_the_place_of_a_reprint_that_has_the_same_words()
    {
        var text = prose.Text(150);
        stream.Decide(text, "AFP", "Harbour Post");
        Assert.Equal(2, stream.Decide(text, "AFP", "AFP").Canonical);
    }

    /// <summary>As a correction of the headline alone does.</summary>
    [Fact]
    public void A_correction_takes_the_canonicals_place_even_with_the_same_body()
    {
        var text = prose.Text(150);
        stream.Decide(text, "AFP", "AFP");
        Assert.Equal(2, stream.Decide(text, "AFP", "AFP", correction: "corrects the name in the headline").Canonical);
    }

    /// <summary>Lines cross on their way: what matters is which version is later, not which came later.</summary>
    [Fact]
    public void An_earlier_version_that_comes_late_does_not_take_the_place_of_a_later_one()
    {
        var text = prose.Text(150);
        stream.Decide(text, "AFP", "AFP");
        stream.Decide(text + " " + prose.Text(40), "AFP", "AFP", version: "UPDATE 2");
        Assert.Equal(2, stream.Decide(text + " " + prose.Text(20), "AFP", "AFP", version: "UPDATE 1").Canonical);
    }

    /// <summary>The first has left the window, so that its hash is gone; the comparison sees that every word is the same.</summary>
    [Fact]
    public void The_same_words_are_exact_even_if_the_first_has_left_the_window()
    {
        var text = prose.Text(150);
        stream.Decide(text, ArticleStream.Start);
        stream.Decide(prose.Replace(text, 3), ArticleStream.Start.AddDays(20));
        var decision = stream.Decide(text, ArticleStream.Start.AddDays(40));
        Assert.Equal((1L, 1L), (decision.Story, decision.Match!.Article));
        Assert.Equal(Relation.Exact, decision.Match.Relation);
    }

    /// <summary>The lone shingle of such a text has no neighbour to support it.</summary>
    [Theory, InlineData("港务局公告"), InlineData("港务局的公告")]
    public void A_headline_of_a_few_characters_is_contained_in_itself(string text) =>
        Assert.Equal(1, Comparison.Of(text, text, new DeduplicationOptions()).Similarity.Score);

    /// <summary>Only the last eight places of a repeated shingle are looked at, so that the earlier part of B is never met.</summary>
    [Theory, InlineData("nil "), InlineData("0 "), InlineData("the harbour said "), InlineData("港")]
    public void A_repetitive_text_is_contained_in_itself_both_ways(string phrase)
    {
        var text = string.Concat(Enumerable.Repeat(phrase, 200));
        var similarity = Comparison.Of(text, text, new DeduplicationOptions()).Similarity;
        Assert.Equal((1.0, 1.0), (similarity.ContainmentA, similarity.ContainmentB));
    }

    /// <summary>The digits alone are the same; "1,930" and "1930" should still resemble.</summary>
    [Theory, InlineData("1.5 million", "15 million"), InlineData("won 2-11", "won 21-1"), InlineData("3.75 percent", "37.5 percent")]
    public void A_figure_whose_point_stands_elsewhere_is_another_figure(string before, string after)
    {
        var (first, second) = (prose.Text(20), prose.Text(20));
        Assert.NotEmpty(Comparison.Of($"{first} {after} {second}", $"{first} {before} {second}", new DeduplicationOptions()).Changes);
    }

    /// <summary>Each shares three quarters with the one before; the last has no word of the first.</summary>
    [Fact]
    public void A_text_that_has_nothing_of_a_storys_canonical_or_first_does_not_join_it()
    {
        var paragraphs = Enumerable.Range(0, 40).Select(_ => prose.Text(50)).ToArray();
        var stories = Enumerable.Range(0, 36).Select(n => stream.Decide(string.Join('\n', paragraphs[n..(n + 4)])).Story).ToList();
        Assert.NotEqual(stories[0], stories[^1]);
    }

    /// <summary>They have one text hash, but are no copies of each other; a posting of each for it would be walked by each.</summary>
    [Fact]
    public void Articles_without_words_stand_alone_and_leave_nothing_in_the_index()
    {
        for (var n = 0; n < 3; n++)
            Assert.Null(stream.Decide("*** !!").Match);
        var bytes = stream.Bytes;
        for (var n = 0; n < 2_000; n++)
            stream.Decide("*** !!");
        // A record of 24 bytes for each and of 28 for its story; a posting would be eight more.
        Assert.InRange(stream.Bytes - bytes, 0, 2_000 * 30);
    }

    /// <summary>One shard of the index is swept after another, round and round; the count of them once overflowed.</summary>
    [Fact]
    public void A_window_of_one_article_lasts()
    {
        var small = new ArticleStream(new DeduplicationOptions { MaximumCount = 1 });
        for (var n = 0; n < 70_000; n++)
            small.Decide("an item of few words " + n);
        Assert.Equal(2, small.Count);
    }

    /// <summary>An article that arrived out of order stands behind a younger one, which does not expire yet.</summary>
    [Fact]
    public void An_article_older_than_the_window_matches_nothing_even_behind_a_younger_one()
    {
        var text = prose.Text(100);
        stream.Decide(prose.Text(100), ArticleStream.Start.AddDays(50));
        stream.Decide(text, ArticleStream.Start);
        Assert.Null(stream.Decide(text, ArticleStream.Start.AddDays(40)).Match);
    }

    /// <summary>Each gap of one text meets the same gap of the other, a word with thousands of marks that folding drops.</summary>
    [Fact]
    public void A_word_of_very_many_dropped_marks_resembles_nothing()
    {
        var hidden = "x1 y1 z1 q" + new string('\u064B', 5_000) + "w p1 q1 r1 s1";
        var similarity = Comparison.Of("x1 y1 z1 foo p1 q1 r1 s1", hidden, new DeduplicationOptions()).Similarity;
        Assert.Equal(1, similarity.Replaced);
    }

    [Fact]
    public void A_passage_that_was_moved_is_not_shown_as_shared_with_what_stands_between()
    {
        var (first, second, moved) = (prose.Text(8), prose.Text(8), prose.Text(40));
        var passages = Comparison.Of($"{first}\n{second}\n{moved}", $"{first}\n{moved}\n{second}", new DeduplicationOptions()).Passages;
        Assert.All(passages, p => Assert.InRange(p.B.Length, p.A.Length - 8, p.A.Length + 8));
    }

    [Fact]
    public void A_change_does_not_cut_a_character_in_two()
    {
        var (first, second) = (prose.Text(20), prose.Text(20));
        var changes = Comparison.Of($"{first} \U00020001 {second}", $"{first} \U00020000 {second}", new DeduplicationOptions()).Changes;
        Assert.Equal(new Change("\U00020000", "\U00020001"), Assert.Single(changes));
    }

    /// <summary>Hashes are no secret: a text can be made of words whose shingles nearly all have small ones.</summary>
    [Fact]
    public void A_text_made_to_be_sampled_whole_takes_no_more_room_than_others()
    {
        var shingles = Enumerable.Range(1, 100_000).Select(n => (ulong)n * 2 + 1).ToArray();
        var sample = new Core.Deduplication.Fingerprints.Sampler(10, 4, 64).Sample(shingles, 1);
        Assert.InRange(sample.Hashes.Length, 1, 1_024);
    }
}
