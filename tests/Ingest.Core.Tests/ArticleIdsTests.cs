using System.Text;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Reading;

namespace Ingest.Core.Tests;

/// <summary>An article's id is the same for ever. The ids below are those that the first program gave.</summary>
public class ArticleIdsTests
{
    const string Ferry = "The ferry sailed again.";

    static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    [Theory]
    [InlineData("17a069d0-23f2-53be-9bb1-dde30b08d8e9", """{"id":"kaldvik/1","text":"The ferry sailed again."}""")]
    [InlineData("ef7f1c4e-5dcb-5051-bd83-bc6599c27773", """{"id":"kaldvik/2","text":"The ferry sailed again.","url":"https://kaldvik.example/a?b=1&c=2","feed":"wire","headline":"Größe <b>\"окно\"</b>","bylines":["Anna Weir","Ole Dahl"],"agency":"dpa","publisher":"Kaldvik Post","dateline":"OSLO","published":"2026-03-01","received":"2026-03-01T10:00:00Z","language":"en"}""")]
    [InlineData("de59ca8a-d8aa-51d2-a69f-4cb9b7362515", """{"id":"kaldvik/3","text":"The ferry sailed again.","received":"2026-03-01T10:00:00Z"}""")]
    [InlineData("59baf54e-0f36-5317-bde3-d5aa80194b35", """{"id":17,"text":"The ferry sailed again."}""")]
    [InlineData("41cf80f9-02e4-5806-8713-51904affbc53", """{"id":"a\u0000b","text":"nul \u0000 half \ud83d pair \ud83d\ude00 \u2028 \"quoted\""}""")]
    [InlineData("ed95c17b-eb59-5c82-abd3-67ca10499bbb", """{"id":"kaldvik/6","text":""}""")]
    public void A_record_has_the_id_that_it_always_had(string id, string record) => Assert.Equal(new Guid(id), Of(record));

    /// <summary>Whoever sends on what was read sends the same article.</summary>
    [Fact]
    public void What_reading_had_to_mend_does_not_count()
    {
        Assert.Equal(Of("""{"id":"kaldvik/4","text":"The ferry sailed again."}"""), Of("""{"id":"kaldvik/4","text":"The ferry sailed again.","published":"yesterday"}"""));
        const string Cafe = """{"id":"kaldvik/5","text":"Das Café öffnet.","headline":"Größe"}""";
        Assert.Equal(Of(Cafe), Of(ArticleForm.Record, "", Windows1252.GetBytes(Cafe), null));
        Assert.Equal(Of(ArticleForm.Text, "news/cafe.txt", Utf8("Das Café öffnet."), null), Of(ArticleForm.Text, "news/cafe.txt", Windows1252.GetBytes("Das Café öffnet."), null));
    }

    [Fact]
    public void A_text_has_the_id_that_it_always_had()
    {
        Assert.Equal(new Guid("a794badf-0aeb-563e-aca9-c6d1a89a1475"), Of(ArticleForm.Text, "news/ferry.txt", Utf8(Ferry), null));
        Assert.Equal(new Guid("02a00445-bd6b-5758-be4d-c85c7734e8f9"), Of(ArticleForm.Text, "", Utf8(Ferry), "key-1"));
        Assert.Equal(new Guid("e9410fe6-b669-5198-8150-6c5fe0bab43c"), Of(ArticleForm.Text, "", Utf8(Ferry), null));
    }

    [Fact]
    public void A_record_without_an_id_is_told_by_its_delivery_or_its_place()
    {
        Assert.Equal(new Guid("3b812310-fcb9-5466-9e7c-e20bedc2a054"), Of(ArticleForm.Record, "", Utf8("""{"text":"The ferry sailed again.","feed":"wire"}"""), "00112233445566778899aabbccddeeff/2"));
        Assert.Equal(new Guid("05fc0ff3-b54a-59d8-9680-c5ab7a6e1b2e"), Of(ArticleForm.Record, "news/all.jsonl:3", Utf8("""{"text":"The ferry sailed again."}"""), null));
        Assert.Equal(new Guid("de69a844-3624-5ac7-8aee-8bfbfbd8fc64"), Of(ArticleForm.Record, "", Utf8("""{"text":5}"""), "key-2"));
    }

