using Ingest.Core.Articles;
using Ingest.Ledger.Articles;

namespace Ingest.Ledger.Tests.Articles;

public class StoredMetadataTests
{
    static readonly RawArticle Full = new("id", "text")
    {
        Url = "https://skarsundtimes.example/a?b=1&c=2",
        Feed = "wire",
        Headline = "Größe <b>\"окно\"</b>\n",
        Bylines = ["Anna Weir", ""],
        Agency = "dpa",
        Publisher = "Skarsund Times",
        Dateline = "OSLO",
        Published = "2021-03-03",
        Received = "2021-03-03T10:00:00Z",
        Language = "no",
        Notes = ["read as Windows-1252"],
    };

    [Fact]
    public void Every_field_round_trips()
    {
        Assert.DoesNotContain(typeof(RawArticle).GetProperties(), p => p.GetValue(Full) is null or System.Collections.ICollection { Count: 0 });
        Same(Full, StoredMetadata.Read("id", "text", StoredMetadata.Write(Full)));
        foreach (var one in new[] { new RawArticle("id", "text") { Bylines = [] }, new("id", "text") { Language = "no" }, new("id", "text") { Notes = ["x"] } })
            Same(one, StoredMetadata.Read("id", "text", StoredMetadata.Write(one)));
    }

    [Fact]
    public void Nothing_given_is_null()
    {
        Assert.Null(StoredMetadata.Write(new RawArticle("id", "text")));
        Same(new RawArticle("id", "text"), StoredMetadata.Read("id", "text", null));
    }

    [Fact]
    public void It_reads_well() => Assert.Equal(
        """{"feed":"wire","headline":"Größe & <окно>","bylines":["Anna Weir"]}""",
        StoredMetadata.Write(new RawArticle("id", "text") { Feed = "wire", Headline = "Größe & <окно>", Bylines = ["Anna Weir"] }));

    [Fact]
    public void Halves_of_surrogate_pairs_become_the_replacement_character()
    {
        var read = StoredMetadata.Read("id", "text", StoredMetadata.Write(new RawArticle("id", "text") { Headline = "a\ud83d b\udc00", Notes = ["\ud83d\ude00", "\ud83d"] }));
        Assert.Equal("a\ufffd b\ufffd", read.Headline);
        Assert.Equal(["\ud83d\ude00", "\ufffd"], read.Notes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"url\":1}")]
    [InlineData("{\"url\":\"a")]
    [InlineData("{\"notes\":[null]}")]
    [InlineData("{\"url\":\"\\ud83d\"}")]
    [InlineData("{\"bylines\":{}}")]
    public void Damaged_metadata_is_named(string metadata) =>
        Assert.Contains("'id'", Assert.Throws<StoredResultException>(() => StoredMetadata.Read("id", "text", metadata)).Message);

    [Fact]
    public void Half_of_a_surrogate_pair_in_the_JSON_is_named() =>
        Assert.Throws<StoredResultException>(() => StoredMetadata.Read("id", "text", "{\"url\":\"\ud83d\"}"));

    [Fact]
    public void A_name_of_a_later_version_is_passed_over() => Assert.Equal("wire", StoredMetadata.Read("id", "text", """{"later":[1],"feed":"wire"}""").Feed);

    static void Same(RawArticle expected, RawArticle actual)
    {
        foreach (var property in typeof(RawArticle).GetProperties())
            Assert.Equal(property.GetValue(expected), property.GetValue(actual));
    }
}
