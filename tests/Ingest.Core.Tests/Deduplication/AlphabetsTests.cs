using Ingest.Core.Deduplication;
using Ingest.Core.Deduplication.Text;

namespace Ingest.Core.Tests.Deduplication;

/// <summary>One text in two scripts is one text; what only shares letters with it is not touched.</summary>
public class AlphabetsTests
{
    const string Cyrillic = "Љиљана Њежић је у Ђурђеву отворила џеп и рекла: „Ово је ћилим, жут и шарен.“ Фрула, чамац, цвет, хлеб.";
    const string Latin = "Ljiljana Nježić je u Đurđevu otvorila džep i rekla: „Ovo je ćilim, žut i šaren.“ Frula, čamac, cvet, hleb.";

    [Fact]
    public void Serbian_has_the_same_words_in_both_alphabets() => Assert.Equal(Words(Latin).Hashes.ToArray(), Words(Cyrillic).Hashes.ToArray());

    [Fact]
    public void So_it_has_in_capitals() =>
        Assert.Equal(Words(Latin).Hashes.ToArray(), Words(Cyrillic.ToUpperInvariant()).Hashes.ToArray());

    [Fact]
    public void A_passage_stays_as_it_was_written() => Assert.Equal("Љиљана Њежић", Words(Cyrillic).Passage(0, 2));

    [Fact]
    public void A_foreign_name_in_it_changes_nothing() =>
        Assert.StartsWith("Ljiljana", Words(Cyrillic + " " + Cyrillic + " " + Cyrillic + " Толстый").Compared.Replace("ǈ", "Lj").Replace("Ǉ", "Lj").Replace("ǉ", "lj"));

    [Theory]
    [InlineData("Съешь же ещё этих мягких французских булок, да выпей чаю.")]
    [InlineData("Жебракують філософи при ґанку церкви в Гадячі, ще й шатро їхнє п'яне знаємо.")]
    [InlineData("Ах чудна българска земьо, полюшвай цъфтящи жита.")]
    [InlineData("Ѕидарски пејзаж: шугав билмез со чудење џвака ќофте и кељ на туѓ цех.")]
    [InlineData("Котка пије млеко, а Мария Щукина и Юрий Ёлкин едят щи.")]
    public void Another_language_keeps_its_letters(string text) => Assert.Same(text, Words(text).Compared);

    [Fact]
    public void Russian_and_its_Latin_letters_stay_two_spellings() => Assert.NotEqual(Words("москва").Hashes.ToArray(), Words("moskva").Hashes.ToArray());

    [Fact]
    public void A_text_in_traditional_characters_is_an_exact_copy_of_the_simplified_one()
    {
        var stream = new ArticleStream();
        stream.Decide("旧码头的钟楼昨天重新敲响，工人们花了两年时间修理齿轮。八十岁的钟表匠说，他从来没有听过这么准的声音。");
        var copy = stream.Decide("舊碼頭的鐘樓昨天重新敲響，工人們花了兩年時間修理齒輪。八十歲的鐘錶匠說，他從來沒有聽過這麼準的聲音。");
        Assert.Equal((1L, Relation.Exact), (copy.Story, copy.Match!.Relation));
    }

    [Fact]
    public void A_Serbian_copy_in_the_other_alphabet_is_exact()
    {
        var stream = new ArticleStream();
        stream.Decide(Cyrillic);
        var copy = stream.Decide(Latin);
        Assert.Equal((1L, Relation.Exact), (copy.Story, copy.Match!.Relation));
    }

    static WordSequence Words(string text)
    {
        var words = new WordSequence();
        words.Read(text);
        return words;
    }
}
