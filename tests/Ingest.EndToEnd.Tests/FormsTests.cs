using System.IO.Compression;
using System.Text;
using Ingest.EndToEnd.Tests.Serve;
using static Ingest.EndToEnd.Tests.Workplace;

namespace Ingest.EndToEnd.Tests;

/// <summary>Archives and mails through the ways in; what is in them is tested in the core.</summary>
[Collection(SharedServing.Tests.Name)]
public sealed class FormsTests(SharedServing shared) : IDisposable
{
    readonly Workplace at = new();

    public void Dispose() => at.Dispose();

    [Fact]
    public void A_run_reads_what_is_in_archives_and_mail_folders()
    {
        at.Write("in/a.zip", Zip(("one.txt", Article("Bree")), ("deep/two.jsonl", Record("two", "Cove"))));
        at.Write("in/box/cur/1.host:2,S", Mail("1@m.example", "Dell"));
        at.Write("in/box/new/2.host", Mail("2@m.example", "Dune"));
        at.Write("in/cur/readme", "No mail folder.");
        at.Write("in/b.eml.gz", Mail("3@m.example", "Eden"));
        var run = at.Run("run", "in", "--output", "-");
        Assert.Equal((0, ""), (run.Exit, run.Errors));
        Assert.Equal(
            [
                ("in/a.zip#one.txt", "Mill at Bree reopens as a library"), ("two", "Mill at Cove reopens as a library"), ("in/b.eml.gz#3@m.example", "Mill at Eden reopens"),
                ("in/box/cur/1.host:2,S#1@m.example", "Mill at Dell reopens"), ("in/box/new/2.host#2@m.example", "Mill at Dune reopens"),
            ],
            run.Lines.Select(l => ((string)l["id"]!, (string)l["article"]!["headline"]!)));
    }

    [Fact]
    public void Standard_input_may_be_an_archive() => Assert.Equal(
        ["-#one.txt", "-#two.txt"],
        at.Run(Zip(("one.txt", Article("Bree")), ("two.txt", Article("Cove"))), "run", "-", "--output", "-").Lines.Select(l => (string)l["id"]!));

    [Fact]
    public void What_is_damaged_in_an_archive_is_rejected_by_name()
    {
        at.Write("a.zip", Zip(("inner.zip", "PK\u0003\u0004 and no more"), ("b.txt", Article("Bree")), ("c.txt", "%PDF-1.7")));
        var run = at.Run("run", "a.zip", "--output", "-");
        Assert.Equal([("a.zip#inner.zip", "rejected"), ("a.zip#b.txt", "canonical"), ("a.zip#c.txt", "rejected")], run.Lines.Select(l => ((string)l["id"]!, (string)l["outcome"]!)));
    }

    [Fact]
    public async Task An_archive_over_HTTP_is_as_many_articles()
    {
        var answer = await shared.Server.Post("/v1/articles", "application/zip", Zip(("h/1.txt", Article("Fleet")), ("h/2.txt", Article("Goole")), ("h.jpg", "no")));
        Assert.Equal(202, answer.Status);
        Assert.Equal("h/1.txt", (string)answer.Json["id"]!);
        Assert.Equal("h/2.txt", (string)answer.Json["others"]!.AsArray().Single()!["id"]!);
        Assert.Equal("Mill at Fleet reopens as a library", (string)(await shared.Server.Settled(answer.ArticleId))["outcome"]!["article"]!["headline"]!);
    }

    [Fact]
    public async Task A_mail_over_HTTP_is_an_article()
    {
        var answer = await shared.Server.Post("/v1/articles", "message/rfc822", Mail("h@m.example", "Hythe"));
        Assert.Equal("h@m.example", (string)answer.Json["id"]!);
        Assert.Equal("Mill at Hythe reopens", (string)(await shared.Server.Settled(answer.ArticleId))["outcome"]!["article"]!["headline"]!);
    }

