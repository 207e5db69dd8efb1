using System.Text;
using Ingest.Core.Articles;
using Ingest.Core.Forms;
using Ingest.Core.Forms.Tables;

namespace Ingest.Core.Tests.Forms;

public class TableTests
{
    static readonly RawArticle File = new("t.csv", ArticleForm.Text, default, ArticleMetadata.None, "file");

    [Theory]
    [InlineData("title,body\nA,\"one, two\"")]
    [InlineData("\ufefftitle;body\r\nA;one, two\r\n")]
    [InlineData("title\tbody\nA\tone, two")]
    [InlineData("\"title\"|\"body\"\n\"A\"|\"one, two\"")]
    [InlineData("sep=#\ntitle#body\nA#one, two")]
    public void The_delimiter_is_told_by_the_first_row(string table)
    {
        var row = Assert.Single(Read(table));
        Assert.Equal(("t.csv#1", "A", "one, two"), (row.Id, row.Metadata.Headline, EntrySample.Text(row)));
    }

    [Fact]
    public void Between_tabs_a_quote_may_be_the_texts_own() =>
        Assert.Equal(["\"Hi,\" she said", "A\nB"], Read("id\ttext\n1\t\"Hi,\" she said\n2\tA\\nB\n").Select(EntrySample.Text));

    [Fact]
    public void Columns_are_known_by_what_others_call_them()
    {
        var row = Assert.Single(Read("Article_ID,Title,Authors,Pub Date,Source,Lang,Link,Category,Content\n7,A &amp; B,Anna Berg; Tom Hill,\"Mar 3, 2026\",Harbour Post,en-GB,https://h.example/7,World,<p>One.</p>"));
        Assert.Equal(("t.csv#7", "A & B", "2026-03-03", "Harbour Post"), (row.Id, row.Metadata.Headline, row.Metadata.Published, row.Metadata.Publisher));
        Assert.Equal(("en", "https://h.example/7", "World", ArticleForm.Html), (row.Metadata.Language, row.Metadata.Url, row.Metadata.Section, row.Form));
        Assert.Equal(["Anna Berg", "Tom Hill"], row.Metadata.Bylines!);
    }

