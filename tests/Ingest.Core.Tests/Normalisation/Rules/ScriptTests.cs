using Ingest.Core.Articles;
using Ingest.Core.Normalisation;

namespace Ingest.Core.Tests.Normalisation.Rules;

/// <summary>Code of the page among the lines of a text, and code that an article shows.</summary>
public class ScriptTests
{
    const string First = "The library of Ashby lends out spades since Monday, and 40 people have taken one, its director said.";
    const string Last = "All but one came back clean. The last was found in a hedge behind the school, where it had stood for a week.";

    static NormalisationResult Clean(string between) => new Normaliser().Normalise(new ArticleText($"Library lends out spades\n\n{First}\n\n{between}\n\n{Last}"));

    [Theory]
    [InlineData("googletag.cmd.push(function() { googletag.display('div-gpt-ad-14-3'); });")]
    [InlineData("(adsbygoogle = window.adsbygoogle || []).push({});")]
    [InlineData("!function(d,s,id){var js,fjs=d.getElementsByTagName(s)[0];if(!d.getElementById(id)){js=d.createElement(s);}}(document,\"script\",\"x-wjs\");")]
    [InlineData("OA_show(12);")]
    [InlineData("var sharing_config = {\"data_track\":true};")]
    [InlineData("window.widgetLoaded = true;")]
    [InlineData("twttr.widgets.load();")]
    [InlineData("OneTrust.LoadBanner()")]
    [InlineData("{\n\"@context\": \"https://schema.org\",\n\"author\": {\n\"@type\": \"Person\",\n\"name\": \"Ann Lee\"\n},\n\"image\": [\n\"https://skell.example/g.jpg\"\n]\n}")]
    [InlineData("jQuery(document).ready(function($) {\n  $('.slider').slick({ dots: false });\n});")]
    [InlineData("<!--\nvar _gaq = _gaq || [];\n_gaq.push(['_setAccount', 'UA-1-1']);\n//-->")]
    [InlineData(".entry p { margin-bottom: 26px; line-height: 1.7; }\n@media (max-width: 767px) {\n.box { display: none; }\n}")]
    [InlineData("p.lead{color:#333;font-size:15px}")]
    [InlineData("{\"@context\": \"https://schema.org\", \"@type\": \"NewsArticle\", \"headline\": \"Spades\"}")]
    [InlineData("{\n  \"@context\": \"https://schema.org\",\n  \"@type\": \"BreadcrumbList\",\n  \"itemListElement\": [\n    { \"position\": 1 }\n  ]\n}")]
    [InlineData("div-gpt-ad-20077-1")]
    [InlineData("<!-- /1234/side_300x250 -->")]
    [InlineData("{{ ad.middle }}")]
    [InlineData("document.write(s_code)//-->")]
    [InlineData("let box = document.querySelector('.ad')")]
    public void Code_of_the_page_goes_as_lines_of_a_script(string code)
    {
        var result = Clean(code);
        Assert.Equal([First, Last], result.Article!.Body);
        Assert.All(result.Blocks.Where(b => !b.Kind.IsBody() && b.Kind != BlockKind.Headline), b => Assert.Equal((BlockKind.CrawlArtefact, "script.line"), (b.Kind, b.Rule)));
    }

    [Fact]
    public void Code_above_the_text_is_no_headline()
    {
        var result = new Normaliser().Normalise(new ArticleText($"window.dataLayer = window.dataLayer || [];\n\nLibrary lends out spades\n\n{First}\n\n{Last}"));
        Assert.Equal("Library lends out spades", result.Article!.Headline);
        Assert.Equal([First, Last], result.Article.Body);
    }

    [Theory]
    [InlineData("The error stood in one line of the program that counts the spades, and read:\n\nwhile (i <= n) { total += price[i]; }")]
    [InlineData("Her pupils learn JavaScript with it.\n\nconst width = document.getElementById('box').offsetWidth;\n\nconsole.log(width);")]
    [InlineData("The clerk had forgotten to call lendSpade before the count.\n\nif (count == 0) { lendSpade(null); }")]
    [InlineData("The form that each borrower gets is short.\n\n{ \"Borrower\": \"Ida Moe\", \"Spades\": 2, \"Days\": 9, \"Hedge\": { \"Metres\": 14 } }")]
    [InlineData("The sum (of all spades); the rest; and nothing else;")]
    [InlineData("\"Let x be a spade;\" so the poem begins, \"and let it return (if it can);\"")]
    [InlineData("[The spades (all of them) were new]")]
    public void Code_that_the_article_shows_and_prose_with_its_signs_stay(string between)
    {
        var result = Clean(between);
        Assert.Equal([First, .. between.Split("\n\n"), Last], result.Article!.Body);
    }
}
