using Ingest.Core.Articles;
using Ingest.Core.Normalisation;

namespace Ingest.Core.Tests.Normalisation.Rules;

/// <summary>Texts as corpora have them: with the head of another page, or of a wire, in front, or as tokens.</summary>
public class CorpusTests
{
    static Article Clean(string text) => new Normaliser().Normalise(new ArticleText(text)).Article!;

    [Fact]
    public void The_Reuters_collection_loses_its_transmission_lines()
    {
        var article = Clean("11-MAR-1987 18:14:38.02\ncrude\nnorway\n\n\u0005\u0005Y\n\u0016\u0016\u0001f0415\u001freute\nr f BC-SKELL-FIELD-TO-CLOSE   03-11 0091\n\nSKELL FIELD TO CLOSE FOR SIX WEEKS\n    OSLO, March 11 - The Skell oil field in the North Sea will\nclose for six weeks from June so that its two oldest pumps can\nbe replaced, its operator said.\n    Output will fall by about 42,000 barrels a day in that\ntime, it said in a statement.\n Reuter\n\u0003");
        Assert.Equal(["The Skell oil field in the North Sea will close for six weeks from June so that its two oldest pumps can be replaced, its operator said.", "Output will fall by about 42,000 barrels a day in that time, it said in a statement."], article.Body);
        Assert.Equal(("SKELL FIELD TO CLOSE FOR SIX WEEKS", "OSLO", "Reuters", "BC-SKELL-FIELD-TO-CLOSE"), (article.Headline, article.Dateline, article.Agency, article.Slugline));
        Assert.StartsWith("1987-03-11", article.Published, StringComparison.Ordinal);
        Assert.Equal(["crude", "norway"], article.Tags);
    }

    [Theory]
    [InlineData("By . Anna Weir . PUBLISHED: . 07:12 EST, 3 March 2014 . | . UPDATED: . 09:30 EST, 3 March 2014 . ", "Anna Weir")]
    [InlineData("by . anna weir . published : . 07:12 est , 3 march 2014 . | . updated : . 09:30 est , 3 march 2014 . ", "Anna Weir")]
    [InlineData("By . Anna Weir for the Harbour Post . and Carl Otis . PUBLISHED: . 07:12 EST, 3 March 2014 . ", "Anna Weir, Carl Otis")]
    public void Lines_of_a_page_that_end_in_full_stops_are_byline_and_date(string head, string names)
    {
        const string Text = "A man who walked into a bakery at Skell with a live lobster has been asked to leave it outside.";
        var article = Clean(head + Text);
        Assert.Equal([Text], article.Body);
        Assert.Equal(names, string.Join(", ", article.Bylines.Select(b => b.Name)));
        Assert.StartsWith("2014-03-03", article.Published, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("( cnn ) -- ", null, "CNN")]
    [InlineData("-lrb- reuters -rrb- - ", null, "Reuters")]
    [InlineData("skell , norway ( cnn ) -- ", "skell, norway", "CNN")]
    [InlineData("marseille , france -lrb- afp -rrb- ", "marseille, france", "AFP")]
    [InlineData("london , england ( cnn ) ", "london, england", "CNN")]
    [InlineData("LOWE , England -LRB- AP -RRB- -- ", "LOWE, England", "AP")]
    public void A_dateline_of_tokens_is_one(string dateline, string? place, string agency)
    {
        const string Text = "the town of skell has bought a whale , or what was left of one , for 300 crowns .";
        var article = Clean(dateline + Text + "\nthe bones will hang in the school , the council said .");
        Assert.Equal(Text, article.Body[0]);
        Assert.Equal((place, agency), (article.Dateline, article.Agency));
    }

    [Theory]
    [InlineData("the agency ( reuters ) said on monday that it would open an office at skell , its first .")]
    [InlineData("the whale ( it was blue ) -- or what was left of it -- hangs in the school of the town .")]
    [InlineData("By . and by . the whale will fall from the ceiling , said the caretaker of the school .")]
    public void A_sentence_of_tokens_is_no_dateline(string text) => Assert.Equal(text, Clean(text + "\nthe bones will hang in the school , the council said .").Body[0]);
}
