using System.Text;
using Ingest.Core.Normalisation.Decoding;

namespace Ingest.Core.Tests.Normalisation.Decoding;

/// <summary>UTF-8 that was read in another encoding than Windows-1252, and honest copy that has the same signs.</summary>
public class MisreadingTests
{
    const string English = "The café in Ashby won’t reopen before Easter — “we couldn’t wait,” said André Rooney. It cost €40 a day…";
    const string Russian = "Мост через реку открыли в пятницу. «Мы ждали три года», — сказал мэр. Ремонт стоил 40 миллионов рублей.";
    const string Greek = "Η γέφυρα άνοιξε ξανά την Παρασκευή, είπε ο δήμαρχος.";

    [Theory]
    [InlineData(English, 10000, "Mac Roman")]
    [InlineData("Zażółć gęślą jaźń, powiedział burmistrz.", 10000, "Mac Roman")]
    [InlineData(Russian, 1251, "Windows-1251")]
    [InlineData("Міст через річку відкрили у п’ятницу, сказала мерка Ївга Ґонта.", 1251, "Windows-1251")]
    public void What_was_read_wrongly_is_read_again(string text, int codePage, string name)
    {
        var wrong = CodePagesEncodingProvider.Instance.GetEncoding(codePage)!.GetString(Encoding.UTF8.GetBytes(text));
        var prepared = PreparedText.Of(wrong);
        Assert.Equal(text, prepared.Text);
        Assert.EndsWith($"of UTF-8 read as {name}", Assert.Single(prepared.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(English)]
    [InlineData(Russian)]
    [InlineData(Greek)]
    [InlineData("√2 and √3 are ƒ(x) ≈ ∆y; ‚so‘ and „so“; Ω and π.")]
    [InlineData("РОССИЯ, СССР, Сочи и Рим: «Рёв» — Ёлка, Љубав и Ђак.")]
    [InlineData("Čakovec, Łódź, Ćevapi – ƒ5 ‡ † ¬a")]
    public void Honest_copy_stays(string text)
    {
        var prepared = PreparedText.Of(text);
        Assert.Equal((text, 0), (prepared.Text, prepared.Notes.Count));
    }
}
