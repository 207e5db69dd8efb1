using Ingest.Core.Articles;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Sources;

namespace Ingest.Core.Tests.Normalisation.Sources;

/// <summary>What is ruled of a source's passages counts more than what was learnt of them.</summary>
public sealed class SourceRulingTests
{
    const string Rule = "source.repeated", Advert = "Get our app and miss no story from your own street again.";

    static readonly Normaliser Normaliser = new();

    static readonly string[] Towns = ["Almhult", "Brenna", "Corvik", "Dalsund", "Egge", "Fossnes"];

    static string Own(int article, int line) =>
        $"The council of {Towns[article]} voted on bridge number {article * 7 + line} after a debate that lasted for {line + 3} hours on Monday.";

    /// <summary>An article of three lines, with others before the last.</summary>
    static string Text(int article, params string[] lines) => string.Join("\n\n",
        [$"{Towns[article]} gets a new bridge after {article + 3} years", Own(article, 1), Own(article, 2), .. lines, Own(article, 3)]);

    static SourceProfile Learnt(params string[] texts)
    {
        var history = new SourceHistory();
        for (var i = 0; i < texts.Length; i++)
            history.Learn(SourceText.Of(new ArticleText(texts[i])), $"{i}");
        return history.Profile;
    }

    static SourceRulings Ruled(params (string Text, Verdict Verdict)[] rulings) =>
        SourceRulings.None.With(rulings.Select((r, i) => (i + 1, NamedPassage.Of(r.Text), r.Verdict)));

    static SourceRulings Ruled(string text, Verdict verdict) => Ruled((text, verdict));

    static List<Block> Removed(SourceProfile profile, string text) =>
        [.. Normaliser.Normalise(new ArticleText(text), profile).Blocks.Where(b => b.Rule == Rule)];

    static readonly SourceProfile Advertised = Learnt([.. Enumerable.Range(0, 4).Select(i => Text(i, Advert))]);

    [Fact]
    public void What_is_to_be_kept_stays_though_it_was_learnt()
    {
        Assert.Single(Removed(Advertised, Text(5, Advert)));
        var kept = Advertised.With(Ruled("GET OUR APP and miss no story, from your own street, again!", Verdict.Keep));
        Assert.Empty(Removed(kept, Text(5, Advert)));
        Assert.Contains(Advert, Normaliser.Normalise(new ArticleText(Text(5, Advert)), kept).Article!.Body);
        Assert.Equal(new SourceKnowledge(4, 1), kept.Knowledge);
        // What was known before is as it was.
        Assert.Single(Removed(Advertised, Text(5, Advert)));
        Assert.Equal(new SourceKnowledge(4, 0), Advertised.Knowledge);
    }

    [Theory]
    [InlineData("Read also")]
    [InlineData("Sports desk")]
    [InlineData(Advert)]
    [InlineData("Vi tar din trygghet på allvar, läs mer om det. Alla våra sidor är gjorda för dig.")]
    [InlineData("新聞")]
    public void What_is_to_be_removed_goes_from_the_first_article_on(string line)
    {
        var removed = Assert.Single(Removed(SourceProfile.Unknown.With(Ruled(line, Verdict.Remove)), Text(0, line)));
        Assert.Equal((line, BlockKind.Furniture, "ruled by hand"), (removed.Text, removed.Kind, removed.Evidence));
        Assert.Null(removed.Repeated);
    }

    [Fact]
    public void What_is_ruled_and_learnt_has_both_as_evidence()
    {
        var removed = Assert.Single(Removed(Advertised.With(Ruled(Advert, Verdict.Remove)), Text(5, Advert)));
        Assert.Equal("ruled by hand", removed.Evidence);
        Assert.Equal(4, removed.Repeated!.Articles);
    }

    [Fact]
    public void What_was_learnt_elsewhere_goes_from_the_first_article_on_and_says_so_until_it_is_learnt_here()
    {
        var elsewhere = Ruled(Advert, Verdict.Learnt);
        var removed = Assert.Single(Removed(SourceProfile.Unknown.With(elsewhere), Text(0, Advert)));
        Assert.Equal(("learnt elsewhere", null), (removed.Evidence, removed.Repeated));
        removed = Assert.Single(Removed(Advertised.With(elsewhere), Text(5, Advert)));
        Assert.Equal((null, 4), (removed.Evidence, removed.Repeated!.Articles));
    }

