using Ingest.Core.Deduplication.Text;

namespace Ingest.Core.Tests.Deduplication;

/// <summary>What the reference takes for a word. That the other kernels agree with it is <see cref="KernelTests"/>.</summary>
public class WordsTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t\0")]
    [InlineData("— … “” «» !?., _ - €$%")]
    [InlineData("🎉🚒")]
    [InlineData("\u00ad\u200b\ufeff")]
    public void Blanks_and_punctuation_have_no_words(string text) => Assert.Empty(Words(text));

    [Theory]
    [InlineData("The pilots, who waited.", "The|pilots|who|waited")]
    [InlineData("U.S. envoy: 3,000 e-mails_sent", "U|S|envoy|3|000|e|mails|sent")]
    [InlineData("It’s “over” – at last…", "It|s|over|at|last")]
    [InlineData("один,два", "один|два")]
    [InlineData("soft\u00adhyphen", "soft\u00adhyphen")]
    [InlineData("מים־חיים", "מים|חיים")]
    [InlineData("हिन्दी में", "हिन्दी|में")]
    [InlineData("서울의 봄", "서울의|봄")]
    public void Words_stand_between_blanks_and_punctuation(string text, string words) => Assert.Equal(words.Split('|'), Words(text));

    [Theory]
    [InlineData("首相は、東京に。", "首|相|は|東|京|に")]
    [InlineData("กรุง", "ก|ร|ุ|ง")]
    [InlineData("iPhone17发布会", "iPhone17|发|布|会")]
    [InlineData("2026年11月", "2026|年|11|月")]
    public void In_scripts_without_blanks_every_character_is_a_word(string text, string words) =>
        Assert.Equal(words.Split('|'), Words(text));

    [Fact]
    public void A_rare_Chinese_character_is_two_words_and_any_other_surrogate_none()
    {
        Assert.Equal(["\ud842", "\udfb7", "野"], Words("𠮷野"));
        Assert.Equal(["東", "京"], Words("東🎉京\udfb7"));
        Assert.Equal(["\ud842", "東"], Words("🎉\ud842東\udfb7"));
    }

    [Fact]
    public void Only_characters_of_scripts_without_blanks_have_the_lowest_bit()
    {
        var words = Read("Tokyo 東 Seoul 서울 ไ 5");
        Assert.Equal([false, true, false, false, true, false], words.Hashes.ToArray().Select(WordSequence.IsCharacter));
    }

    [Theory]
    [InlineData("abcdefgh", "abcdefg")]
    [InlineData("abcdefgh", "abcdefghi")]
    [InlineData("abcdefghijklmnop", "abcdefghijklmnopq")]
    [InlineData("abcdefghijklmnop", "ijklmnopabcdefgh")]
    [InlineData("aaaaaaaa", "aaaaaaaaaaaaaaaa")]
    [InlineData("ab", "ba")]
    [InlineData("ŧa", "aŧ")]
    [InlineData("gа", "ga")]
    public void Different_words_have_different_hashes(string one, string other) =>
        Assert.NotEqual(Read(one).Hashes[0], Read(other).Hashes[0]);

    [Fact]
    public void Short_words_fill_the_whole_range()
    {
        // All words of three letters: their hashes must look drawn by lot, in the high bits and in the low ones.
        var letters = Enumerable.Range('a', 26).Select(c => (char)c).ToArray();
        var words = Read(string.Join(' ', from a in letters from b in letters from c in letters select $"{a}{b}{c}"));
        Assert.Equal(17_576, words.Hashes.ToArray().Distinct().Count());
        for (var shift = 1; shift <= 56; shift++)
            Evenness.Check(words.Hashes, shift, $"bits from {shift}");
    }

    [Fact]
    public void A_sequence_is_filled_again_for_the_next_text()
    {
        var words = new WordSequence();
        words.Read(string.Concat(Enumerable.Repeat("many words ", 3000)));
        Assert.Equal(6000, words.Count);
        words.Read("three words more");
        Assert.Equal(3, words.Count);
        Assert.Equal((6, 11), words.Place(1));
        Assert.Equal("three words more", words.Text);
    }

    static WordSequence Read(string text)
    {
        var words = new WordSequence(WordKernel.All[0]);
        words.Read(text);
        return words;
    }

    static string[] Words(string text)
    {
        var words = Read(text);
        return [.. Enumerable.Range(0, words.Count).Select(i => text[words.Place(i).Start..words.Place(i).End])];
    }
}
