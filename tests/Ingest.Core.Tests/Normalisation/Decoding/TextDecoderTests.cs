using System.Text;
using Ingest.Core.Normalisation.Decoding;

namespace Ingest.Core.Tests.Normalisation.Decoding;

public class TextDecoderTests
{
    const string English = "The mill opened again on Monday, the “town” said – at 10°.\n";
    const string Russian = "Мельница снова открылась в понедельник.\nОб этом сообщили в мэрии.\n";
    const string Japanese = "水車小屋が月曜日に再び開いた。\n町が発表した。およそ300人が来た。\n";

    public static TheoryData<string> Texts() => [English, Russian, Japanese];

    [Theory]
    [MemberData(nameof(Texts))]
    public void UTF8_is_read_with_and_without_a_mark(string text)
    {
        AssertReads(text, Encoding.UTF8.GetBytes(text));
        AssertReads(text, [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(text)]);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void UTF16_is_read_with_and_without_a_mark(string text)
    {
        AssertReads(text, [0xff, 0xfe, .. Encoding.Unicode.GetBytes(text)], "read as UTF-16");
        AssertReads(text, [0xfe, 0xff, .. Encoding.BigEndianUnicode.GetBytes(text)], "read as UTF-16, big-endian");
        AssertReads(text, Encoding.Unicode.GetBytes(text), "read as UTF-16 without a byte-order mark");
        AssertReads(text, Encoding.BigEndianUnicode.GetBytes(text), "read as UTF-16 without a byte-order mark");
    }

    [Fact]
    public void What_is_not_valid_UTF8_is_read_as_Windows_1252() =>
        AssertReads(English, CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetBytes(English),
            "read as Windows-1252, as it is not valid UTF-8");

    [Fact]
    public void An_empty_input_is_an_empty_text() => AssertReads("", []);

    [Theory]
    [InlineData("png", new byte[] { 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13 })]
    [InlineData("jpeg", new byte[] { 0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46 })]
    [InlineData("pdf", new byte[] { 0x25, 0x50, 0x44, 0x46, 0x2d, 0x31, 0x2e, 0x37, 0x0a, 0x25, 0xe2, 0xe3 })]
    [InlineData("zip", new byte[] { 0x50, 0x4b, 3, 4, 20, 0, 0, 0 })]
    [InlineData("gzip", new byte[] { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0 })]
    [InlineData("gif", new byte[] { 0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0 })]
    public void Data_is_named_by_its_signature(string name, byte[] bytes)
    {
        var decoded = TextDecoder.Decode(bytes);
        Assert.Null(decoded.Text);
        Assert.Contains(name, decoded.BinarySign, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Random_bytes_are_no_text()
    {
        var bytes = new byte[4096];
        new Random(1).NextBytes(bytes);
        Assert.Null(TextDecoder.Decode(bytes).Text);
    }

    [Fact]
    public void Any_bytes_can_be_decoded()
    {
        var random = new Random(2);
        for (var round = 0; round < 5000; round++)
        {
            var bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);
            var decoded = TextDecoder.Decode(bytes);
            Assert.True(decoded.Text is null != decoded.BinarySign is null);
        }
    }

    static void AssertReads(string text, byte[] bytes, params string[] notes)
    {
        var decoded = TextDecoder.Decode(bytes);
        Assert.Equal(text, decoded.Text);
        Assert.Equal(notes, decoded.Notes);
    }
}
