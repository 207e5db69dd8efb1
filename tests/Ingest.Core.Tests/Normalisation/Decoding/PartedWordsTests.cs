using Ingest.Core.Articles;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Decoding;

namespace Ingest.Core.Tests.Normalisation.Decoding;

/// <summary>Words at whose hyphen a line ends: which are joined, and which keep it.</summary>
public class PartedWordsTests
{
    const string Before = "The mill of the village was";

    static string Body(string text) => string.Join('|', new Normaliser().Normalise(new ArticleText("Mill burns at Orrin\n\n" + text)).Article!.Body);

    [Theory]
    [InlineData("sold on Tues-\nday to a miller who came from the north.", "sold on Tuesday to")]
    [InlineData("hauled over-\r\n    night to a place that nobody had named.", "hauled overnight to")]
    [InlineData("not re-\npaired, its owner said, and will not be built again.", "not repaired, its")]
    [InlineData("a (land-\nmark) for all who came by it in the fog.", "a (landmark) for")]
    [InlineData("seen by inter-\nna-\ntional experts who came by train on Friday.", "by international experts")]
    [InlineData("verkauft, wie die Ge-\nmeinde am Freitag auf ihrer Seite schrieb.", "die Gemeinde am")]
    [InlineData("rebuilt in the sa\u00ad\nme way as it had stood before the fire.", "the same way")]
    [InlineData("rebuilt in the sa\u00ad me way as it had stood before the fire.", "the same way")]
    [InlineData("carried of¬\nf by the river in the night of the flood.", "carried off by")]
    [InlineData("a work\u2010\nshop before, and will be a work-shop no more: the workshop burned.", "a workshop before")]
    public void A_parted_word_is_joined(string text, string expected) =>
        Assert.Contains(expected, Body($"{Before} {text}"), StringComparison.Ordinal);

    [Fact]
    public void A_word_that_the_article_has_is_joined_where_a_later_step_made_a_blank_of_the_break()
    {
        const string Flat = "The owner came on Thurs- day and looked at the saw- mill. The saw-mill was not re- paired; on Thursday it had been sold.";
        Assert.Equal("The owner came on Thursday and looked at the saw-mill. The saw-mill was not re- paired; on Thursday it had been sold.", PreparedText.Of(Flat).Text);
    }

    [Theory]
    [InlineData("The two- and three-year terms, the pre- or post-war houses and the in- and outflow were counted.")]
    [InlineData("Long- und kurzfristig, Vor- und Nachteile, Haupt- sowie Nebenfluss, tavasz- és ősz.")]
    [InlineData("Anak- anak itu, rumah- rumah itu dan buku- buku itu.")]
    [InlineData("Ida Moe- who runs the line- said that the ferry sails.")]
    [InlineData("Over- land it took a week.")]
    public void A_hyphen_before_a_blank_stays(string text) => Assert.Equal(text, PreparedText.Of(text).Text);

    [Theory]
    [InlineData("closed for COVID-\n19, which came to the village in spring.", "for COVID-19, which")]
    [InlineData("a well-\nknown sight, and well-known in all of the county.", "a well-known sight")]
    [InlineData("a long-\nterm loan of the county to the miller.", "a long-term loan")]
    [InlineData("run by the self-\ngoverning guild of millers from Marl.", "the self-governing guild")]
    [InlineData("an Anglo-\nSwiss venture of two brothers and a bank.", "an Anglo-Swiss venture")]
    [InlineData("held up by UN-\nled talks about the river and its water.", "by UN-led talks")]
    [InlineData("sold for a 12-\nyear lease that nobody had read before.", "a 12-year lease")]
    [InlineData("a state-of-the-\nart building when it was put up.", "a state-of-the-art building")]
    [InlineData("brought up-\nto-date by a miller who came from Marl.", "brought up-to-date by")]
    [InlineData("sold by e-\nmail to a miller whom nobody had seen.", "by e-mail to")]
    [InlineData("made for flour and for cattle-\nfeed; the flour went, and cattle ate what feed was left.", "for cattle-feed; the")]
    public void A_hyphen_that_is_the_word_s_own_stays(string text, string expected) =>
        Assert.Contains(expected, Body($"{Before} {text}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("Bauten aus der Vor-\nund Nachkriegszeit stehen am Ufer der Aue.")]
    [InlineData("It was the end of the pre-\nand of the post-war years in the valley.")]
    [InlineData("The harbour opens again LONDON-\nThe minister said so on Monday morning.")]
    [InlineData("Rovers won the match with 3-\n2 after a goal in the last minute.")]
    [InlineData("See https://x.example/a-b-\nc for the map of all the mills.")]
    [InlineData("Ida Moe -\nwho runs the line - said that it would sail.")]
    [InlineData("a-\nb")]
    [InlineData("The first part ends here-\n\nand this one begins with a small letter.")]
    public void What_is_no_parted_word_stays(string text) => Assert.Equal(text, PreparedText.Of(text).Text);

    [Fact]
    public void Lines_that_a_parted_word_ties_are_one_paragraph_and_spans_lead_back()
    {
        const string Text = "Mill burns at Orrin\n\nThe mill burned on Tues-\nday, and with it the hay of five\nfarms. Nobody was hurt by the fire.";
        var result = new Normaliser().Normalise(new ArticleText(Text));
        Assert.StartsWith("The mill burned on Tuesday, and", Assert.Single(result.Article!.Body), StringComparison.Ordinal);
        var block = result.Blocks[^1];
        Assert.Equal(Text.Length, block.Span.End);
        Assert.Contains(PartedWords.Note, result.Notes);
        Assert.Equal(result.Article.Body, new Normaliser().Normalise(new ArticleText($"Mill burns at Orrin\n\n{result.Article.Body[0]}")).Article!.Body);
    }
}
