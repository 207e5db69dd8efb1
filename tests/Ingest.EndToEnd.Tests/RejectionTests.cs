using System.Text;
using System.Text.Json.Nodes;
using static Ingest.EndToEnd.Tests.Workplace;

namespace Ingest.EndToEnd.Tests;

/// <summary>Bad input ends in a named rejection, and never stops what stands beside it.</summary>
public sealed class RejectionTests : IDisposable
{
    readonly Workplace at = new();

    public void Dispose() => at.Dispose();

    public static TheoryData<string, byte[]> BadLines() => new()
    {
        { "a list", "[1,2]"u8.ToArray() },
        { "a null text", "{\"text\":null}"u8.ToArray() },
        { "a number for a text", "{\"text\":5}"u8.ToArray() },
        { "no text", "{\"id\":\"5\",\"body\":\"x\"}"u8.ToArray() },
        { "a null", "null"u8.ToArray() },
        { "plain words", "MOSCOW (AP) -- plain words"u8.ToArray() },
        { "cut short", "{\"id\":\"1\",\"text\":\"cut sho"u8.ToArray() },
        { "a token of a megabyte", Encoding.UTF8.GetBytes(new string('7', 1 << 20)) },
        { "nested too deeply", Encoding.UTF8.GetBytes(new string('[', 100_000)) },
        { "nested too deeply in an object", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"text\":", 100_000))) },
        { "an id that is an object", "{\"id\":{},\"text\":\"x\"}"u8.ToArray() },
        { "binary data", [0x7b, 0, 1, 2, 3, 0xff, 0xfe, 0, 0, 1, 1, 1, 1, 1] },
    };

    [Theory]
    [MemberData(nameof(BadLines))]
    public void A_malformed_record_is_rejected_by_its_line_and_the_others_go_on(string what, byte[] line)
    {
        _ = what;
        at.Write("in.jsonl", [.. Encoding.UTF8.GetBytes(Record("first", "Bree")), .. line, (byte)'\n', .. Encoding.UTF8.GetBytes(Record("last", "Cove"))]);
        var run = at.Run("run", "in.jsonl", "--output", "-");
        Assert.Equal((0, ""), (run.Exit, run.Errors));
        Assert.Equal(["first", "in.jsonl:2", "last"], run.Lines.Select(l => (string)l["id"]!));
        Assert.Equal(["canonical", "rejected", "duplicate"], run.Lines.Select(l => (string)l["outcome"]!));
        var rejection = run.Lines[1]["rejection"]!;
        Assert.Equal("malformed-record", (string)rejection["reason"]!);
        // Where it stood is its id.
        Assert.StartsWith("It", (string)rejection["detail"]!, StringComparison.Ordinal);
        Assert.True(((string)rejection["detail"]!).Length < 400);
    }

    [Theory]
    [InlineData("lone surrogates", """{"id":"odd","text":"The old mill \ud800 opened again on Monday \udc00, with shelves where the rollers stood."}""")]
    [InlineData("a zero", """{"id":"odd","text":"The old mill \u0000 opened again on Monday, with shelves where the rollers stood."}""")]
    [InlineData("a mark", "\ufeff{\"id\":\"odd\",\"text\":\"The old mill opened again on Monday, with shelves where the rollers stood.\"}")]
    [InlineData("an unknown field", """{"id":"odd","text":"The old mill opened again on Monday, with shelves where the rollers stood.","x":{"y":[1]}}""")]
    [InlineData("a strange date", """{"id":"odd","published":"last Friday","text":"The old mill opened again on Monday, with shelves where the rollers stood."}""")]
    public void An_odd_record_is_no_malformed_one(string what, string line)
    {
        _ = what;
        at.Write("in.jsonl", line + "\n\n \n" + Record("last", "Cove"));
        var run = at.Run("run", "in.jsonl", "--output", "-");
        Assert.Equal(["odd", "last"], run.Lines.Select(l => (string)l["id"]!));
        Assert.All(run.Lines, l => Assert.NotEqual("rejected", (string)l["outcome"]!));
        Assert.Null((string?)run.Lines[0]["article"]!["published"]);
    }

    [Fact]
    public void A_record_that_is_not_UTF8_is_read_as_Windows_1252()
    {
        at.Write("in.jsonl", [.. "{\"id\":\"odd\",\"text\":\"The old caf"u8, 0xe9, .. " opened again on Monday, with shelves where the rollers stood.\"}\n"u8]);
        var line = at.Run("run", "in.jsonl", "--output", "-").Lines.Single();
        Assert.Contains("café", (string)line["article"]!["body"]![0]!, StringComparison.Ordinal);
        Assert.Contains("Windows-1252", (string)line["notes"]![0]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_file_gets_an_outcome()
    {
        at.Write("1-empty.txt", "");
        at.Write("2-blank.txt", " \n\t\r\n\u00a0\n");
        at.Write("3-picture.txt", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);
        at.Write("4-document.txt", "%PDF-1.7\n%âãÏÓ\n1 0 obj\n");
        at.Write("5-good.txt", Article("Bree"));
        var run = at.Run("run", ".", "--output", "-");
        Assert.Equal(0, run.Exit);
        Assert.Equal(["empty", "empty", "binary", "binary", null], run.Lines.Select(l => (string?)l["rejection"]?["reason"]));
    }

    [Fact]
    public async Task What_is_too_large_is_rejected_in_bounded_memory()
    {
        var huge = new string('a', 1 << 20) + "\n";
        at.Write("1.txt", string.Concat(Enumerable.Repeat(huge, 17)));
        at.Write("2.txt.gz", string.Concat(Enumerable.Repeat(huge, 600)));
        at.Write("3.jsonl", new JsonObject { ["text"] = string.Concat(Enumerable.Repeat(huge, 17)) }.ToJsonString() + "\n" + Record("last", "Bree"));
        at.Write("4.txt", string.Concat(Enumerable.Repeat(huge, 5)));
        // The collector takes what the machine has, unless it is told otherwise. Held as a whole, the second file would not fit in by far.
        at.Environment["DOTNET_GCHeapHardLimit"] = "0x14000000";
        using var process = at.Start(false, "run", ".", "--output", "-");
        long peak = 0;
        var output = process.StandardOutput.ReadToEndAsync();
        while (!process.WaitForExit(20))
        {
            try
            {
                process.Refresh();
                peak = Math.Max(peak, process.WorkingSet64);
            }
            catch (InvalidOperationException)
            {
                // It ended in between: there is nothing more to measure.
            }
        }

        var lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!).ToList();
        Assert.Equal(["too-large", "too-large", "too-large", null, "too-large"], lines.Select(l => (string?)l["rejection"]?["reason"]));
        Assert.True(peak < 400L << 20, $"{peak >> 20} MiB");
    }

    [Fact]
    public void The_limit_can_be_set()
    {
        at.Write("a.txt", Article("Bree"));
        var rejection = at.Run("run", "a.txt", "--max-size", "100", "--output", "-").Lines.Single()["rejection"]!;
        Assert.Equal("too-large", (string)rejection["reason"]!);
        Assert.Contains("100", (string)rejection["detail"]!, StringComparison.Ordinal);
    }
}
