using Ingest.Core.Deduplication.Text;

namespace Ingest.Core.Tests.Deduplication;

/// <summary>Which spellings are one word, and which must stay two.</summary>
public class FoldingTests
{
    [Theory]
    [InlineData("HARBOUR", "harbour")]
    [InlineData("Café déjà", "cafe deja")]
    [InlineData("cafe\u0301", "café")]
    [InlineData("Straße", "STRASSE")]
    [InlineData("ẞ", "ss")]
    [InlineData("ﬁnance ﬂood oﬃce", "finance flood office")]
    [InlineData("Łódź Øresund Đặng", "lodz oresund dang")]
    [InlineData("Æsop œuvre þing", "aesop oeuvre thing")]
    [InlineData("İstanbul ISPARTA ılık", "istanbul isparta ilik")]
    [InlineData("Ｉｎｇｅｓｔ１２", "ingest12")]
    [InlineData("They cheered 🎉 and left", "They cheered and left")]
    [InlineData("re\u00adpair zero\u200bwidth", "repair zerowidth")]
    [InlineData("m² ½", "m2 12")]
    [InlineData("ΑΘΉΝΑ Κυβέρνησης", "αθηνα κυβερνησησ")]
    [InlineData("ΟΔΟΣ", "οδός")]
    [InlineData("Ещё Йод", "еще иод")]
    [InlineData("МОСКВА", "москва")]
    [InlineData("وَصَلَ", "وصل")]
    [InlineData("أحمد إلى آخر", "احمد الى اخر")]
    [InlineData("الـــرئيس", "الرئيس")]
    [InlineData("علی کتاب", "علي كتاب")]
    [InlineData("ﻼ", "لا")]
    [InlineData("שָׁלוֹם", "שלום")]
    [InlineData("ｶﾀｶﾅ", "カタカナ")]
    [InlineData("ｶﾞｰﾃﾞﾝﾊﾟｰﾃｨｰ", "ガーデンパーティー")]
    [InlineData("क़लम ज़मीन", "कलम जमीन")]
    [InlineData("ज\u093c", "ज")]
    [InlineData("١٢٣ ۴۵۶ ७८९ ๑๒ ２０２６", "123 456 789 12 2026")]
    [InlineData("\u1112\u1161\u11ab\u1100\u116e\u11a8\u110b\u1165", "한국어")]
    [InlineData("\u1100\u1161 \u1100", "가 \u1100")]
    [InlineData("漢語說後臺裏裡為爲", "汉语说后台里里为为")]
    [InlineData("國\uF978", "国两")]
    public void Is_one_spelling(string one, string other) => Assert.Equal(Hashes(other), Hashes(one));

    [Theory]
    [InlineData("resign", "re-sign")]
    [InlineData("10", "100")]
    [InlineData("1", "l")]
    [InlineData("α", "a")]
    [InlineData("а", "a")]
    [InlineData("мука", "муха")]
    [InlineData("ш", "щ")]
    [InlineData("ب", "ت")]
    [InlineData("ح", "خ")]
    [InlineData("ב", "כ")]
    [InlineData("は", "ハ")]
    [InlineData("か", "た")]
    [InlineData("कि", "की")]
    [InlineData("क", "ख")]
    [InlineData("มา", "มี")]
    [InlineData("ก่", "ก้")]
    [InlineData("未", "末")]
    [InlineData("𠮷", "吉")]
    [InlineData("3.5", "35")]
    [InlineData("서울", "서을")]
    public void Are_two_spellings(string one, string other) => Assert.NotEqual(Hashes(other), Hashes(one));

    [Fact]
    public void Of_ASCII_only_letters_and_digits_count_and_only_case_is_folded()
    {
        // What the kernels build upon.
        for (var c = '\0'; c < 0x80; c++)
            Assert.Equal(char.IsAsciiLetterOrDigit(c) ? (char)(c | 0x20) : Folding.Separator, Folding.Table[c]);
    }

    [Fact]
    public void Folding_again_changes_nothing()
    {
        for (var c = 0; c <= char.MaxValue; c++)
            foreach (var letter in Folded((char)c))
                Assert.True(Folded(letter) is [var again] && again == letter,
                    $"U+{c:X4} folds to U+{(int)letter:X4}, which folds to '{Folded(letter)}'");
    }

    [Fact]
    public void No_letter_below_the_first_is_of_a_script_without_blanks()
    {
        for (var c = '\0'; c < Folding.FirstSpaceless; c++)
            Assert.False(Folding.IsSpaceless(c));
        Assert.True(Folding.IsSpaceless(Folding.FirstSpaceless) || Folding.IsSpaceless((char)(Folding.FirstSpaceless + 1)));
    }

    static string Folded(char c) => Folding.Table[c] switch
    {
        Folding.Separator or Folding.Dropped => "",
        Folding.Expanded => Folding.Expansion(c),
        var folded => folded.ToString(),
    };

    static ulong[] Hashes(string text)
    {
        var words = new WordSequence();
        words.Read(text);
        return words.Hashes.ToArray();
    }
}