    [Fact]
    public void The_event_of_an_article_has_the_id_that_it_always_had() =>
        Assert.Equal(new Guid("ffdfe6cc-7fc6-5b22-97f4-dc26d5c433d9"), ArticleIds.EventOf(new Guid("00112233-4455-6677-8899-aabbccddeeff")));

    [Fact]
    public void A_text_and_a_record_of_it_are_one_article() =>
        Assert.Equal(Of(ArticleForm.Text, "kaldvik/1", Utf8(Ferry), null), Of("""{ "text": "The ferry sailed again.", "id": "kaldvik/1", "more": [1, 2] }"""));

    [Fact]
    public void When_it_was_received_and_who_sent_it_do_not_count()
    {
        var id = Of("""{"id":"1","text":"The ferry sailed again.","feed":"wire"}""");
        Assert.Equal(id, Of("""{"id":"1","text":"The ferry sailed again.","feed":"wire","received":"2026-03-01"}"""));
        Assert.Equal(id, Of("""{"id":"1","text":"The ferry sailed again.","feed":"wire","received":"2026-03-02"}"""));
        Assert.Equal(id, Of(ArticleIds.DefaultCollection, new RawArticle("beside", ArticleForm.Record, Utf8("""{"id":"1","text":"The ferry sailed again."}"""), ArticleMetadata.None with { Feed = "wire" }, "http"), "a delivery"));
    }

    [Fact]
    public void Everything_else_counts()
    {
        string[] records =
        [
            """{"id":"1","text":"a"}""", """{"id":"2","text":"a"}""", """{"id":"1","text":"b"}""", """{"id":"1","text":"a","url":"x"}""", """{"id":"1","text":"a","feed":"x"}""",
            """{"id":"1","text":"a","headline":"x"}""", """{"id":"1","text":"a","bylines":["x"]}""", """{"id":"1","text":"a","bylines":[]}""", """{"id":"1","text":"a","agency":"x"}""",
            """{"id":"1","text":"a","publisher":"x"}""", """{"id":"1","text":"a","dateline":"x"}""", """{"id":"1","text":"a","published":"2026"}""",
            """{"id":"1","text":"a","language":"x"}""", """{"text":"a"}""",
        ];
        Assert.Equal(records.Length, records.Select(Of).Distinct().Count());
    }

    [Fact]
    public void Parts_are_not_mistaken_for_one_another()
    {
        Guid[] ids =
        [
            Of(ArticleForm.Text, "a", Utf8("b"), null), Of(ArticleForm.Text, "a b", Utf8(""), null), Of(ArticleForm.Text, "", Utf8("a b"), null), Of(ArticleForm.Text, "", Utf8("b"), "a"),
            Of(ArticleForm.Text, "a : b", Utf8(""), null), Of(ArticleForm.Text, "a", Utf8(" : b"), null), Of(ArticleForm.Text, "", Utf8("b"), ""),
        ];
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void Each_collection_has_ids_of_its_own()
    {
        var raw = RawArticle.OfText("kaldvik/1", Ferry);
        Guid[] ids = [Of("default", raw, null), Of("archive", raw, null), Of("Archive", raw, null), Of("", raw, null)];
        Assert.Equal(new Guid("17a069d0-23f2-53be-9bb1-dde30b08d8e9"), ids[0]);
        Assert.Equal(4, ids.Distinct().Count());
        Assert.Equal(ids[1], Of("archive", raw, "a delivery"));
    }

    /// <summary>The example of the standard (RFC 9562, appendix A.4).</summary>
    [Fact]
    public void Named_ids_are_those_of_the_standard() =>
        Assert.Equal(new Guid("2ed6657d-e927-568b-95e1-2665a8aea6a2"), NamedId.Of(new Guid("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "www.example.com"));

    static Guid Of(string record) => Of(ArticleForm.Record, "", Utf8(record), null);

    static Guid Of(ArticleForm form, string id, byte[] content, string? delivery) => Of(ArticleIds.DefaultCollection, new RawArticle(id, form, content, ArticleMetadata.None, "http"), delivery);

    static Guid Of(string collection, RawArticle raw, string? delivery)
    {
        var submission = Submission.Of(raw, delivery, default, collection);
        Assert.Equal(submission.ArticleId, ArticleIds.Of(collection, raw, RawReader.Read(raw), delivery));
        return submission.ArticleId;
    }

    static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
