using System.Text;
using System.Text.Json.Nodes;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>faults.md, row 16: malformed JSON, empty body, [1,2], null fields, wrong content type, invalid UTF-8, lone surrogates, BOM, U+0000; a named rejection or clean handling.</summary>
[Collection(SharedServing.Tests.Name)]
public sealed class Row16MalformedInputTests(SharedServing shared)
{
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("{\"text\":\"a\"")]
    [InlineData("{\"text\":\"a\"}}")]
    [InlineData("{'text':'a'}")]
    [InlineData("[1,2]")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("\"text\"")]
    [InlineData("{}")]
    [InlineData("{\"text\":null}")]
    [InlineData("{\"text\":1}")]
    [InlineData("{\"text\":[\"a\"]}")]
    [InlineData("{\"Text\":\"a\"}")]
    [InlineData("{\"id\":{},\"text\":\"a\"}")]
    [InlineData("{\"text\":\"a\",\"articles\":[{\"text\":\"b\"}]}")]
    [InlineData("{\"headline\":1,\"text\":\"a\"}")]
    [InlineData("{\"bylines\":[null],\"text\":\"a\"}")]
    [InlineData("{\"text\":\"\\x\"}")]
    [InlineData("{\"text\":\"\\ud800\\u\"}")]
    [InlineData("{\"\\ud800\":1,\"text\":\"a\"}")]
    [InlineData("{\"te\\udc00\":1,\"id\":\"a\"}")]
    [InlineData("{\"bylines\":[{\"\\ud800abc\":1}],\"text\":\"a\"}")]
    [InlineData("{\"text\":\"a\nb\"}")]
    [InlineData("{\"text\":NaN}")]
    [InlineData("// a comment\n{\"text\":\"a\"}")]
    public async Task What_is_no_record_is_refused_by_name(string body)
    {
        var server = shared.Server;
        var before = Book.Count(shared.Ledger, "articles");
        var answer = await server.Post("/v1/articles", "application/json", body);
        Assert.Equal((400, "malformed-record"), (answer.Status, answer.Problem));
        Assert.DoesNotContain("Exception", answer.Body, StringComparison.Ordinal);

        if (!body.Contains('\n') && !string.IsNullOrWhiteSpace(body))
        {
            var lines = await server.Submit($"{body}\n{Workplace.RecordOf("r16-good", Workplace.Text(Workplace.Paragraphs(16_000)))}{body}\n");
            Assert.Equal([(1, 400), (2, 202), (3, 400)], lines.Select(l => ((int)l["line"]!, (int)l["status"]!)));
            Assert.Equal("/problems/malformed-record", (string)lines[0]["problem"]!["type"]!);
        }

        Assert.InRange(Book.Count(shared.Ledger, "articles") - before, 0, 1);
    }

    /// <summary>A list of records is a file with several articles; in a batch each line is one.</summary>
    [Fact]
    public async Task A_list_of_records_is_as_many_articles()
    {
        var server = shared.Server;
        var answer = await server.Post("/v1/articles", "application/json", "[{\"id\":\"r16-a\",\"text\":\"One.\"},{\"id\":\"r16-b\",\"text\":\"Two.\"}]");
        Assert.Equal(202, answer.Status);
        Assert.Contains("r16-b", answer.Body, StringComparison.Ordinal);
        var lines = await server.Submit("[{\"text\":\"a\"}]\n");
        Assert.Equal(400, (int)lines[0]["status"]!);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("image/png")]
    [InlineData("application/pdf")]
    [InlineData("application/octet-stream")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/x-ndjson")]
    [InlineData("nonsense")]
    public async Task Another_content_type_is_refused_by_name(string? type)
    {
        var answer = await shared.Server.Post("/v1/articles", type, "{\"text\":\"a\"}");
        Assert.Equal((415, "unsupported-media-type"), (answer.Status, answer.Problem));
        if (type != "application/x-ndjson")
            answer = await shared.Server.Post("/v1/articles:batch", type, "{\"text\":\"a\"}");
        Assert.Equal((415, "unsupported-media-type"), (answer.Status, answer.Problem));
    }

    [Fact]
    public async Task Fields_that_are_null_are_not_given()
    {
        var body = Workplace.Text(Workplace.Paragraphs(16_001));
        var state = await shared.Server.Decided(new JsonObject { ["id"] = null, ["headline"] = null, ["bylines"] = null, ["agency"] = null, ["published"] = null, ["other"] = null, ["text"] = body });
        Assert.Equal("canonical", (string)state["outcome"]!["outcome"]!);
        Assert.Equal((string)state["articleId"]!, (string)state["id"]!);
        Assert.Null(state["outcome"]!["article"]!["agency"]);
    }

    [Theory]
    [InlineData("\u0000")]
    [InlineData("\\u0000")]
    [InlineData("\\ud800")]
    [InlineData("\\udc00\\ud800")]
    [InlineData("\\ud83d\\ude00")]
    [InlineData("\u0085")]
    [InlineData("\ufeff")]
    [InlineData("\uffff")]
    public async Task Odd_characters_in_a_text_are_handled_cleanly(string odd)
    {
        var server = shared.Server;
        var paragraphs = Workplace.Paragraphs(16_500 + odd.Sum(c => c), 4);
        var name = $"r16-odd-{odd.Sum(c => c)}";
        var json = $"{{\"id\":\"{name}{odd}\",\"headline\":\"A headline{odd} of it\",\"text\":\"{string.Join("\\n\\n", paragraphs)} A last{odd} word.\"}}";
        var answer = await server.Post("/v1/articles", "application/json", json);
        if (odd == "\u0000")
        {
            // No JSON may have it unescaped.
            Assert.Equal((400, "malformed-record"), (answer.Status, answer.Problem));
            return;
        }

        var state = await server.Settled(answer.ArticleId);
        Assert.Equal("canonical", (string)state["outcome"]!["outcome"]!);
        Assert.Contains(paragraphs[1], state["outcome"]!["article"]!["body"]!.AsArray().Select(p => (string)p!));
        // The same again is the same article, and its copy is a copy.
        Assert.True((bool)(await server.Post("/v1/articles", "application/json", json)).Json["known"]!);
        Assert.Equal("exact", (string)(await server.Decided($"{name}-copy", string.Join("\n\n", paragraphs) + " A last word."))["outcome"]!["story"]!["relation"]! is var relation && relation is "exact" or "near" ? "exact" : relation);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-8 with a mark")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-16 without a mark")]
    [InlineData("windows-1252")]
    public async Task Plain_text_in_the_encodings_of_news_desks(string encoding)
    {
        const string Umlauts = "„Größe“ – sagte Müller, ändert nichts.";
        var text = Workplace.Text([.. Workplace.Paragraphs(16_200 + encoding.Length + encoding[^1]), Umlauts]);
        var bytes = encoding switch
        {
            "utf-8" => Encoding.UTF8.GetBytes(text),
            "utf-8 with a mark" => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)],
            "utf-16" => [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)],
            "utf-16BE" => [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(text)],
            "utf-16 without a mark" => Encoding.Unicode.GetBytes(text),
            _ => CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetBytes(text),
        };
        var answer = await shared.Server.Post("/v1/articles", "text/plain", bytes);
        var state = await shared.Server.Settled(answer.ArticleId);
        Assert.Equal(Umlauts, (string)state["outcome"]!["article"]!["body"]!.AsArray()[^1]!);
        Assert.Equal(encoding.StartsWith("utf-8", StringComparison.Ordinal), state["outcome"]!["notes"]!.AsArray().Count == 0);
    }

    [Fact]
    public async Task Invalid_utf_8_in_json_is_read_as_windows_1252_and_noted()
    {
        var paragraphs = Workplace.Paragraphs(16_300);
        byte[] body = [.. Encoding.UTF8.GetBytes($"{{\"text\":\"{string.Join("\\n\\n", paragraphs)} M"), 0xfc, .. "ller said so.\"}"u8];
        var state = await shared.Server.Settled((await shared.Server.Post("/v1/articles", "application/json", body)).ArticleId);
        Assert.EndsWith("Müller said so.", (string)state["outcome"]!["article"]!["body"]!.AsArray()[^1]!, StringComparison.Ordinal);
        Assert.Contains("Windows-1252", (string)Assert.Single(state["outcome"]!["notes"]!.AsArray())!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 422, "empty")]
    [InlineData(" \n", 422, "empty")]
    [InlineData("\ufeff", 422, "empty")]
    [InlineData("%PDF-1.7 and so on", 415, "binary")]
    public async Task Plain_text_that_is_none_is_refused_by_name(string body, int status, string problem)
    {
        var answer = await shared.Server.Post("/v1/articles", "text/plain; charset=utf-8", body);
        Assert.Equal((status, problem), (answer.Status, answer.Problem));
    }

    [Fact]
    public async Task A_json_body_may_begin_with_a_mark()
    {
        var answer = await shared.Server.Post("/v1/articles", "application/json; charset=utf-8", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Workplace.RecordOf("r16-bom", Workplace.Text(Workplace.Paragraphs(16_400))))]);
        Assert.Equal("r16-bom", (string)(await shared.Server.Settled(answer.ArticleId))["id"]!);
    }

    [Theory]
    [InlineData("GET", "/v1/articles/none", 404, "not-found")]
    [InlineData("GET", "/v1/articles/00000000-0000-0000-0000-000000000000", 404, "not-found")]
    [InlineData("GET", "/v1/articles/..%2f..%2fetc%2fpasswd", 404, "not-found")]
    [InlineData("GET", "/v1/stories/00000000-0000-0000-0000-000000000000", 404, "not-found")]
    [InlineData("GET", "/nothing", 404, "not-found")]
    [InlineData("GET", "/v1/events?after=-1", 400, "invalid-parameter")]
    [InlineData("GET", "/v1/events?after=x", 400, "invalid-parameter")]
    [InlineData("GET", "/v1/events?after=99999999999999999999", 400, "invalid-parameter")]
    [InlineData("GET", "/v1/events?after=1&after=2", 400, "invalid-parameter")]
    [InlineData("GET", "/v1/events?limit=0", 400, "invalid-parameter")]
    [InlineData("GET", "/v1/events?limit=1001", 400, "invalid-parameter")]
    [InlineData("GET", "/v1/events?wait=61", 400, "invalid-parameter")]
    [InlineData("GET", "/v1/stories?since=yesterday", 400, "invalid-parameter")]
    [InlineData("GET", "/v1/stories?since=12:00", 400, "invalid-parameter")]
    [InlineData("GET", "/v1/stories?since=01/02/2024", 400, "invalid-parameter")]
    [InlineData("GET", "/v1/stories?q=%00", 400, "invalid-parameter")]
    [InlineData("PUT", "/v1/articles", 405, "method-not-allowed")]
    [InlineData("DELETE", "/v1/articles/00000000-0000-0000-0000-000000000000", 405, "method-not-allowed")]
    [InlineData("POST", "/nothing", 404, "not-found")]
    [InlineData("GET", "/v1/stories?limit=0", 400, "invalid-parameter")]
    [InlineData("GET", "/v1/stories?before=0", 400, "invalid-parameter")]
    public async Task Every_fault_of_a_request_has_a_type(string method, string path, int status, string problem)
    {
        var answer = await shared.Server.Send(new HttpMethod(method), path, null);
        Assert.Equal((status, problem), (answer.Status, answer.Problem));
    }
}
