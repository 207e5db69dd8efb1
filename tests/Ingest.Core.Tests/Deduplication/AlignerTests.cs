using Ingest.Core.Deduplication.Alignment;
using Ingest.Core.Deduplication.Fingerprints;

namespace Ingest.Core.Tests.Deduplication;

public class AlignerTests
{
    readonly Prose prose = new(20);

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(30), InlineData(1000)]
    public void A_text_is_contained_in_itself(int words)
    {
        var text = prose.Text(words);
        Assert.Equal(new Similarity(words, words, 0, words, words, 0, 1, 0), Compare(text, text));
        Assert.Equal(1, Compare(text, text).Score);
    }

    [Fact]
    public void Texts_without_a_common_phrase_share_nothing()
    {
        var similarity = Compare(prose.Text(400), prose.Text(300));
        Assert.Equal(new Similarity(400, 0, 400, 300, 0, 300, 0, 0, 400, 300), similarity);
        Assert.Equal(0, similarity.Score);
    }

    [Fact]
    public void The_same_words_in_another_order_share_nothing()
    {
        var words = prose.Words(300);
        Assert.Equal(0, Compare(string.Join(' ', words), string.Join(' ', words.Reverse())).Score);
    }

    [Theory, InlineData(0, 40), InlineData(100, 60), InlineData(360, 40)]
    public void An_excerpt_is_contained_whole_wherever_it_was_taken(int from, int words)
    {
        var text = prose.Text(400);
        var similarity = Compare(Prose.Part(text, from, words), text);
        Assert.Equal((words, words, 0), (similarity.WordsA, similarity.MatchedA, similarity.LeadA));
        Assert.Equal((400, words, from), (similarity.WordsB, similarity.MatchedB, similarity.LeadB));
        Assert.Equal(1, similarity.Score);
    }

    [Theory, InlineData(0), InlineData(100), InlineData(200)]
    public void An_inserted_paragraph_is_all_that_is_missing(int at)
    {
        var text = prose.Text(200);
        var longer = Prose.Part(text, 0, at) + " " + prose.Text(50) + " " + Prose.Part(text, at, 200);
        var similarity = Compare(longer, text);
        Assert.Equal((250, 200), (similarity.WordsA, similarity.MatchedA));
        Assert.Equal((1.0, 1.0, 0.0), (similarity.ContainmentB, similarity.Score, similarity.Replaced));
        Assert.Equal(at == 0 ? 50 : 0, similarity.LeadA);
    }

    [Fact]
    public void A_paragraph_that_was_moved_is_still_there()
    {
        var paragraphs = Enumerable.Range(0, 5).Select(_ => prose.Text(40)).ToArray();
        var moved = string.Join('\n', paragraphs[4], paragraphs[2], paragraphs[0], paragraphs[1], paragraphs[3]);
        Assert.Equal((200, 200, 0.0), Matched(Compare(moved, string.Join('\n', paragraphs))));
    }

    [Fact]
    public void Isolated_common_phrases_do_not_add_up()
    {
        // Every three words of B stand somewhere in A, far from where their neighbours stand.
        var phrases = Enumerable.Range(0, 60).Select(_ => prose.Text(3)).ToArray();
        var b = string.Join(' ', phrases.Select(p => p + " " + prose.Text(7)));
        var a = string.Join(' ', phrases.Reverse().Select(p => p + " " + prose.Text(7)));
        Assert.Equal(0, Compare(a, b).Score);
    }

    [Fact]
    public void The_same_phrases_in_the_same_places_do_count()
    {
        var phrases = Enumerable.Range(0, 60).Select(_ => prose.Text(3)).ToArray();
        var a = string.Join(' ', phrases.Select(p => p + " " + prose.Text(7)));
        var b = string.Join(' ', phrases.Select(p => p + " " + prose.Text(7)));
        Assert.Equal(180, Compare(a, b).MatchedA);
        Assert.Equal(59, Compare(a, b).Replaced);
    }

    [Theory, InlineData(60, 0.95), InlineData(30, 0.85)]
    public void A_scanners_errors_resemble(int oneLetterIn, double atLeast)
    {
        var text = prose.Text(400);
        var similarity = Compare(prose.Scan(text, oneLetterIn), text);
        Assert.InRange(similarity.Score, atLeast, 1);
        Assert.InRange(similarity.Replaced, 0, 1);
        Assert.True(similarity.Resemblance < similarity.Score);
    }

    [Fact]
    public void Each_replaced_name_is_counted_and_said()
    {
        var text = prose.Text(200);
        var words = text.Split(' ');
        (words[20], words[60], words[120]) = ("Aquaquax", "Xyxyhaw", "Wexahajaqui");
        var aligner = new Aligner();
        var (a, b) = (Read(string.Join(' ', words)), Read(text));
        Assert.Equal(3, aligner.Compare(a, b).Replaced);
        Assert.Equal([new(20, 21, 20, 21), new(60, 61, 60, 61), new(120, 121, 120, 121)], aligner.Replacements);
    }

    [Fact]
    public void A_changed_figure_is_replaced_and_a_changed_letter_is_not()
    {
        var (before, after) = (prose.Text(30), prose.Text(30));
        Assert.Equal(1, Compare($"{before} 4,312 {after}", $"{before} 4,313 {after}").Replaced);
        Assert.Equal(0, Compare($"{before} harbour {after}", $"{before} harbor {after}").Replaced);
        Assert.Equal(61, Compare($"{before} harbour {after}", $"{before} harbor {after}").MatchedA);
    }

    [Fact]
    public void Two_reports_from_one_template_score_below_two_copies_with_as_many_words_in_common()
    {
        var text = prose.Text(120);
        var template = Compare(prose.Replace(text, 12), text);
        var cut = Compare(Prose.Part(text, 0, 60) + " " + prose.Text(7), text);
        Assert.Equal(12, template.Replaced);
        Assert.True(template.Containment >= cut.Containment - 0.01);
        Assert.True(template.Score < 0.6 && cut.Score > 0.6, $"{template.Score} {cut.Score}");
    }

    [Fact]
    public void A_gap_of_many_words_is_not_one_replacement()
    {
        var (before, after) = (prose.Text(40), prose.Text(40));
        Assert.Equal(1, Compare($"{before} {prose.Text(12)} {after}", $"{before} {prose.Text(12)} {after}").Replaced);
        Assert.Equal(0, Compare($"{before} {prose.Text(13)} {after}", $"{before} {prose.Text(12)} {after}").Replaced);
        Assert.Equal(0, Compare($"{before} {prose.Text(5)} {after}", $"{before} {after}").Replaced);
    }

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("", "one", 0)]
    [InlineData("one", "", 0)]
    [InlineData("…", "— !", 0)]
    [InlineData("one", "one", 1)]
    [InlineData("one", "two", 0)]
    [InlineData("one two", "one two", 1)]
    [InlineData("one two", "two one", 0)]
    [InlineData("one two three", "one two three", 1)]
    [InlineData("one two three", "one two four", 0)]
    [InlineData("one two three", "and one two three four five six", 1)]
    public void Very_short_texts(string a, string b, double score)
    {
        var similarity = Compare(a, b);
        Assert.Equal(score, similarity.Score);
        Assert.InRange(similarity.Resemblance, 0, 1);
    }

    [Fact]
    public void A_phrase_repeated_without_end_is_compared_in_linear_time()
    {
        // Each of 300,000 shingles stands 300,000 times in the other text: quadratic work would be 90,000,000,000 steps,
        // and this test would not end.
        var text = string.Join(' ', Enumerable.Repeat("harbour", 300_000));
        var aligner = new Aligner();
        var (a, b) = (Read(text), Read(text));
        var similarity = aligner.Compare(a, b);
        Assert.Equal(300_000, similarity.MatchedA);
        Assert.True(aligner.Anchors.Length <= 300_000);
        Assert.Empty(aligner.Replacements);
    }

    [Fact]
    public void Many_gaps_each_cost_a_bounded_step()
    {
        var words = prose.Words(200_000);
        var other = (string[])words.Clone();
        for (var i = 5; i < words.Length; i += 10)
            other[i] = prose.Word();
        var similarity = Compare(string.Join(' ', other), string.Join(' ', words));
        Assert.InRange(similarity.Replaced, 15_000, 20_000);
    }

    [Theory]
    [InlineData("港务局周五表示新建的防波堤将在明年春天完工届时渡轮可以全年停靠")]
    [InlineData("港湾当局は金曜日に新しい防波堤が来年の春に完成すると発表した")]
    [InlineData("ท่าเรือประกาศเมื่อวันศุกร์ว่าเขื่อนกันคลื่นแห่งใหม่จะแล้วเสร็จในปีหน้า")]
    public void Scripts_without_blanks_are_compared_by_their_characters(string text)
    {
        Assert.Equal((text.Length, text.Length, 1.0),
            (Compare(text, text).WordsA, Compare(text, text).MatchedA, Compare(text, text).Score));
        var half = text[..(text.Length / 2)];
        Assert.Equal((half.Length, 1.0), (Compare(half, text).MatchedA, Compare(half, text).Score));
        Assert.Equal(0, Compare(string.Concat(text.Reverse()), text).Score);
    }

    [Fact]
    public void A_replaced_character_run_counts_double_in_a_script_without_blanks()
    {
        Assert.Equal(2, Compare("港务局周五表示新建的防波堤将在明年春天完工", "港务局周五表示新建的停车场将在明年春天完工").Replaced);
        Assert.Equal(1, Compare("the port said on Friday that the mole would be ready",
            "the port said on Friday that the car-park would be ready").Replaced);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Where_no_phrase_is_repeated_the_order_of_the_two_texts_does_not_matter(int seed)
    {
        var other = new Prose(100 + seed);
        for (var n = 0; n < 100; n++)
        {
            var words = other.Random.Next(5, 300);
            var text = other.Text(words);
            var copy = other.Replace(Prose.Part(text, other.Random.Next(words / 2), words), other.Random.Next(1, 1 + words / 10));
            if (other.Random.Next(2) == 0)
                copy = other.Text(other.Random.Next(1, 60)) + " " + copy;
            var (one, two) = (Compare(copy, text), Compare(text, copy));
            Assert.Equal((one.WordsA, one.MatchedA, one.LeadA, one.Replaced), (two.WordsB, two.MatchedB, two.LeadB, two.Replaced));
            Assert.Equal((one.WordsB, one.MatchedB, one.LeadB), (two.WordsA, two.MatchedA, two.LeadA));
            Assert.Equal((one.Resemblance, one.Score), (two.Resemblance, two.Score));
        }
    }

    [Theory, InlineData(7), InlineData(8)]
    public void Counts_keep_within_the_texts_whatever_they_are(int seed)
    {
        // Few different words, so that every phrase is everywhere.
        var (random, aligner) = (new Random(seed), new Aligner());
        string[] few = ["harbour", "ferry", "4", "5", "港", "务", "the"];
        for (var n = 0; n < 2_000; n++)
        {
            var (a, b) = (Read(Some()), Read(Some()));
            var s = aligner.Compare(a, b);
            Assert.InRange(s.MatchedA, 0, s.WordsA);
            Assert.InRange(s.MatchedB, 0, s.WordsB);
            Assert.InRange(s.LeadA, 0, s.WordsA - s.MatchedA);
            Assert.InRange(s.LeadB, 0, s.WordsB - s.MatchedB);
            Assert.InRange(s.Resemblance, 0, 1);
            Assert.True(s.Score <= 1);
            Assert.Equal(s.MatchedA, a.States.ToArray().Count(x => x >= WordState.Resembling));
        }

        string Some() => string.Join(' ', Enumerable.Range(0, random.Next(40)).Select(_ => few[random.Next(few.Length)]));
    }

    [Fact]
    public void A_buffer_keeps_nothing_of_the_comparison_before()
    {
        var (aligner, a, b) = (new Aligner(), Read(prose.Text(5000)), Read(prose.Text(20)));
        var (longer, shorter) = (prose.Text(3000), prose.Text(60));
        foreach (var (x, y) in new[]
        {
            (longer, longer), (shorter, longer), (shorter, shorter), (longer, shorter), ("", longer), (shorter, shorter)
        })
        {
            a.Read(x);
            b.Read(y);
            Assert.Equal(Compare(x, y), aligner.Compare(a, b));
        }
    }

    static (int, int, double) Matched(Similarity similarity) => (similarity.MatchedA, similarity.MatchedB, similarity.Replaced);

    static ComparedText Read(string text)
    {
        var read = new ComparedText(new Shingles(3, 6));
        read.Read(text);
        return read;
    }

    static Similarity Compare(string a, string b) => new Aligner().Compare(Read(a), Read(b));
}
