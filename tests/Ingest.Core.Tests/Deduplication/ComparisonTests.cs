using Ingest.Core.Deduplication;
using Ingest.Core.Deduplication.Alignment;

namespace Ingest.Core.Tests.Deduplication;

public class ComparisonTests
{
    readonly Prose prose = new(30);

    [Fact]
    public void Equal_texts_share_one_passage_and_differ_in_nothing()
    {
        var text = prose.Text(100);
        var comparison = Of(text, text);
        Assert.Equal([new SharedPassage(text, text, 100)], comparison.Passages);
        Assert.Empty(comparison.Changes);
        Assert.Empty(comparison.OnlyA);
        Assert.Empty(comparison.OnlyB);
    }

    [Fact]
    public void Texts_without_a_common_phrase_share_no_passage()
    {
        var comparison = Of(prose.Text(50), prose.Text(50));
        Assert.Empty(comparison.Passages);
        Assert.Empty(comparison.Changes);
    }

    [Fact]
    public void Empty_texts_have_nothing_to_show()
    {
        var comparison = Of("", "");
        Assert.Equal((0, 0), (comparison.Passages.Count, comparison.Changes.Count));
        Assert.Equal(0, comparison.Similarity.Score);
    }

    [Fact]
    public void A_shared_passage_stands_as_each_text_wrote_it()
    {
        var passage = Of("The Harbour-Master SPOKE on Friday evening", "“The harbour master spoke”, on Friday evening.").Passages.Single();
        Assert.Equal("The Harbour-Master SPOKE on Friday evening", passage.A);
        Assert.Equal("The harbour master spoke”, on Friday evening", passage.B);
        Assert.Equal(7, passage.Words);
    }

    [Fact]
    public void An_inserted_paragraph_parts_the_passage_in_two()
    {
        var (first, second) = (prose.Text(40), prose.Text(40));
        var comparison = Of($"{first}\n{prose.Text(30)}\n{second}", $"{first}\n{second}");
        Assert.Equal([(first, first, 40), (second, second, 40)], comparison.Passages.Select(p => (p.A, p.B, p.Words)));
    }

    [Fact]
    public void A_misread_word_does_not_part_it()
    {
        var (first, second) = (prose.Text(40), prose.Text(40));
        Assert.Equal(81, Of($"{first} govemment {second}", $"{first} government {second}").Passages.Single().Words);
    }

    [Fact]
    public void A_change_says_what_stood_before_and_what_stands_after()
    {
        var (first, second) = (prose.Text(40), prose.Text(40));
        var change = Of($"{first} 214 million {second}", $"{first} 187 million {second}").Changes.Single();
        Assert.Equal(new Change("187", "214"), Trimmed(change));
    }

    [Fact]
    public void Figures_and_names_that_only_one_text_has_are_listed_once_as_written()
    {
        var comparison = Of(
            "The ferry Nordlys left with 214 people. Captain Brekke said 214 was few; brekke waved.",
            "The ferry Havbris left with 187 people. Captain Brekke said it was few.");
        Assert.Equal(["Nordlys", "214"], comparison.OnlyA);
        Assert.Equal(["Havbris", "187"], comparison.OnlyB);
    }

    [Fact]
    public void A_capital_at_the_beginning_of_a_sentence_makes_no_name()
    {
        var comparison = Of(
            "Yesterday it rained. Tomorrow it may snow in Skarsund.\nAfterwards: “Nobody knows”, he said. Why? Because!",
            "nothing of this");
        Assert.Equal(["Skarsund"], comparison.OnlyA);
    }

    [Fact]
    public void It_says_what_the_decision_says()
    {
        var text = prose.Text(150);
        var copy = prose.Replace(text, 4);
        var stream = new ArticleStream();
        stream.Decide(text);
        Assert.Equal(stream.Decide(copy).Match!.Similarity, Of(copy, text).Similarity);
    }

    static Comparison Of(string a, string b) => Comparison.Of(a, b, new DeduplicationOptions());

    /// <summary>Words that stay may be listed with a change, at its ends.</summary>
    static Change Trimmed(Change change) => new(change.Before.Replace(" million", ""), change.After.Replace(" million", ""));
}
