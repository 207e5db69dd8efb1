using System.Text;
using Ingest.Core.Normalisation.Decoding;

namespace Ingest.Core.Tests.Normalisation.Decoding;

/// <summary>Bytes without a declared charset that are no UTF-8, and bytes that declare one.</summary>
public class CharsetTests
{
    const string Russian = "Маяк на мысе Рысь снова горит с понедельника, сообщила администрация порта. Ремонт продолжался два года, и его видно за сорок километров.";
    const string Greek = "Ο φάρος στο ακρωτήριο ανάβει ξανά από τη Δευτέρα, ανακοίνωσε το λιμεναρχείο. Οι εργασίες κράτησαν δύο χρόνια, είπε ο φαροφύλακας.";
    const string Hebrew = "המגדלור בכף שב ומאיר מיום שני, הודיעה רשות הנמל. העבודות נמשכו שנתיים, ואורו נראה ממרחק של ארבעים קילומטרים.";
    const string Arabic = "عادت المنارة إلى العمل يوم الاثنين بعد عامين من الإصلاح، كما أعلنت سلطة الميناء، ويمكن رؤية ضوئها من مسافة أربعين كيلومترا.";
    const string Thai = "ประภาคารที่แหลมกลับมาส่องแสงอีกครั้งในวันจันทร์ หลังจากซ่อมแซมเป็นเวลาสองปี เจ้าหน้าที่ท่าเรือกล่าว";
    const string Japanese = "港の灯台が月曜日に再び点灯したと港湾局が発表した。修理には二年かかったという。四十キロ先からも見える。";
    const string Chinese = "港务局周一宣布，海角的灯塔重新点亮，维修工作历时两年。看守人说，四十公里外都能看见它的光。";
    const string Korean = "항만 당국은 월요일에 등대가 다시 불을 밝혔다고 발표했다. 수리에는 이 년이 걸렸고 사십 킬로미터 밖에서도 보인다고 한다.";
    const string French = "Le phare du cap Loup s’est rallumé lundi, à l’issue de deux années de travaux, a déclaré l’autorité. « Il était temps », a estimé René Aubé.";
    const string German = "Über den Dächern von Möhlen brüten wieder Störche, „zum ersten Mal seit acht Jahren“, wie der Förster erklärte.";

    static Encoding Page(int codePage) => CodePagesEncodingProvider.Instance.GetEncoding(codePage)!;

    [Theory]
    [InlineData(Russian, 1251)]
    [InlineData(Russian, 20866)]
    [InlineData(Russian, 28595)]
    [InlineData(Russian, 866)]
    [InlineData(Greek, 1253)]
    [InlineData(Greek, 28597)]
    [InlineData(Hebrew, 1255)]
    [InlineData(Arabic, 1256)]
    [InlineData(Thai, 874)]
    [InlineData(Japanese, 932)]
    [InlineData(Japanese, 51932)]
    [InlineData(Chinese, 54936)]
    [InlineData(Korean, 51949)]
    [InlineData("海角的燈塔重新點亮，港務局週一宣布，維修工作歷時兩年。看守人說，四十公里外都能看見它的光。", 950)]
    public void A_script_beyond_Latin_is_told_by_its_letters(string text, int codePage)
    {
        var decoded = TextDecoder.Decode(Page(codePage).GetBytes(text));
        Assert.Equal(text, decoded.Text);
        Assert.Contains("by its letters", Assert.Single(decoded.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(French)]
    [InlineData(German)]
    [InlineData("ÅÄÖ är de sista bokstäverna, ÉÈÀ och ÆØÅ står i boken.")]
    [InlineData("ÅÄÖ ÉÈ")]
    [InlineData("„Größe“")]
    public void A_Latin_script_is_Windows_1252(string text) =>
        Assert.Equal((text, "read as Windows-1252, as it is not valid UTF-8"), Decoded(Page(1252).GetBytes(text)));

    [Theory]
    [InlineData("<html><head><meta charset=\"windows-1250\"></head><p>Zażółć gęślą jaźń, řekl</p>", 1250, "windows-1250")]
    [InlineData("<meta http-equiv=\"Content-Type\" content=\"text/html; charset=koi8-r\"><p>Мост</p>", 20866, "koi8-r")]
    [InlineData("<?xml version=\"1.0\" encoding='iso-8859-1'?><p>“Über”</p>", 1252, "windows-1252")]
    public void What_is_declared_is_believed(string text, int codePage, string name) =>
        Assert.Equal((text, $"read as {name}, which it declares"), Decoded(Page(codePage).GetBytes(text)));

    [Theory]
    [InlineData("<meta charset=\"utf-8\"><p>café</p>")]
    [InlineData("<meta charset=\"no-such\"><p>café</p>")]
    [InlineData("<meta charset=")]
    [InlineData("The attribute charset=koi8-r stands in a café's <meta tag")]
    public void A_declaration_that_cannot_be_true_is_none(string text) =>
        Assert.Equal(text + "é", Decoded(Page(1252).GetBytes(text + "é")).Text);

    [Fact]
    public void Valid_UTF8_is_UTF8_whatever_it_declares() =>
        Assert.Equal("<meta charset=\"koi8-r\"><p>Мост</p>", TextDecoder.Decode(Encoding.UTF8.GetBytes("<meta charset=\"koi8-r\"><p>Мост</p>")).Text);

    static (string? Text, string Note) Decoded(byte[] bytes)
    {
        var decoded = TextDecoder.Decode(bytes);
        return (decoded.Text, Assert.Single(decoded.Notes));
    }
}
