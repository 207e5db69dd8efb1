using Ingest.Core.Articles;

namespace Ingest.Core.Tests;

/// <summary>What is known of an article beside its text, as it is stored and as it counts for the article's id: the form never changes.</summary>
public class ArticleMetadataTests
{
    static readonly ArticleMetadata Full = new(
        "https://skarsundtimes.example/a?b=1&c=2", "wire", "Größe <b>\"окно\"</b>\n", ["Anna Weir", ""], "dpa", "Skarsund Times", "OSLO", "2021-03-03", "2021-03-03T10:00:00Z", "no")
    {
        Section = "Havn", Slugline = "HARBOUR-OPEN/", Version = "2", Status = "withheld", Urgency = 3, Embargo = "2021-03-04T06:00:00Z", UsageTerms = "Not for <local> use", Copyright = "© 2021 dpa",
    };

    [Fact]
    public void Every_field_comes_back()
    {
        Assert.DoesNotContain(typeof(ArticleMetadata).GetProperties(), p => p.GetValue(Full) is null or System.Collections.ICollection { Count: 0 });
        Same(Full, ArticleMetadata.FromJson(Full.ToJson()));
        ArticleMetadata[] single = [ArticleMetadata.None with { Bylines = [] }, ArticleMetadata.None with { Language = "no" }, ArticleMetadata.None with { Url = "" }, ArticleMetadata.None with { Feed = "a\0b\u2028" }];
        foreach (var one in single)
            Same(one, ArticleMetadata.FromJson(one.ToJson()));
    }

    [Fact]
    public void Nothing_given_is_null()
    {
        Assert.Null(ArticleMetadata.None.ToJson());
        Assert.Null((ArticleMetadata.None with { Feed = null }).ToJson());
        Same(ArticleMetadata.None, ArticleMetadata.FromJson(null));
        Same(ArticleMetadata.None, ArticleMetadata.FromJson("{}"));
    }

    /// <summary>Names, their order and what is escaped: the earlier program wrote the same, and made its ids of it.</summary>
    [Fact]
    public void It_reads_well()
    {
        Assert.Equal(
            """{"feed":"wire","headline":"Größe & <окно>","bylines":["Anna Weir"]}""",
            (ArticleMetadata.None with { Feed = "wire", Headline = "Größe & <окно>", Bylines = ["Anna Weir"] }).ToJson());
        Assert.Equal(
            """
            {"url":"https://skarsundtimes.example/a?b=1&c=2","feed":"wire","headline":"Größe <b>\"окно\"</b>\n","bylines":["Anna Weir",""],"agency":"dpa","publisher":"Skarsund Times","dateline":"OSLO","published":"2021-03-03","received":"2021-03-03T10:00:00Z","language":"no"}
            """,
            (Full with { Section = null, Slugline = null, Version = null, Status = null, Urgency = null, Embargo = null, UsageTerms = null, Copyright = null }).ToJson());
        Assert.EndsWith(
            ""","language":"no","section":"Havn","slugline":"HARBOUR-OPEN/","version":"2","status":"withheld","urgency":3,"embargo":"2021-03-04T06:00:00Z","usageTerms":"Not for <local> use","copyright":"© 2021 dpa"}""",
            Full.ToJson(), StringComparison.Ordinal);
        Assert.Equal("""{"feed":"\u0000\u2028\uD83D\uDE00"}""", (ArticleMetadata.None with { Feed = "\0\u2028\ud83d\ude00" }).ToJson());
    }

    [Fact]
    public void Halves_of_surrogate_pairs_become_the_replacement_character()
    {
        var read = ArticleMetadata.FromJson((ArticleMetadata.None with { Headline = "a\ud83d b\udc00", Bylines = ["\ud83d\ude00", "\ud83d"] }).ToJson());
        Assert.Equal("a\ufffd b\ufffd", read.Headline);
        Assert.Equal(["\ud83d\ude00", "\ufffd"], read.Bylines);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{\"url\":1}")]
    [InlineData("{\"urgency\":\"3\"}")]
    [InlineData("{\"url\":\"a")]
    [InlineData("{\"url\":\"a\"} {}")]
    [InlineData("{\"bylines\":[null]}")]
    [InlineData("{\"bylines\":[1]}")]
    [InlineData("{\"bylines\":{}}")]
    [InlineData("{\"url\":\"\\ud83d\"}")]
    [InlineData("{\"\\ud83d\":1}")]
    public void Damaged_metadata_is_named(string json) => Assert.Throws<FormatException>(() => ArticleMetadata.FromJson(json));

    /// <summary>Not as an attribute, which loses halves of surrogate pairs.</summary>
    [Fact]
    public void Half_of_a_surrogate_pair_in_the_JSON_is_named() => Assert.Throws<FormatException>(() => ArticleMetadata.FromJson("{\"url\":\"\ud83d\"}"));

    [Fact]
    public void A_name_of_a_later_version_is_passed_over() => Assert.Equal("wire", ArticleMetadata.FromJson("""{"later":[1],"feed":"wire","notes":["a note"]}""").Feed);

    static void Same(ArticleMetadata expected, ArticleMetadata actual)
    {
        foreach (var property in typeof(ArticleMetadata).GetProperties())
            Assert.Equal(property.GetValue(expected), property.GetValue(actual));
    }
}
