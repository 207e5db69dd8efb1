using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Reading;

namespace Ingest.Core.Tests;

/// <summary>A database's export of several documents is as many articles.</summary>
public class ArticlePartsTests
{
    static readonly DateTimeOffset Now = new(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);
    static readonly Normaliser Normaliser = new();

    public static TheoryData<string> Exports() => [.. SampleArticles.Exports()];

    [Theory, MemberData(nameof(Exports))]
    public void Each_document_of_an_export_comes_out_as_expected(string name)
    {
        var parts = ArticleParts.Of(Text(Path.GetFileName(name), SampleArticles.Text(name)));
        Assert.Equal(SampleArticles.ExpectedOf(name).Select(e => e.GetProperty("id").GetString()), parts.Select(p => p.Id));
        foreach (var (expected, part) in SampleArticles.ExpectedOf(name).Zip(parts))
        {
            var article = Normaliser.Normalise(part).Article;
            Assert.NotNull(article);
            SampleExpectation.Holds(expected, article);
        }
    }

    [Theory, MemberData(nameof(Exports))]
    public void The_parts_are_the_whole_and_have_no_parts(string name)
    {
        var text = SampleArticles.Text(name);
        var parts = ArticleParts.Of(Text("a", text));
        Assert.Equal(text, string.Concat(parts.Select(p => RawReader.Text(p))));
        Assert.All(parts, p => Assert.Equal([p], ArticleParts.Of(p)));
    }

    [Fact]
    public void One_article_is_itself()
    {
        foreach (var name in SampleArticles.Names())
        {
            var raw = Text(name, SampleArticles.Text(name));
            Assert.Same(raw, ArticleParts.Of(raw).Single());
        }
    }

    [Fact]
    public void What_is_known_of_an_export_is_known_of_each_part()
    {
        var parts = ArticleParts.Of(Record("box/1", """{"text":TEXT,"feed":"archive","language":"en","id":"own"}"""));
        Assert.Equal([("own", "box/1"), ("own#2", "box/1#2")], parts.Select(p => (p.Id, p.Name)));
        Assert.All(parts, p => Assert.Equal(("archive", "en"), (p.Metadata.Feed, p.Metadata.Language)));
        Assert.All(parts, p => Assert.Equal(("archive", null), (RawReader.Read(p).Metadata.Feed, RawReader.Read(p).Rejection)));
    }

    [Theory]
    [InlineData("\"headline\":\"Two gates\"")]
    [InlineData("\"bylines\":[\"Anna Weir\"]")]
    [InlineData("\"dateline\":\"HULL\"")]
    [InlineData("\"published\":\"2021-03-03\"")]
    public void Who_names_what_only_one_article_has_says_that_it_is_one(string field)
    {
        var raw = Record("a", $$"""{"text":TEXT,{{field}}}""");
        Assert.Same(raw, ArticleParts.Of(raw).Single());
    }

    [Fact]
    public void Parts_without_an_id_are_named_by_the_first()
    {
        var all = Submission.AllOf(Text("", Two), "a delivery", Now);
        var first = all[0].ArticleId.ToString();
        Assert.Equal([first, $"{first}#2"], all.Select(s => s.Id));
        Assert.Equal(2, all.Select(s => s.ArticleId).Distinct().Count());
        Assert.Equal(all.Select(s => s.ArticleId), Submission.AllOf(Text("", Two), "a delivery", Now.AddDays(1)).Select(s => s.ArticleId));
        Assert.NotEqual(all.Select(s => s.ArticleId), Submission.AllOf(Text("", Two), "another", Now).Select(s => s.ArticleId));
    }

    [Fact]
    public void One_that_is_no_export_is_submitted_as_ever()
    {
        var raw = Text("kaldvik/1", "The ferry sailed again.");
        Assert.Equal(Submission.Of(raw, "d", Now).ArticleId, Submission.AllOf(raw, "d", Now).Single().ArticleId);
    }