    [Fact]
    public async Task An_archive_with_a_part_that_is_refused_is_refused_by_the_name_of_the_part()
    {
        var answer = await shared.Server.Post("/v1/articles", "application/zip", Zip(("r/1.txt", Article("Ilkley")), ("r/2.txt", " ")));
        Assert.Equal((422, "empty"), (answer.Status, answer.Problem));
        Assert.StartsWith("r/2.txt: ", (string)answer.Json["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/zip", "no archive", 400, "malformed-record")]
    [InlineData("application/gzip", "no archive", 400, "malformed-record")]
    [InlineData("application/xml", "no XML", 400, "malformed-record")]
    [InlineData("text/html", "%PDF-1.7", 415, "binary")]
    public async Task What_is_not_what_its_type_says_is_refused(string type, string body, int status, string problem)
    {
        var answer = await shared.Server.Post("/v1/articles", type, body);
        Assert.Equal((status, problem), (answer.Status, answer.Problem));
    }

    [Theory]
    [InlineData("run", "--output", "-")]
    [InlineData("run", "--output", "-", "--stream")]
    [InlineData("submit")]
    public void Columns_are_what_the_command_line_says(string command, params string[] options)
    {
        at.Write("a.csv", Table("Ely"));
        at.Write("b.jsonl", """{"kop":"Mill at Esk reopens","tekst":"The old mill at Esk opened again on Monday, with shelves where the rollers stood."}""");
        if (command == "submit")
            options = ["--to", shared.Server.Url];
        var done = at.Run([command, "a.csv", "b.jsonl", "--columns", "headline=Kop, text=tekst", .. options]);
        Assert.Equal((0, ""), (done.Exit, done.Errors));
        if (command == "submit")
            Assert.Equal("2 articles: 2 accepted, 0 already known, 0 refused.\n", done.Output);
        else
            Assert.Equal(["Mill at Ely reopens", "Mill at Esk reopens"], done.Lines.Select(l => (string)l["article"]!["headline"]!));
    }

    [Theory]
    [InlineData("run", "headlin=kop", "there is no field 'headlin'")]
    [InlineData("run", "text=kop,text=tekst", "the field 'text' is given twice")]
    [InlineData("run", "text=tekst,headline=kopp", "no table or record in JSON has a column 'kopp'. There are 'tekst', 'kop'.")]
    [InlineData("submit", "text=tekst,headline=kopp", "no table or record in JSON has a column 'kopp'. There are 'tekst', 'kop'.")]
    public void A_mistake_in_the_columns_is_a_usage_error_and_nothing_is_done(string command, string columns, string told)
    {
        at.Write("a.csv", Table("Frome"));
        // A port that nobody listens on: nothing is sent.
        var done = at.Run([command, "a.csv", "--columns", columns, .. command == "run" ? ["--output", "out.jsonl"] : new[] { "--to", "http://127.0.0.1:9" }]);
        Assert.Equal((2, ""), (done.Exit, done.Output));
        Assert.Contains(told, done.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(at.PathTo("out.jsonl")));
    }

    [Fact]
    public void A_column_that_standard_input_lacks_is_told_too() =>
        Assert.Equal(2, at.Run(Encoding.UTF8.GetBytes("[{\"tekst\": \"One.\"}]"), "run", "-", "--no-learning", "--output", "-", "--columns", "text=texst").Exit);

    [Theory]
    [InlineData("text/csv", "kop,tekst\nMill at Goole reopens,\"The old mill at Goole opened again on Monday, with shelves where the rollers stood.\"")]
    [InlineData("application/json", """{"kop":"Mill at Goole reopens","tekst":"The old mill at Goole opened again on Monday, with shelves where the rollers stood."}""")]
    public async Task Columns_over_HTTP_are_what_the_query_says(string type, string body)
    {
        var answer = await shared.Server.Post("/v1/articles?columns=text=tekst,headline=kop", type, body, ("Idempotency-Key", $"columns {type}"));
        Assert.Equal("Mill at Goole reopens", (string)(await shared.Server.Settled(answer.ArticleId))["outcome"]!["article"]!["headline"]!);
        var otherwise = await shared.Server.Post("/v1/articles?columns=text=tekst", type, body, ("Idempotency-Key", $"columns {type}"));
        Assert.Equal((422, "idempotency-key-reused"), (otherwise.Status, otherwise.Problem));
        foreach (var wrong in new[] { "text=texst", "texst=tekst", "text" })
            Assert.Equal("invalid-parameter", (await shared.Server.Post($"/v1/articles?columns={wrong}", type, body)).Problem);
    }

    [Fact]
    public async Task A_body_in_Zstandard_is_taken_and_what_is_not_taken_is_answered_with_what_is()
    {
        // One frame with one raw block.
        byte[] Zstd(string text) => [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58, (byte)(text.Length << 3 | 1), (byte)(text.Length >> 5), 0x00, .. Encoding.ASCII.GetBytes(text)];
        var answer = await shared.Server.Send(HttpMethod.Post, "/v1/articles", Packed(Zstd(Article("Hexham")), "zstd"));
        Assert.Equal("Mill at Hexham reopens as a library", (string)(await shared.Server.Settled(answer.ArticleId))["outcome"]!["article"]!["headline"]!);
        answer = await shared.Server.Send(HttpMethod.Post, "/v1/articles", Packed(Zstd("x"), "gzip, zstd"));
        Assert.Equal((415, "unsupported-encoding", "gzip, deflate, br, zstd"), (answer.Status, answer.Problem, string.Join(", ", answer.Headers.GetValues("Accept-Encoding"))));
        // A block of one byte that is repeated 128 KiB times, 4,000 times over.
        byte[] bomb = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58, .. Enumerable.Repeat<byte[]>([0x02, 0x00, 0x10, 0x20], 4000).SelectMany(b => b)];
        answer = await shared.Server.Send(HttpMethod.Post, "/v1/articles", Packed(bomb, "zstd"));
        Assert.Equal((413, "too-large"), (answer.Status, answer.Problem));
        Assert.Contains("times its size", (string)answer.Json["detail"]!, StringComparison.Ordinal);
    }

    static ByteArrayContent Packed(byte[] body, string coding)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("text/plain");
        content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        return content;
    }

    static string Table(string place) => $"tekst;kop\n\"{Paragraph(place)}\";Mill at {place} reopens\n";

    static string Paragraph(string place) => $"The old mill at {place} opened again on Monday, with shelves where the rollers stood.";

    static string Mail(string id, string place) => $"From: Press <p@m.example>\nMessage-ID: <{id}>\nSubject: Mill at {place} reopens\n\n{Article(place)}";

    static byte[] Zip(params (string Path, string Text)[] members)
    {
        var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (path, text) in members)
            {
                using var member = zip.CreateEntry(path).Open();
                member.Write(Encoding.UTF8.GetBytes(text));
            }

        return packed.ToArray();
    }
}
