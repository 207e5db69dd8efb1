using Ingest.Core.Inputs;
using System.Text;
using Ingest.Core.Articles;
using Ingest.Core.Forms;

namespace Ingest.Core.Tests.Forms;

/// <summary>What a file is taken for.</summary>
public class InputFilesTests
{
    [Theory]
    [InlineData("a.txt", "Mill reopens", ArticleForm.Text)]
    [InlineData("a.txt", "{\"text\":\"Mill reopens\"}", ArticleForm.Text)]
    [InlineData("a.jsonl", "{\"text\":\"Mill reopens\"}", ArticleForm.Record)]
    [InlineData("-", " \n{\"text\":\"Mill reopens\"}", ArticleForm.Record)]
    [InlineData("-", "Mill reopens", ArticleForm.Text)]
    [InlineData("a.html", "Mill reopens", ArticleForm.Html)]
    [InlineData("-", "\ufeff <!-- by hand --> <!DOCTYPE html><title>Mill", ArticleForm.Html)]
    [InlineData("a.txt", "<?xml version=\"1.0\"?>\n<html lang=\"en\">", ArticleForm.Html)]
    [InlineData("a.txt", "<BODY>", ArticleForm.Html)]
    [InlineData("a.txt", "<header>", ArticleForm.Text)]
    [InlineData("a.txt", "From: Mill\nSubject: It reopens\n\nThe mill reopens.", ArticleForm.Text)]
    [InlineData("a.txt", "From: Mill <m@mill.example>\nMessage-ID: <1@mill.example>\nSubject: It reopens\n\n<p>The mill reopens.", ArticleForm.Text)]
    [InlineData("a.txt", "From: m@mill.example\nMIME-Version: 1.0\nContent-Type: text/html\n\n<p>The mill reopens.", ArticleForm.Html)]
    public void A_file_is_told_by_its_name_and_its_beginning(string name, string text, ArticleForm form)
    {
        var article = Assert.Single(Read(name, Encoding.UTF8.GetBytes(text)));
        Assert.Null(article.Refused);
        Assert.Equal(form, article.Form);
    }

    [Theory]
    [InlineData("f", 1023, "f#3")]
    [InlineData("f", 1022, null)]
    [InlineData("", 1024, "")]
    [InlineData("", 1023, null)]
    public void An_id_in_a_file_that_is_too_long_is_none(string file, int length, string? id)
    {
        var own = new string('a', length);
        var article = new RawArticle(file, ArticleForm.Text, default, ArticleMetadata.None, "file");
        Assert.Equal(id ?? (file.Length > 0 ? $"{file}#{own}" : own), InputForm.IdOf(article, own, 3));
    }

    [Fact]
    public void A_page_is_kept_as_it_came()
    {
        var page = Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("<html><p>Ørsted</p>")).ToArray();
        var article = Assert.Single(Read("-", page));
        Assert.Equal((ArticleForm.Html, page.Length), (article.Form, article.Content.Length));
    }

    [Theory]
    [InlineData("PDF file", "%PDF-1.7")]
    [InlineData("RTF document", "{\\rtf1\\ansi The mill")]
    [InlineData("SQLite database", "SQLite format 3\0")]
    [InlineData("Parquet file", "PAR1\u0015\u0004")]
    [InlineData("film or picture", "\0\0\0\u0018ftypmp42")]
    [InlineData("WebP picture", "RIFF\u0010\0\0\0WEBPVP8 ")]
    [InlineData("program", "\u007fELF\u0002\u0001")]
    [InlineData("font", "wOF2\0\u0001\0\0")]
    [InlineData("bzip2 file", "BZh91AY&SY\u0001\u0002")]
    public void What_is_plainly_something_else_is_refused_by_name(string what, string begins)
    {
        var article = Assert.Single(Read("a.txt", [.. Encoding.Latin1.GetBytes(begins), .. new byte[5 << 20]]));
        Assert.Equal(RejectionReason.Binary, article.Refused!.Reason);
        Assert.Contains(what, article.Refused.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MZ said on Monday")]
    [InlineData("PAR1 is a road")]
    [InlineData("RIFF in Morocco: WEBP")]
    [InlineData("ID3 votes were cast")]
    public void Letters_that_could_begin_a_text_do(string text) =>
        Assert.Equal(text, Encoding.UTF8.GetString(Assert.Single(Read("a.txt", Encoding.UTF8.GetBytes(text))).Content.Span));

    [Fact]
    public void What_is_said_to_be_something_is_not_taken_for_a_text()
    {
        Assert.Equal(ArticleForm.Html, Assert.Single(Read("", "Mill"u8.ToArray(), "text/html")).Form);
        Assert.Contains("application/zip", Assert.Single(Read("", "Mill"u8.ToArray(), "application/zip")).Refused!.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.TXT"), InlineData("a.html.gz"), InlineData("b/a.tgz"), InlineData("a.eml"), InlineData("a.warc.gz")]
    public void A_folders_files_are_known_by_their_endings(string path) => Assert.True(InputFiles.IsWanted(path));

    [Theory]
    [InlineData("a.md"), InlineData("a"), InlineData("expected.jsonl"), InlineData("b/a.expected.jsonl.gz"), InlineData("a.pdf")]
    public void And_others_are_passed_by(string path) => Assert.False(InputFiles.IsWanted(path));

    [Fact]
    public void A_charset_that_is_stated_beside_a_page_is_worked_into_it()
    {
        byte[] page = [.. "<p>"u8, 0xcf, 0xf0, 0xe8]; // При in Windows-1251
        Assert.Equal("\ufeff<p>При", Encoding.UTF8.GetString(Mail("windows-1251", page).Content.Span));
        Assert.Equal(page, Mail("x-unknown", page).Content.ToArray());
        byte[] declared = [.. "<meta charset=windows-1251>"u8, .. page];
        Assert.Equal(declared, Mail("windows-1251", declared).Content.ToArray());
        Assert.StartsWith("\ufeff", Encoding.UTF8.GetString(Mail("koi8-r", declared).Content.Span), StringComparison.Ordinal);
    }

    static RawArticle Mail(string charset, byte[] page) => Assert.Single(Read(
        "a.eml", [.. Encoding.ASCII.GetBytes($"From: m@mill.example\nContent-Type: text/html; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n"), .. page]));

    static List<RawArticle> Read(string name, byte[] bytes, string? contentType = null)
    {
        using var stream = new MemoryStream(bytes);
        return [.. InputFiles.Read(stream, new RawArticle(name, ArticleForm.Text, default, ArticleMetadata.None, "file"), new InputLimits(1 << 20), contentType)];
    }
}