    [Fact]
    public void A_page_is_one_whatever_it_shows()
    {
        var page = JsonSerializer.Serialize($"<p>{Two.Trim().ReplaceLineEndings("\n").Replace("\n\n", "</p><p>", StringComparison.Ordinal)}</p>");
        var raw = new RawArticle("a", ArticleForm.Record, Encoding.UTF8.GetBytes($$"""{"html":{{page}},"feed":"archive"}"""), ArticleMetadata.None, "file");
        Assert.Equal(2, ArticleParts.Of(Text("a", RawReader.Text(raw))).Count);
        Assert.Same(raw, ArticleParts.Of(raw).Single());
        Assert.Same(raw, ArticleParts.Of(raw, RawReader.Read(raw)).Single());
    }

    [Theory, MemberData(nameof(Exports))]
    public void What_was_read_already_is_divided_alike(string name)
    {
        var raw = Text("a", SampleArticles.Text(name));
        Assert.Equal(
            ArticleParts.Of(raw).Select(p => (p.Id, RawReader.Text(p))), ArticleParts.Of(raw, RawReader.Read(raw)).Select(p => (p.Id, RawReader.Text(p))));
    }

    [Fact]
    public void An_export_in_another_encoding_is_divided_too()
    {
        var parts = ArticleParts.Of(new RawArticle("a", ArticleForm.Text, new byte[] { 0xff, 0xfe }.Concat(Encoding.Unicode.GetBytes(Two)).ToArray(), ArticleMetadata.None, "file"));
        Assert.Equal(["a", "a#2"], parts.Select(p => p.Id));
    }

    [Fact]
    public void Only_so_many_parts_are_made()
    {
        var text = string.Concat(Enumerable.Range(1, ArticleParts.Most + 5).Select(i => Document(i, ArticleParts.Most + 5)));
        var parts = ArticleParts.Of(Text("a", text));
        Assert.Equal(ArticleParts.Most, parts.Count);
        Assert.Equal(text, string.Concat(parts.Select(p => RawReader.Text(p))));
    }

    [Fact]
    public void What_divides_inside_a_text_makes_no_article_of_its_halves()
    {
        var text = Document(1, 1).Replace("Ships were", "End of Document\n\nShips were", StringComparison.Ordinal);
        Assert.Single(ArticleParts.Of(Text("a", text)));
    }

    [Theory]
    [InlineData("1 of 2 DOCUMENTS\n\n"), InlineData("____________________\n\nx\n\n"), InlineData("AN Document ABCDEF0020210303eabc00001\nx\n")]
    [InlineData("LENGTH: 1 words\n\n"), InlineData("c\n"), InlineData("1111111111111111111111111111111111111111 "), InlineData("c                    ")]
    public void Time_grows_with_the_length_alone(string line)
    {
        var text = Document(1, 2) + string.Concat(Enumerable.Repeat(line, 2_000_000 / line.Length)) + Document(2, 2);
        var clock = Stopwatch.StartNew();
        ArticleParts.Of(Text("a", text));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{clock.Elapsed}");
    }

    static string Two => Document(1, 2) + Document(2, 2);

    static string Document(int number, int of) => $"""
                                       {number} of {of} DOCUMENTS

                                       Harbour Sentinel

                                    March 3, 2021 Wednesday

        Gate {number} opens

        BYLINE: Anna Weir

        LENGTH: 20 words

        The gate opened again on Monday after three weeks of repairs.

        Ships were waiting in a long line outside the breakwater.

        LOAD-DATE: March 4, 2021


        """;

    static RawArticle Text(string id, string text) => RawArticle.OfText(id, text);

    static RawArticle Record(string name, string json) => new(
        name, ArticleForm.Record, Encoding.UTF8.GetBytes(json.Replace("TEXT", JsonSerializer.Serialize(Two), StringComparison.Ordinal)), ArticleMetadata.None, "file");
}
