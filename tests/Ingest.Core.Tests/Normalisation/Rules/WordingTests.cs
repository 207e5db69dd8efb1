using Ingest.Core.Normalisation.Rules;

namespace Ingest.Core.Tests.Normalisation.Rules;

public class WordingTests
{
    [Fact]
    public void Every_list_has_its_words_once() =>
        Assert.All(Wording.Kinds, kind => Assert.Equal(Wording.Of(kind).Distinct(), Wording.Of(kind)));

    [Fact]
    public void A_list_that_code_reads_under_another_name_is_told_at_its_start() =>
        Assert.Contains("'byline.closer'", Assert.Throws<InvalidOperationException>(() => Wording.Of("byline.closer")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Lines_of_a_kind_are_one_list_and_dots_ask_for_a_blank() =>
        Assert.Equal(["adds ", " desk", "neu:"], Wording.Read(["note en: adds … | … desk", "note de: neu:"])["note"]);

    [Theory]
    [InlineData("note: adds")]
    [InlineData("note english: adds")]
    [InlineData("note en")]
    [InlineData("note en: adds | | ends")]
    public void A_line_that_is_not_of_the_format_is_named(string line) =>
        Assert.Contains(line, Assert.Throws<FormatException>(() => Wording.Read([line])).Message, StringComparison.Ordinal);
}