    [Fact]
    public void A_table_without_a_text_names_its_columns()
    {
        var refused = Assert.Single(Read("year,spalte\n2026,x")).Refused!;
        Assert.Equal(RejectionReason.MalformedRecord, refused.Reason);
        Assert.Contains("\"year\", \"spalte\"", refused.Detail, StringComparison.Ordinal);
        Assert.Contains("--columns text=", refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_may_be_given_by_name()
    {
        var columns = new Dictionary<string, string> { ["text"] = "spalte", ["headline"] = "year" };
        var row = Assert.Single(TextTable.Read(Stream("year,spalte,body\n2026,x,no"), File, EntrySample.Limits, columns));
        Assert.Equal(("2026", "x"), (row.Metadata.Headline, EntrySample.Text(row)));
    }

    [Fact]
    public void A_row_without_a_text_is_refused_and_the_next_is_read() =>
        Assert.Equal([RejectionReason.Empty, null], Read("id,text\n1,\n2,x").Select(r => r.Refused?.Reason));

    [Fact]
    public void A_table_is_read_as_it_is_asked_for()
    {
        var endless = new Endless();
        Assert.Equal(3, TextTable.Read(endless, File, EntrySample.Limits).Take(3).Count());
        Assert.InRange(endless.Given, 1, 8L << 20);
    }

    [Fact]
    public void A_quote_that_is_never_closed_ends_the_table_by_name()
    {
        var rows = Read("id,text\n1,\"" + new string('x', 20 << 20));
        Assert.Equal(RejectionReason.MalformedRecord, Assert.Single(rows).Refused?.Reason);
    }

    [Theory]
    [InlineData("x.csv", null, true)]
    [InlineData("x.TSV", null, true)]
    [InlineData("x", "text/csv", true)]
    [InlineData("x.txt", null, false)]
    public void A_table_is_known_by_its_name_or_type(string name, string? type, bool isTable) =>
        Assert.Equal(isTable, TextTable.Recognises(new InputStart("title,text"u8.ToArray(), name, type)));

    [Fact]
    public void A_record_of_ours_goes_on_as_it_is()
    {
        var records = Json("""[{"id": "a", "text": "One."}, {"text": 5 5}, {"text": "Three.", "x": [1, {"y": "]"}]}]""");
        Assert.Equal(["t.csv#a", "t.csv#2", "t.csv#3"], records.Select(r => r.Id));
        Assert.Equal([ArticleForm.Record, ArticleForm.Text, ArticleForm.Record], records.Select(r => r.Form));
        Assert.Equal("""{"id": "a", "text": "One."}""", Encoding.UTF8.GetString(records[0].Content.Span));
        Assert.NotNull(records[1].Refused);
    }

    [Fact]
    public void A_record_of_others_is_read_by_its_names()
    {
        var record = Assert.Single(Json("""{"status": "ok", "articles": [{"source": {"id": null, "name": "Harbour Post"}, "author": "Anna Berg", "title": "T", "url": "https://h.example/", "publishedAt": "2026-03-03T14:05:09Z", "content": "Text."}]}"""));
        Assert.Equal(("T", "Harbour Post", "2026-03-03T14:05:09+00:00", "Text."),
            (record.Metadata.Headline, record.Metadata.Publisher, record.Metadata.Published, EntrySample.Text(record)));
    }

    [Fact]
    public void What_stands_within_a_record_is_read_where_it_says_more()
    {
        var record = Assert.Single(Json("""{"response": {"results": [{"id": "w/1", "webTitle": "T", "webPublicationDate": "2026-03-03T10:00:00Z", "fields": {"headline": "H", "byline": "Anna Berg", "trailText": "No.", "body": "<p>Yes.</p>"}}]}}"""));
        Assert.Equal(("t.csv#w/1", "T", ArticleForm.Html, "Yes."), (record.Id, record.Metadata.Headline, record.Form, EntrySample.Text(record)));
    }

    [Theory]
    [InlineData("{\"id\": 1, \"text\": \"x\", \"summary\": \"y\", \"headline\": \"z\"}", ArticleForm.Record)]
    [InlineData("{\"text\": \"x\", \"headline\": \"y\", \"image\": {\"title\": \"z\"}}", ArticleForm.Record)]
    [InlineData("{\"text\": \"x\", \"title\": \"y\"}", ArticleForm.Text)]
    public void A_record_is_ours_where_all_that_is_known_has_our_names(string record, ArticleForm form) =>
        Assert.Equal(form, Assert.Single(Json($"[{record}]")).Form);

    [Fact]
    public void A_record_of_a_search_engine_is_what_stands_within_it()
    {
        var record = Assert.Single(Json("""{"hits": {"hits": [{"_id": "9", "_source": {"title": "T", "body": "B"}}]}}"""));
        Assert.Equal(("t.csv#9", "T", null, "B"), (record.Id, record.Metadata.Headline, record.Metadata.Publisher, EntrySample.Text(record)));
    }

    [Fact]
    public void Many_members_of_one_name_are_no_harm()
    {
        var members = string.Concat(Enumerable.Repeat("\"author\": \"Anna Berg\", ", 100_000));
        Assert.Equal(["Anna Berg"], Assert.Single(Json("[{" + members + "\"content\": \"x\"}]")).Metadata.Bylines!);
    }

    [Fact]
    public void Records_on_lines_may_be_damaged()
    {
        var records = Json("{\"title\": \"A\", \"body\": [\"One.\", \"Two.\"]}\n{\"title\": \"B\", \"body\": \"Thr\n{\"title\": \"C\", \"body\": \"Four.\"}\n");
        Assert.Equal(["A", null, "C"], records.Select(r => r.Metadata.Headline));
        Assert.Equal("One.\n\nTwo.", EntrySample.Text(records[0]));
    }

    [Theory]
    [InlineData("[ {\"text\": \"x\"", true)]
    [InlineData("{\"totalResults\": 2, \"articles\": [{\"title\"", true)]
    [InlineData("{\"response\": {\"status\": \"ok\", \"results\": [{\"id\"", true)]
    [InlineData("{\"title\": \"x\", \"content\": \"y\"}", true)]
    [InlineData("{\"text\": \"x\", \"title\": \"y\"}", false)]
    [InlineData("{\"_id\": {\"$oid\": \"65a1\"}, \"text\": \"x", true)]
    [InlineData("{\"id\": {\"number\": 1}, \"text\": \"x", false)]
    [InlineData("{\"title\": \"x\", \"summary\": \"y\"}", false)]
    [InlineData("[1, 2]", false)]
    [InlineData("[Harbour Post] Text", false)]
    public void A_list_of_records_is_known_by_its_beginning(string beginning, bool isTable) =>
        Assert.Equal(isTable, JsonTable.Recognises(new InputStart(Encoding.UTF8.GetBytes(beginning), "x.json")));

    static List<RawArticle> Json(string json) => [.. JsonTable.Read(Stream(json), File, EntrySample.Limits)];

    static List<RawArticle> Read(string table) => [.. TextTable.Read(Stream(table), File, EntrySample.Limits)];

    static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>A table that has no end; it counts what was read of it.</summary>
    sealed class Endless : MemoryStream
    {
        long at;

        public long Given => at;

        /// <summary>It has no beginning to go back to.</summary>
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer)
        {
            for (var i = 0; i < buffer.Length; i++)
                buffer[i] = at++ < 8 ? "id,text\n"u8[(int)at - 1] : "7,Some text.\n"u8[(int)((at - 9) % 13)];
            return buffer.Length;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    }
}
