using System.Text;
using Ingest.Core.Articles;
using Ingest.Core.Forms;
using Ingest.Core.Forms.Tables;
using Ingest.Core.Inputs;

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
        var columns = ColumnMap.Parse("text=spalte, headline=Year");
        var row = Assert.Single(TextTable.Read(Stream("year,spalte,body\n2026,x,no"), File, EntrySample.Limits with { Columns = columns }));
        Assert.Equal(("2026", "x"), (row.Metadata.Headline, EntrySample.Text(row)));
        Assert.Null(columns.Missing());
    }

    [Theory]
    [InlineData("[{\"tekst\": \"One.\", \"kop\": \"H\"}]", "x.json")]
    [InlineData("{\"tekst\": \"One.\", \"kop\": \"H\"}\n", "x.jsonl")]
    [InlineData("{\"text\": \"No.\", \"tekst\": \"One.\", \"kop\": \"H\"}", "x.json")]
    [InlineData("{\"fields\": {\"tekst\": \"One.\", \"kop\": \"H\"}}", "-")]
    public void Members_of_records_may_be_given_by_name(string json, string name)
    {
        var columns = ColumnMap.Parse("text=tekst,headline=kop");
        var record = Assert.Single(InputFiles.Read(Stream(json), File with { Name = name }, EntrySample.Limits with { Columns = columns }));
        Assert.Equal(("H", "One."), (record.Metadata.Headline, EntrySample.Text(record)));
        Assert.Null(columns.Missing());
    }

    [Fact]
    public void A_record_without_a_member_that_was_given_stays_as_it_is()
    {
        var columns = ColumnMap.Parse("headline=kop");
        var records = InputFiles.Read(Stream("{\"text\": \"One.\", \"headline\": \"H\"}\n{\"text\": \"Two.\", \"kop\": \"K\"}"), File with { Name = "x.jsonl" }, EntrySample.Limits with { Columns = columns }).ToList();
        Assert.Equal([ArticleForm.Record, ArticleForm.Text], records.Select(r => r.Form));
        Assert.Equal("K", records[1].Metadata.Headline);
    }

    [Fact]
    public void A_table_in_an_archive_is_read_by_the_same_names()
    {
        var packed = new MemoryStream();
        using (var zip = new System.IO.Compression.ZipArchive(packed, System.IO.Compression.ZipArchiveMode.Create, leaveOpen: true))
        {
            using var member = zip.CreateEntry("in/t.csv").Open();
            member.Write("kop,tekst\nH,One."u8);
        }

        packed.Position = 0;
        var row = Assert.Single(InputFiles.Read(packed, File with { Name = "x.zip" }, EntrySample.Limits with { Columns = ColumnMap.Parse("text=tekst,headline=kop") }));
        Assert.Equal("H", row.Metadata.Headline);
    }

    [Fact]
    public void A_column_that_nothing_has_is_named_with_those_that_there_are()
    {
        var columns = ColumnMap.Parse("text=spalte,headline=kop");
        Assert.Contains("There is no table", columns.Missing(), StringComparison.Ordinal);
        Assert.Single(TextTable.Read(Stream("titel,spalte\nA,x"), File, EntrySample.Limits with { Columns = columns }));
        Assert.Equal("headline=kop: no table or record in JSON has a column 'kop'. There are 'spalte', 'titel'.", columns.Missing());
    }

    [Theory]
    [InlineData("headlin=kop", "there is no field 'headlin'")]
    [InlineData("text=a,text=b", "'text' is given twice")]
    [InlineData("text=a,headline=A", "'A' is given for two fields")]
    [InlineData("text", "'text' is not FIELD=COLUMN")]
    [InlineData("text=a,", "'' is not FIELD=COLUMN")]
    [InlineData("text=", "'text=' is not FIELD=COLUMN")]
    public void A_mistake_in_the_names_is_named(string given, string fault) =>
        Assert.Contains(fault, Assert.Throws<FormatException>(() => ColumnMap.Parse(given)).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_field_that_may_be_given_is_one_that_names_tell() =>
        Assert.All(ColumnMap.Fields, f => Assert.Equal((f, 0), ColumnNames.Of(f)));

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
