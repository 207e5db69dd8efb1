using Ingest.Core.Articles;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Decoding;

namespace Ingest.Core.Tests.Normalisation.Decoding;

/// <summary>Texts that still wear another format, and texts that only speak of one.</summary>
public class FormatTests
{
    static readonly string[] Paragraphs =
    [
        "The ferry across the Lowe sails again from Monday, the county said, after eleven weeks in which its passengers took the bridge at Marl.",
        "“We had to wait for one bearing,” said Ida Moe, who runs the line. “It came by post.”",
        "Tickets cost what they did before, €4 for a walker and €11 for a car & its driver.",
    ];

    [Theory]
    [InlineData("{0}\\n\\n{1}\\n\\n{2}")]
    [InlineData("{0}\\r\\n\\r\\n{1}\\r\\n\\r\\n{2}\\r\\n")]
    [InlineData("{0}\\n\\n\\u201cWe had to wait for one bearing,\\u201d said Ida Moe, who runs the line. \\u201cIt came by post.\\u201d\\n\\n{2}")]
    [InlineData("<p>{0}</p>\n<p>{1}</p>\n<p>{2}</p>")]
    [InlineData("<p>{0}</p><p>{1}</p><p>{2}</p>")]
    [InlineData("<div class=\"text\"><P>{0}</P><P>{1}</P><P>{2}</P></div>")]
    [InlineData("{0}<br><br>{1}<br /><br />{2}")]
    [InlineData("<p>{0}</p>\n<p>&ldquo;We had to wait for one bearing,&rdquo; said <a href=\"https://x.example/moe\">Ida Moe</a>, who runs the line. &#8220;It came by post.&#x201d;</p>\n<p>Tickets cost what they did before, &euro;4 for a walker and &euro;11 for a car &amp; its driver.</p>")]
    [InlineData("<p>{0}</p><script type=\"text/javascript\">var a = \"<p>no</p>\"; if (a < 3) b();</script><p>{1}</p><style>.x {{ color: red }}</style><!-- a <p> note --><p>{2}</p>")]
    [InlineData("<ul><li>{0}</li><li>{1}</li><li>{2}</li></ul>")]
    [InlineData("<p>{0}<\\/p>\\n<p>{1}<\\/p>\\n<p>{2}<\\/p>\\n")]
    [InlineData("{0}\n\n> {1}\n\n[Tickets cost](https://x.example/tickets) what they did before, **€4** for a walker and *€11* for a car & its driver.")]
    [InlineData("![A ferry](https://x.example/f.jpg)\n\n{0}\n\n{1}\n\n* * *\n\n{2}")]
    [InlineData("{0}\n\n_“We had to wait for one bearing,”_ said [Ida Moe](/authors/moe), who runs the line. “It came by post.”\n\n---\n\n{2}")]
    [InlineData("[vc_row][vc_column width=\"1/1\"][vc_column_text]{0}[/vc_column_text][vc_column_text]{1}[/vc_column_text][vc_column_text]{2}[/vc_column_text][/vc_column][/vc_row]")]
    [InlineData("[dropcap]T[/dropcap]he ferry across the Lowe sails again from Monday, the county said, after eleven weeks in which its passengers took the bridge at Marl.\n\n[gallery ids=\"3,4\"]\n\n{1}\n\n[embed]https://x.example/moe[/embed]\n\n{2}\n\n[ad_slot name=”low” size=’300’]")]
    [InlineData("[quote]{0}[/quote]\n\n{1}\n\n[et_pb_text]{2}[/et_pb_text]")]
    [InlineData("&lt;p&gt;{0}&lt;/p&gt;\n&lt;p&gt;{1}&lt;/p&gt;\n&lt;p&gt;{2}&lt;/p&gt;")]
    [InlineData("{0}\n\n&amp;ldquo;We had to wait for one bearing,&amp;rdquo; said Ida Moe, who runs the line. &amp;#8220;It came by post.&amp;#8221;\n\nTickets cost what they did before, &amp;euro;4 for a walker and &amp;euro;11 for a car &amp;amp; its driver.")]
    [InlineData("{0}\\\\n\\\\n{1}\\\\n\\\\n{2}\\\\n")]
    public void Another_format_goes_and_the_text_stays(string format)
    {
        var text = string.Format(format, Paragraphs);
        var result = new Normaliser().Normalise(new ArticleText(text));
        Assert.Equal(Paragraphs, result.Article!.Body);
        // Blocks tile the text as it came.
        Assert.Equal(text.Length, result.Blocks[^1].Span.End + (text.Length - text.TrimEnd().Length));
        Assert.NotEmpty(result.Notes);
        Assert.Equal(Paragraphs, new Normaliser().Normalise(new ArticleText(string.Join("\n\n", result.Article.Body))).Article!.Body);
    }

