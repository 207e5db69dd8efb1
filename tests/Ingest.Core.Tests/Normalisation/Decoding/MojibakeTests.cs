using System.Text;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Decoding;

namespace Ingest.Core.Tests.Normalisation.Decoding;

public class MojibakeTests
{
    static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    [Theory]
    [InlineData("It’s “over”, she said – at last…")]
    [InlineData("Le café a fermé à midi, déjà trop tôt.")]
    [InlineData("Die Straße führt über Brücken nach Österreich.")]
    [InlineData("Zażółć gęślą jaźń w Łodzi")]
    [InlineData("Премьер-министр прибыл в Москву.")]
    [InlineData("Η κυβέρνηση ανακοίνωσε νέα μέτρα.")]
    [InlineData("ראש הממשלה הגיע")]
    [InlineData("وصل رئيس الوزراء")]
    [InlineData("首相は東京に到着した。")]
    [InlineData("Thủ tướng đã đến Hà Nội vào buổi sáng.")]
    [InlineData("They cheered 🎉")]
    [InlineData("The price is €40")]
    [InlineData("\ufeffA byte-order mark came first.")]
    public void UTF8_read_as_Windows_1252_is_mended(string text)
    {
        Assert.Equal(text, Mojibake.Repair(Misread(text))!.Text);
        Assert.Equal(text, Mojibake.Repair(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text)))!.Text);
    }

    [Theory]
    [InlineData("It’s “over”, she said.")]
    [InlineData("Le café a fermé à midi.")]
    [InlineData("Премьер-министр прибыл.")]
    public void A_text_that_was_misread_twice_or_thrice_is_mended(string text)
    {
        Assert.Equal(text, Mojibake.Repair(Misread(Misread(text)))!.Text);
        Assert.Equal(text, Mojibake.Repair(Misread(Misread(Misread(text))))!.Text);
    }

    [Theory]
    [InlineData("NÃO, disse ele. A IRMÃ do ministro veio de SÃO PAULO.")]
    [InlineData("Heated to 25Â°C in the laboratory.")]
    [InlineData("One Ã© is no proof.")]
    [InlineData("« C’est la liberté », dit-il. « La vérité ! » « Où est-il allé ? »")]
    [InlineData("« La sécurité\u00a0» et « l’égalité\u00a0» et « la fraternité\u00a0»… « là\u00a0»")]
    [InlineData("„SCHÖ“ und „MENÜ“ und „CAFÉ” sowie “OLÉ” — “ALLÉ”, CLICHÉ…")]
    [InlineData("NESTLÉ® and NESCAFÉ® and CITROËN™ and LANCÔME© and ROSÉ™")]
    [InlineData("«está»… «qué»– «así» ¿Qué? ¡Olé! ESPAÑA™ AÑO")]
    [InlineData("Ærøskøbing, Århus og Øresund: 20° C, 5 µm, ½ l, § 7, £3, ¥5")]
    [InlineData("â la façon de l’Â, Î et Ô")]
    [InlineData("Премьер-министр «прибыл» в Москву… 首相は東京に。")]
    [InlineData("Tom Ã Hung; Ðà Nẵng; ÉÈÊ ÀÂ")]
    public void Honest_text_stays(string text) => Assert.Null(Mojibake.Repair(text));

    [Fact]
    public void In_a_mixed_text_only_what_was_misread_is_mended() => Assert.Equal(
        "« La sécurité\u00a0», a-t-il dit à l’été – “CAFÉ” and it’s über",
        Mojibake.Repair("« La sécurité\u00a0», a-t-il dit Ã\u00a0 l’Ã©tÃ© – “CAFÉ” and itâ€™s Ã¼ber")!.Text);

    [Fact]
    public void Sequences_that_lost_a_character_on_the_way_are_mended_beside_others() =>
        Assert.Equal("“Yes” and “no”, she said à la carte, voilà.",
            Mojibake.Repair(
                "â€œYesâ€ and â€œnoâ€\u009d, she said Ã la carte, voilÃ .".Replace("à", "à", StringComparison.Ordinal) + "Ã©Ã©")!.Text[..^2]);

    [Fact]
    public void The_note_counts()
    {
        Assert.Equal("repaired 1 sequence of UTF-8 read as Windows-1252", Mojibake.Repair("Itâ€™s here")!.Note);
        Assert.Equal("repaired 3 sequences of UTF-8 read as Windows-1252, 2 times over",
            Mojibake.Repair(Misread(Misread("It’s here")))!.Note);
    }

    [Fact]
    public void Blocks_and_evidence_refer_to_the_text_as_it_was_submitted()
    {
        const string Clean = "Café « Zoé » reopens in Orléans\n\nBy Zoé Brûlé\n\nThe café – closed since “the flood” – opens again on Monday, the mayor’s office said.\u00a0\n\n• One point that’s here\u00a0\n\nIt’s the only one left, the owner said, “and it’s mine”.\u00a0";
        var raw = Misread(Clean);
        var result = new Normaliser().Normalise(new ArticleText(raw));
        var clean = new Normaliser().Normalise(new ArticleText(Clean));
        Assert.Equal(clean.Article!.Body, result.Article!.Body);
        Assert.Equal(clean.Article.Headline, result.Article.Headline);
        Assert.Contains(result.Notes, n => n.StartsWith("repaired ", StringComparison.Ordinal));
        AssertTiles(raw, result.Blocks);
        foreach (var (block, expected) in result.Blocks.Zip(clean.Blocks))
            Assert.Equal(Clean.Substring(expected.Span.Start, expected.Span.Length).Trim(),
                Mended(raw.Substring(block.Span.Start, block.Span.Length)).TrimEnd('Â', '\u00a0'));
        var headline = result.Article.Evidence.Single(e => e.Field == "headline").Span!.Value;
        Assert.Equal(result.Article.Headline, Mended(raw.Substring(headline.Start, headline.Length)));
    }

    [Fact]
    public void Blocks_tile_any_misread_text()
    {
        var random = new Random(7);
        string[] pieces = ["â€™", "Â\u00a0", "Ã©", "â€œ", "â€\u009d", "\n", "\n\n", " ", "word",
            "A sentence that is here.", "ï»¿", "Ã\u00a0", "ðŸ˜€", "Â", "€", "ÃƒÂ©", "É »", "• "];
        for (var round = 0; round < 2000; round++)
        {
            var raw = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => pieces[random.Next(pieces.Length)]));
            var result = new Normaliser().Normalise(new ArticleText(raw));
            if (result.Blocks.Count > 0)
                AssertTiles(raw, result.Blocks);
        }
    }

    [Fact]
    public void Four_megabytes_of_hostile_text_take_no_longer_than_friendly_ones()
    {
        foreach (var piece in new[] { "Ã", "â€", "Ã©", "Â ", "éééé", "ð\u009f\u0098", "ÃƒÂ", "ã\u0081\u0082" })
        {
            var text = string.Concat(Enumerable.Repeat(piece, 4_000_000 / piece.Length));
            var started = System.Diagnostics.Stopwatch.StartNew();
            Mojibake.Repair(text);
            Assert.True(started.Elapsed < TimeSpan.FromSeconds(10), $"{piece}: {started.Elapsed}");
        }
    }

    static void AssertTiles(string raw, IReadOnlyList<Block> blocks)
    {
        var at = 0;
        foreach (var block in blocks)
        {
            Assert.True(block.Span.Start >= at && block.Span.Length > 0 && block.Span.End <= raw.Length, $"{block} after {at} in {raw}");
            Assert.True(IsBlank(raw[at..block.Span.Start]), $"'{raw[at..block.Span.Start]}' is in no block of {raw}");
            at = block.Span.End;
        }

        Assert.True(IsBlank(raw[at..]), $"'{raw[at..]}' is in no block of {raw}");
    }

    static bool IsBlank(string text) => text.All(c => char.IsWhiteSpace(c) || c is '\ufeff' or '\u200b');

    static string Mended(string piece) => Mojibake.Repair(piece + "â€™")!.Text[..^1];

    static string Misread(string text) => Windows1252.GetString(Encoding.UTF8.GetBytes(text));
}
