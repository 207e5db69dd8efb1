using Ingest.Core.Inputs;
using System.Text;
using Ingest.Core.Articles;
using Ingest.Core.Forms;

namespace Ingest.Core.Tests.Forms;

/// <summary>What in a mail is an article.</summary>
public class MailTests
{
    static readonly string Story = string.Concat(Enumerable.Repeat("The old mill at Orrin Bridge opened again on Monday. ", 8));

    [Fact]
    public void What_a_mail_says_of_itself_is_said_of_its_article()
    {
        var article = Assert.Single(Read("a.eml", Mail("1", Story)));
        Assert.Equal("a.eml#1@mill.example", article.Id);
        Assert.Equal(("Mill reopens", "Orrin Press", "2024-03-04T09:12:00+01:00"), (article.Metadata.Headline, article.Metadata.Publisher, article.Metadata.Published));
    }

    [Theory]
    [InlineData("Fwd: Mill reopens", "Mill reopens")]
    [InlineData("WG: AW: Mill reopens", "Mill reopens")]
    [InlineData("Mill: it reopens", "Mill: it reopens")]
    public void A_subject_is_a_headline_without_the_marks_of_mail(string subject, string headline) =>
        Assert.Equal(headline, Assert.Single(Read("a.eml", Mail("1", Story).Replace("Mill reopens", subject, StringComparison.Ordinal))).Metadata.Headline);

    [Fact]
    public void A_file_of_several_mails_is_as_many_articles() => Assert.Equal(
        ["a#1@mill.example", "a#2@mill.example"],
        Read("a", $"From m@mill.example Mon Mar  4 09:12:00 2024\n{Mail("1", Story)}\nFrom m@mill.example Mon Mar  4 09:13:00 2024\n{Mail("2", Story)}").Select(a => a.Id));

    [Fact]
    public void A_story_above_a_forwarded_mail_is_one_too()
    {
        string Forward(string above) =>
            $"From: m@mill.example\nMessage-ID: <0@mill.example>\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n{above}\n--b\nContent-Type: message/rfc822\n\n{Mail("1", Story)}\n--b--\n";
        Assert.Equal(["a.eml#0@mill.example", "a.eml#1@mill.example"], Read("a.eml", Forward(Story)).Select(a => a.Id));
        Assert.Equal(["a.eml#1@mill.example"], Read("a.eml", Forward("See below.")).Select(a => a.Id));
    }

    [Fact]
    public void Mails_in_mails_end_somewhere()
    {
        var mail = new StringBuilder();
        for (var i = 0; i < 2000; i++)
            mail.Append("Content-Type: message/rfc822\n\n");
        Assert.All(Read("a.eml", mail + Mail("1", Story)), a => Assert.NotNull(a.Refused));
    }

    [Fact]
    public void A_mail_without_text_is_refused_by_name() => Assert.Contains(
        "no text", Assert.Single(Read("a.eml", "From: m@mill.example\nContent-Type: application/pdf\n\nJVBERi0=\n")).Refused!.Detail, StringComparison.Ordinal);

    static string Mail(string id, string text) =>
        $"From: Orrin Press <m@mill.example>\nSubject: Mill reopens\nDate: Mon, 4 Mar 2024 09:12:00 +0100\nMessage-ID: <{id}@mill.example>\n\n{text}\n";

    static List<RawArticle> Read(string name, string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return [.. InputFiles.Read(stream, new RawArticle(name, ArticleForm.Text, default, ArticleMetadata.None, "file"), new InputLimits(1 << 20))];
    }
}
