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
    [InlineData("The old mill opened <script>alert(1)</script> on Monday.")]
    public void What_only_looks_like_a_format_stays(string text) => Assert.Equal(text, PreparedText.Of(text).Text);

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
    public void Broken_and_endless_ones_are_read_in_time(string piece)
    {
        foreach (var around in (string[])["", "<p>x</p>\n<p>y</p>\n", "[t](https://x.example)\n"])
            Assert.NotNull(PreparedText.Of(around + string.Concat(Enumerable.Repeat(piece, 200_000 / piece.Length))));
    }
}
