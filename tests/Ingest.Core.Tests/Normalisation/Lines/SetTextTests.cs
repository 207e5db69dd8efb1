using Ingest.Core.Articles;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Lines;

namespace Ingest.Core.Tests.Normalisation.Lines;

/// <summary>Which lines of a text are one paragraph, and where a sentence begins.</summary>
public class SetTextTests
{
    static IReadOnlyList<string> Body(string text) => new Normaliser().Normalise(new ArticleText(text)).Article!.Body;

    const string Story = "Model boats sail on the pond\n\nModel boats sail on the pond at Orrin again next week, and eleven clubs have sent in the names of theirs.\n\n";

    [Theory]
    [InlineData("At the pond\nWhat: the spring regatta of eleven clubs\nWhen: from noon until dusk on both days\nWhere: the pond behind the gas works\nCost: nothing; a hat goes round at the end")]
    [InlineData("Das Wichtigste in Kürze\nWann: Samstag und Sonntag, 10 bis 22 Uhr\nWo: Dorfplatz, bei Regen in der Halle der Feuerwehr\nEintritt: frei, Spenden sind willkommen")]
    [InlineData("Para ir\nQué: «El molino ciego», de autor desconocido\nCuándo: viernes y sábado, a las 21.30 horas\nDónde: plaza Mayor, entrada por la calle del Pozo")]
    [InlineData("Para ir\nQué: «El molino ciego», de autor desconocido\nCuándo: viernes y sábado, a las 21.30 horas\nMás información: teatro.example")]
    [InlineData("Infos pratiques\nQuand : samedi et dimanche, de 10 à 18 heures\nOù : salle des fêtes, rue du Moulin, au premier étage\nEntrée : 5 euros, gratuit pour les enfants")]
    public void Lines_of_a_box_stand_for_themselves(string box) => Assert.Equal(box.Split('\n'), Body(Story + box).Skip(1));

    [Fact]
    public void A_colon_in_a_set_text_ends_no_line()
    {
        var body = Body("Board answers its critics\n\nThe harbour board answered its critics with a list of all\nWork: so it called what it had done, from the berths that it\nhad dredged to the cranes that it had bought in the spring\nand paid for in the summer, as its chairman said on Monday\nto the members of the council who had asked him for it.");
        Assert.Single(body);
    }

    [Theory]
    [InlineData("    ")]
    [InlineData("\t")]
    [InlineData("          ")]
    public void Lines_that_are_all_indented_are_joined(string indent)
    {
        var text = string.Join('\n', ((string[])["Bus 9 stops running", "", "The county will end the service of bus 9 in September, as", "County Hall said in a letter to the parents of all pupils.", "Moira Platt, who drives a van, has collected 412 names in", "Skell against it. \"They count the seats,\" she said of the", "Council, which meets again on Friday."]).Select(l => l.Length > 0 ? indent + l : l));
        Assert.Single(Body(text));
    }

    [Fact]
    public void A_first_line_that_stands_further_in_or_out_begins_a_paragraph()
    {
        string[] lines = ["The county will end the service of bus 9 in September, as", "County Hall said in a letter to the parents of all pupils", "at Skell.", "Moira Platt, who drives a van, has collected 412 names at", "Skell against it. \"They count the seats,\" she said of the", "Council, which meets on Friday."];
        foreach (var (first, rest) in ((string, string)[])[("", "   "), ("       ", "   "), ("    ", "")])
        {
            var text = "Bus 9 stops running\n\n" + string.Join('\n', lines.Select((l, i) => (i is 0 or 3 ? first : rest) + l));
            Assert.Equal(2, Body(text).Count);
        }
    }

    [Fact]
    public void A_column_may_be_narrow_where_words_are_parted()
    {
        const string Narrow = "Two barns at Marl were\nburned on Saturday, with\nthe hay of five farms. The\nbrigade of the mill came\nfirst, but found no wa-\nter in the pond. Mr. Holt,\nwho owns the larger of the\nbarns, is not insured.";
        Assert.Single(Body("Two barns burn\n\n" + Narrow));
        Assert.True(Body("Two barns burn\n\n" + Narrow.Replace("wa-\nter", "water\nthere")).Count > 1);
    }

    [Fact]
    public void A_word_alone_behind_a_full_sentence_is_no_wrap() =>
        Assert.Equal("Nobody", Body("Bus 9 stops running\n\nThe county will end the service of bus 9 in September, as\nCounty Hall said in a letter to the parents of all pupils,\nSkell among them, and to the drivers of the company, said\nMoira Platt. She has a list of 412 names against the end.\nNobody")[^1]);

    [Fact]
    public void Indented_rows_stay_rows()
    {
        const string Text = "The menu of the machine\n\nThe machine has a menu, which is printed here for all who want to repair it.\n\n   Rinse [cold|warm] [minutes]      Washes what is in the drum\n   Spin [slow|fast]                 Turns it until it is dry enough\n   Drain [left|right|<pump>] [wait] Lets the water out\n   Lamp [on|off]                    Lights the window\n   Forget                           Goes back to the first day";
        Assert.True(Body(Text).Count >= 6);
    }

    [Theory]
    [InlineData("It bought 90 sacks of oats.Then it ended.", 27)]
    [InlineData("It came at noon.”Then she left.", 17)]
    [InlineData("Es waren 9000 Eichen.Die Kinder gingen.", 21)]
    [InlineData("That was in 1911.Nobody knew.", 17)]
    [InlineData("Did they come?Nobody knew.", 14)]
    [InlineData("Sono 9000 querce.I bambini vanno.", 17)]
    public void A_sentence_may_begin_without_a_blank(string text, int start) => Assert.Equal(start, Sentences.LastStart(text, 0, text.Length));

    [Theory]
    [InlineData("It was sold on Booking.Com for a crown")]
    [InlineData("He wrote it in Node.Js and in ASP.NET too")]
    [InlineData("She lives in St.Olav street, at Mr.Holt's")]
    [InlineData("The file a.Txt and the word e.g.This one")]
    public void A_full_stop_inside_a_name_begins_no_sentence(string text) => Assert.Equal(0, Sentences.LastStart(text, 0, text.Length));
}
