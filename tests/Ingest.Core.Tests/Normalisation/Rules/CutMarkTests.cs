using Ingest.Core.Articles;
using Ingest.Core.Normalisation;

namespace Ingest.Core.Tests.Normalisation.Rules;

/// <summary>Texts of which an interface gave only the beginning.</summary>
public class CutMarkTests
{
    const string Text = "The school at Little Orme has opened a bakery, and sells bread to its neighbours three times a week. The idea came from a boy of nine who";

    static Article Clean(string text) => new Normaliser().Normalise(new ArticleText("School opens a bakery\n\n" + text)).Article!;

    [Theory]
    [InlineData("… [+2143 chars]", "…")]
    [InlineData("... [+1,203 chars]", "...")]
    [InlineData("… [2143 chars]", "…")]
    [InlineData(" [+77 chars]", "")]
    [InlineData("… [+801 Zeichen]", "…")]
    [InlineData(" [...]", "")]
    [InlineData(" […]", "")]
    [InlineData(" [&hellip;]", "")]
    [InlineData("… (more)", "…")]
    [InlineData(" (more…)", "")]
    [InlineData(" [Read more]", "")]
    [InlineData("… [Weiterlesen …]", "…")]
    [InlineData("... Read more", "...")]
    [InlineData("… Lire la suite »", "…")]
    [InlineData("…\n\n[+2143 chars]", "…")]
    public void The_mark_goes_and_the_text_is_part_of_an_article(string mark, string left)
    {
        var article = Clean(Text + mark);
        Assert.Equal([Text + left], article.Body);
        Assert.True(article.Truncated);
    }

    [Theory]
    [InlineData("The post School opens a bakery appeared first on Orme Post.")]
    [InlineData("Der Beitrag Schule eröffnet eine Bäckerei erschien zuerst auf Ormer Bote.")]
    public void The_line_of_a_feed_stands_behind_the_mark(string line)
    {
        var article = Clean($"{Text} [&#8230;]\n{line}");
        Assert.Equal([Text], article.Body);
        Assert.True(article.Truncated);
    }

    [Theory]
    [InlineData("The school has a bakery. It says: \"My dear Ruth, [...] the winter was long [...].\"")]
    [InlineData("The school has a bakery, and nobody knows how it came to it, but those who do…")]
    [InlineData("The school has a bakery, whose bread is the best of the county by all accounts. [...]")]
    [InlineData("1. Rovers of the bakery at the school of Little Orme 12 30 [+3]")]
    [InlineData("The school has a bakery, and asks all of its neighbours for flour, and then for more (more or less).")]
    public void What_is_no_mark_stays_and_the_text_is_whole(string text) => Assert.False(Clean(text).Truncated);

    [Fact]
    public void A_teaser_behind_a_long_text_is_not_the_end_of_it() =>
        Assert.False(Clean(string.Concat(Enumerable.Range(1, 14).Select(n => $"The harbour at berth {n} opened again after {n} weeks of repairs, the authority said. Of {n}0 ships that waited outside it, the first came in.\n\n")) + Text + " […]").Truncated);

    [Fact]
    public void Excerpts_of_several_articles_are_not_the_beginning_of_one() =>
        Assert.False(Clean("The harbour opened again after three weeks in which no ship came […]\n\nThe ferry sails again after eleven weeks in which nobody […]\n\n" + Text + " […]").Truncated);
}