    [Theory]
    [InlineData("Shares of the brewer <ABSX.N> rose, those of <BQX.L> and <P.DE> fell; AT&T and R&D stayed; Q&A; follows.")]
    [InlineData("The tag <b> makes words bold, and </b> ends it, the teacher wrote on the board.")]
    [InlineData("He keeps the books in C:\\new\\reports and C:\\users\\nora, and prints \"hello\\n\" at the end of each.")]
    [InlineData("Five * three * two is thirty, and file_name_one is no file_name_two; 2 < 3 && 4 > 1.")]
    [InlineData("The list [a](b) is a list (see [1](2)), and #hashtag is one.\n#another is too.\n# and a number 1 - 2 - 3")]
    [InlineData("Write &nbsp without its sign, &c. and &; and a < b > c.")]
    [InlineData("* * and - - of stars")]
    [InlineData("\"I have it [sic] not,\" the clerk said [of the second book], and [the end of] June is near.\n\n[Laughter]\n\n[video of the day]")]
    [InlineData("Call [a=b] what you like; the file is [draft 3], and page [12] is missing [x = 3].")]
    [InlineData("She sang on a friend’s [Instagram] channel. “[Facebook staff] heard it,” she said. (More: Rovers win [VIDEO])\n\nA [gallery] of art, and [youtube].")]
    [InlineData("The corpus writes -lrb- for a bracket, the linguist said.")]
    [InlineData("None of the seven books has a reader.\n\nNone of the teachers wanted them.\n\n- None of the pupils did.\n- None of the parents did.")]
    [InlineData("None shall pass the gate by night,\nNone shall pass the gate by day.\n\nNone But the Brave is the longest.")]
    [InlineData("The old mill opened <script>alert(1)</script> on Monday.")]
    public void What_only_looks_like_a_format_stays(string text) => Assert.Equal(text, PreparedText.Of(text).Text);

    [Fact]
    public void Escaped_tags_that_an_article_speaks_of_are_read_and_stay() =>
        Assert.Equal(
            "A script in a picture (<img src=\"x.svg\">) does not run.\n\nCopy <script src=\"x.js\"></script>\n\nThat is all, she said.",
            PreparedText.Of("A script in a picture (&lt;img src=\"x.svg\"&gt;) does not run.\n\nCopy &lt;script src=\"x.js\"&gt;&lt;/script&gt;\n\nThat is all, she said.").Text);

    [Theory]
    [InlineData("• None Two cranes were bought\n• None A berth was dredged", "• Two cranes were bought\n• A berth was dredged")]
    [InlineData("None Zwei Kräne gekauft\nNone 3 Liegeplätze vertieft\r\n\r\nNone „Nachts fahren wir auch“", "Zwei Kräne gekauft\n3 Liegeplätze vertieft\r\n\r\n„Nachts fahren wir auch“")]
    [InlineData("- None les coupes sont annoncées\n- None les chemins restent ouverts", "- les coupes sont annoncées\n- les chemins restent ouverts")]
    public void A_list_loses_the_word_that_stands_for_its_bullets(string text, string expected)
    {
        var prepared = PreparedText.Of(text);
        Assert.Equal(expected, prepared.Text);
        Assert.Equal(LostBullets.Note, Assert.Single(prepared.Notes));
    }

    [Fact]
    public void Tokenised_brackets_are_brackets_again() =>
        Assert.Equal("( cnn ) -- it is made of bone ( not of iron ) and [ old ] , she said .",
            PreparedText.Of("-lrb- cnn -rrb- -- it is made of bone -LRB- not of iron -RRB- and -lsb- old -rsb- , she said .").Text);

    [Fact]
    public void A_picture_s_caption_in_a_shortcode_is_kept_as_one()
    {
        const string Text = "Ferry sails again\n\n[caption id=\"attachment_4\" align=\"left\" width=\"300\"]<img src=\"https://x.example/f.jpg\" alt=\"\" /> The ferry in dry dock.[/caption]\n\nThe ferry across the Lowe sails again from Monday, the county said.";
        var result = new Normaliser().Normalise(new ArticleText(Text));
        Assert.Equal("The ferry in dry dock.", Assert.Single(result.Article!.Media).Caption);
        Assert.Equal("The ferry across the Lowe sails again from Monday, the county said.", Assert.Single(result.Article.Body));
    }

    [Fact]
    public void Headings_of_Markdown_lose_their_signs() =>
        Assert.Equal($"Ferry sails again\n\n{Paragraphs[0]}\n\nA bearing\n\n{Paragraphs[1]}", PreparedText.Of($"# Ferry sails again\n\n{Paragraphs[0]}\n\n## A bearing\n\n{Paragraphs[1]}").Text);

    [Fact]
    public void Offsets_lead_back_to_the_text_as_it_came()
    {
        const string Text = "<p>One &amp; two of the <em>towns</em> have a mill.</p>\n<p>Three has none, and wants one.</p>";
        var prepared = PreparedText.Of(Text);
        var map = Assert.Single(prepared.Layers).Map;
        foreach (var word in (string[])["One", "two", "towns", "mill", "Three", "wants"])
            Assert.Equal(Text.IndexOf(word, StringComparison.Ordinal), map.ToOriginal(prepared.Text.IndexOf(word, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("<")]
    [InlineData("&")]
    [InlineData("\\n")]
    [InlineData("[a](http")]
    [InlineData("<p ")]
    [InlineData("<!--")]
    [InlineData("<script>")]
    [InlineData("**a")]
    [InlineData("](")]
    [InlineData("[a ")]
    [InlineData("[a=\"[")]
    [InlineData("[caption id=\"a\"]<")]
    [InlineData("[b]x")]
    [InlineData("None A\n")]
    [InlineData("-lrb- ")]
    [InlineData("&amp;amp;")]
    [InlineData("\\\\\\\\n")]
    [InlineData("one two three four-\nfive ")]
    [InlineData("a\u00ad\n")]
    [InlineData("&lt;p&gt;\n")]
    public void Broken_and_endless_ones_are_read_in_time(string piece)
    {
        foreach (var around in (string[])["", "<p>x</p>\n<p>y</p>\n", "[t](https://x.example)\n"])
            Assert.NotNull(PreparedText.Of(around + string.Concat(Enumerable.Repeat(piece, 200_000 / piece.Length))));
    }
}