    [Fact]
    public void What_was_learnt_elsewhere_is_left_where_what_was_learnt_here_is()
    {
        // Over the article's own text it may be a subhead; as a label it is too short to tell.
        var section = "Why it matters to all of us";
        Assert.Empty(Removed(SourceProfile.Unknown.With(Ruled(section, Verdict.Learnt)), Text(0, section)));
        Assert.Single(Removed(SourceProfile.Unknown.With(Ruled(section, Verdict.Remove)), Text(0, section)));
        Assert.Empty(Removed(SourceProfile.Unknown.With(Ruled("Read also", Verdict.Learnt)), Text(0, "Read also")));
    }

    [Fact]
    public void A_sentence_is_ruled_wherever_it_stands_in_its_line()
    {
        string[] own = [.. Enumerable.Range(10, 5).Select(i => Own(0, i))];
        for (var at = 0; at <= own.Length; at++)
        {
            var line = string.Join(' ', own.Take(at).Append(Advert).Concat(own.Skip(at)));
            var removed = Assert.Single(Removed(SourceProfile.Unknown.With(Ruled(Advert, Verdict.Remove)), Text(0, line)));
            Assert.Equal((Advert, "ruled by hand"), (removed.Text, removed.Evidence));
        }
    }

    [Fact]
    public void Of_a_line_that_is_to_be_kept_no_sentence_goes_and_a_kept_sentence_holds_its_line()
    {
        const string More = "All of it is free for those who read us every morning.", Line = $"{Advert} {More}";
        var learnt = Learnt([.. Enumerable.Range(0, 4).Select(i => Text(i, Line))]);
        Assert.Equal(Line, Assert.Single(Removed(learnt, Text(5, Line))).Text);
        Assert.Empty(Removed(learnt.With(Ruled(Line, Verdict.Keep)), Text(5, Line)));
        Assert.Equal(Advert, Assert.Single(Removed(learnt.With(Ruled(More, Verdict.Keep)), Text(5, Line))).Text);
        Assert.Equal(Advert, Assert.Single(Removed(learnt.With(Ruled((More, Verdict.Keep), (Line, Verdict.Remove))), Text(5, Line))).Text);
    }

    [Fact]
    public void The_last_ruling_about_a_passage_counts_and_a_withdrawn_one_no_longer()
    {
        Assert.Empty(Removed(Advertised.With(Ruled((Advert, Verdict.Remove), (Advert.ToUpperInvariant(), Verdict.Keep))), Text(5, Advert)));
        var withdrawn = Ruled((Advert, Verdict.Keep), (Advert, Verdict.Withdrawn));
        Assert.Equal(2, withdrawn.Number);
        Assert.Null(Assert.Single(Removed(Advertised.With(withdrawn), Text(5, Advert))).Evidence);
        Assert.Empty(Removed(SourceProfile.Unknown.With(Ruled((Advert, Verdict.Remove), (Advert, Verdict.Withdrawn))), Text(0, Advert)));
    }

    [Fact]
    public void An_article_is_never_emptied_and_keeps_its_headline()
    {
        var text = Text(0);
        var everything = Ruled([.. text.Split("\n\n").Select(l => (l, Verdict.Remove))]);
        var all = Normaliser.Normalise(new ArticleText(text), SourceProfile.Unknown.With(everything));
        Assert.DoesNotContain(all.Blocks, b => b.Rule == Rule);
        Assert.Equal(3, all.Article!.Body.Count);
        // Nor sentence by sentence.
        var line = $"{Own(0, 1)} {Own(0, 2)} {Own(0, 3)}";
        foreach (var verdict in (Verdict[])[Verdict.Remove, Verdict.Learnt])
        {
            var sentences = Ruled([.. Enumerable.Range(1, 3).Select(i => (Own(0, i), verdict))]);
            Assert.Equal([line], Normaliser.Normalise(new ArticleText(line), SourceProfile.Unknown.With(sentences)).Article!.Body);
        }

        var headline = text.Split("\n\n")[0];
        var article = Normaliser.Normalise(new ArticleText(text), SourceProfile.Unknown.With(Ruled(headline, Verdict.Remove)));
        Assert.Equal(headline, article.Article!.Headline);
    }

    [Theory]
    [InlineData("", "has neither letter nor digit")]
    [InlineData(" — * —\n", "has neither letter nor digit")]
    [InlineData("One line.\nAnother line.", "has several lines")]
    public void What_names_no_passage_is_refused(string text, string why) =>
        Assert.Contains(why, Assert.Throws<FormatException>(() => NamedPassage.Of(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_passage_has_a_limit()
    {
        Assert.Equal(2, NamedPassage.Of("\n Read also:\t\n").Words);
        Assert.Contains("has 4097 characters", Assert.Throws<FormatException>(() => NamedPassage.Of(new string('a', 4097))).Message, StringComparison.Ordinal);
    }
}
