using System.Text;
using Ingest.Core.Articles;
using Ingest.Core.Forms;
using Ingest.Core.Inputs;

namespace Ingest.Core.Tests.Forms;

/// <summary>A file that is JSON by its name, and what people put into such files: it is never a text.</summary>
public class JsonFileTests
{
    const string One = """{"id":"one","text":"The mill reopens."}""", Two = """{"id":"two","text":"The ferry stops."}""";

    /// <summary>A program's settings, a list of names, an answer that found nothing: they have no article, and are none.</summary>
    [Theory]
    [InlineData("""{"text": "The mill reopens.", "id": }""", "(byte 36)")]
    [InlineData("{\n  \"id\": \"one\",\n  \"text\": \"The mill\n reopens.\"\n}", "(line 3, byte 19)")]
    [InlineData("""{"id":"one","text":"The mill reop""", "It is not JSON")]
    [InlineData("The mill reopens, as the town had hoped, in May.", "(byte 0)")]
    [InlineData("""["The mill reopens.", "The ferry stops."]""", "It is no JSON object")]
    [InlineData("\"The mill reopens.\"", "It is no JSON object")]
    [InlineData("[]", "It is no JSON object")]
    [InlineData("{}", "no \"text\"")]
    [InlineData("""{"name": "mill", "version": "1.0.0", "scripts": {"test": "none"}}""", "no \"text\"")]
    [InlineData("""{"status": "ok", "articles": []}""", "no \"text\"")]
    public void What_is_no_article_is_refused_by_name(string json, string why)
    {
        foreach (var name in (string[])["a.json", "A.JSON", "a.ninjs"])
        {
            var article = Assert.Single(Read(name, json));
            Assert.Equal(RejectionReason.MalformedRecord, article.Refused!.Reason);
            Assert.Contains(why, article.Refused.Detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(One)]
    [InlineData("\ufeff" + One + "\n")]
    [InlineData("\r\n{\n  \"id\": \"one\",\n  \"text\": \"The mill reopens.\"\n}\n")]
    public void One_record_is_an_article(string json)
    {
        var article = Assert.Single(Read("a.json", json));
        Assert.Null(article.Refused);
        Assert.Equal(ArticleForm.Record, article.Form);
        Assert.Contains("The mill reopens.", Encoding.UTF8.GetString(article.Content.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void Records_on_lines_are_articles_and_one_that_is_broken_is_none()
    {
        var articles = Read("a.json", $"{One}\n{{\"id\":\"broken\",\"text\":}}\n{Two}\n");
        Assert.Equal(["a.json#one", "a.json#2", "a.json#two"], articles.Select(a => a.Id));
        Assert.Equal([false, true, false], articles.Select(a => a.Refused is not null));
    }

    [Fact]
    public void The_first_of_records_on_lines_may_be_the_broken_one()
    {
        var articles = Read("a.json", $"{{\"id\":\"broken\",\"text\":\"The mill reop\n{One}\n{Two}\n");
        Assert.Equal([true, false, false], articles.Select(a => a.Refused is not null));
        Assert.Equal(["a.json#one", "a.json#two"], articles.Skip(1).Select(a => a.Id));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_begins_behind_much_white_space_is_no_text_either(bool isRecord)
    {
        var article = Assert.Single(Read("a.json", new string(' ', 2 * InputForm.LookAhead) + (isRecord ? One : "The mill reopens.")));
        Assert.Equal(isRecord, article.Refused is null);
        Assert.NotEqual((ArticleForm.Text, true), (article.Form, article.Refused is null));
    }

    /// <summary>Behind the bytes by which a form is recognised, too.</summary>
    [Fact]
    public void A_list_that_begins_late_is_found()
    {
        var articles = Read("a.json", $$"""{"status":"ok","query":"{{new string('q', 2 * InputForm.LookAhead)}}","articles":[{{One}},{{Two}}]}""");
        Assert.Equal(["a.json#one", "a.json#two"], articles.Select(a => a.Id));
        Assert.All(articles, a => Assert.Null(a.Refused));
    }

    [Fact]
    public void Nothing_is_an_empty_article_and_a_page_is_a_page()
    {
        Assert.Equal(ArticleForm.Text, Assert.Single(Read("a.json", " \n")).Form);
        Assert.Equal(ArticleForm.Html, Assert.Single(Read("a.json", "<!doctype html><title>Not found</title>")).Form);
    }

    static List<RawArticle> Read(string name, string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return [.. InputFiles.Read(stream, new RawArticle(name, ArticleForm.Text, default, ArticleMetadata.None, name), new InputLimits(1 << 20))];
    }
}
