using System.Text.Json.Nodes;
using System.Xml.Linq;
using Ingest.Contracts.Tests;
using static Ingest.EndToEnd.Tests.Workplace;

namespace Ingest.EndToEnd.Tests;

/// <summary>What others read: the contract's outcomes, and ninjs.</summary>
public sealed class OutputTests : IDisposable
{
    const string NinjsSchema = "standards/ninjs-schema_3.1.json";

    readonly Workplace at = new();

    public void Dispose() => at.Dispose();

    [SchemaFact]
    public void The_outcomes_of_the_seeds_are_valid_by_the_contract()
    {
        at.Write("odd.jsonl", "[1]\n{\"text\":\"\"}\n" + Record("1", "Bree"));
        Assert.Equal(0, at.Run("run", Repository.PathTo("seeds"), "odd.jsonl", "--output", "out.jsonl").Exit);
        Assert.Equal("", SchemaCheck.Faults(Repository.PathTo("contracts", "schemas", "v1", "article-outcome.schema.json"), at.PathTo("out.jsonl")));
    }

    [NinjsFact]
    public void The_ninjs_of_the_seeds_is_valid_by_its_standard()
    {
        at.Write("wild.jsonl", Wild());
        Assert.Equal(0, at.Run("run", Repository.PathTo("seeds"), "wild.jsonl", "--format", "ninjs", "--output", "out.jsonl").Exit);
        Assert.NotEmpty(File.ReadAllText(at.PathTo("out.jsonl")));
        Assert.Equal("", SchemaCheck.Faults(Repository.Shared(NinjsSchema) ?? NinjsSchema, at.PathTo("out.jsonl")));
    }

    [Fact]
    public void Ninjs_holds_what_the_article_holds()
    {
        at.Write("wild.jsonl", Wild());
        var item = at.Run("run", "wild.jsonl", "--format", "ninjs", "--output", "-").Lines.Single();
        Assert.Equal("urn:ingest:article:wild%20id%2F1%20%3C%C3%A9%3E", (string)item["uri"]!);
        Assert.Equal("2024-03-04T09:30:00+01:00", (string)item["versionCreated"]!);
        Assert.Equal("A. Writer, B. Writer", (string)item["by"]!);
        Assert.Equal(["AFP/agency", "Orrin Herald/publisher"], item["infoSources"]!.AsArray().Select(s => $"{s!["name"]}/{s["role"]}"));
        Assert.Equal("Mill <b>&amp; more</b>", (string)item["headlines"]![0]!["value"]!);
        var (xhtml, plain) = (item["bodies"]![0]!, item["bodies"]![1]!);
        Assert.Equal(("application/xhtml+xml", "text/plain"), ((string)xhtml["contentType"]!, (string)plain["contentType"]!));
        var body = XElement.Parse((string)xhtml["value"]!, LoadOptions.PreserveWhitespace);
        Assert.Equal(((string)plain["value"]!).Replace("\ufffe", "", StringComparison.Ordinal), string.Join("\n\n", body.Descendants().Where(e => !e.HasElements).Select(e => e.Value)));
        Assert.Contains("<script>alert(1)</script> & more", (string)plain["value"]!, StringComparison.Ordinal);
        Assert.Equal(("withheld", 3, "2024-03-05T06:00:00+01:00"), ((string)item["pubStatus"]!, (int)item["urgency"]!, (string)item["embargoedUntil"]!));
        Assert.Equal("picture", (string)item["associations"]![0]!["type"]!);
        Assert.Equal("Piet Doorn / AFP", (string)item["associations"]![0]!["by"]!);
    }

    [SchemaFact]
    public void The_pairs_of_the_seeds_are_valid_by_the_contract()
    {
        Assert.Equal(0, at.Run("run", Repository.PathTo("seeds"), "--format", "pairs", "--output", "pairs.jsonl").Exit);
        Assert.Equal(15, File.ReadAllLines(at.PathTo("pairs.jsonl")).Length);
        Assert.Equal("", SchemaCheck.Faults(Repository.PathTo("contracts", "schemas", "v1", "article-pair.schema.json"), at.PathTo("pairs.jsonl")));
    }

    [Fact]
    public void Pairs_name_each_copy_and_what_it_is_a_copy_of()
    {
        List<string> paragraphs = Paragraphs(71, 8), other = Paragraphs(72, 8);
        at.Write("feed.jsonl", RecordOf("whole", Text(paragraphs)) + RecordOf("alone", Text(other)) + RecordOf("again \u202e<é>", Text(paragraphs))
            + RecordOf("brief", Text(paragraphs.Take(3))) + "{\"text\":\"\"}\n");
        var pairs = at.Run("run", "feed.jsonl", "--format", "pairs").Lines;
        Assert.Equal(["again \u202e<é>/whole/exact/whole", "brief/whole/excerpt/whole"], pairs.Select(p => $"{p["id"]}/{p["matched"]}/{p["relation"]}/{p["canonical"]}"));
        // What a pair says, the outcome of its article says too.
        var joined = at.Run("run", "feed.jsonl", "--output", "-").Lines.Where(o => (string?)o["story"]?["relation"] is not null);
        Assert.Equal(
            joined.Select(o => $"{o["articleId"]} {o["story"]!["matchedArticleId"]} {o["story"]!["id"]} {o["story"]!["canonicalArticleId"]} {o["story"]!["resemblance"]} {o["story"]!["containment"]}"),
            pairs.Select(p => $"{p["articleId"]} {p["matchedArticleId"]} {p["storyId"]} {p["canonicalArticleId"]} {p["resemblance"]} {p["containment"]}"));
    }

    [Fact]
    public void A_Parquet_table_goes_to_a_file_or_a_pipe_and_not_to_a_screen()
    {
        at.Write("wild.jsonl", Wild());
        Assert.Equal((0, ""), Shell($"'{Executable}' run wild.jsonl --format parquet -o out.parquet && '{Executable}' run wild.jsonl --format parquet | cmp - out.parquet"));
        Assert.Equal("PAR1"u8.ToArray(), File.ReadAllBytes(at.PathTo("out.parquet"))[..4]);
        Assert.Equal("PAR1"u8.ToArray(), File.ReadAllBytes(at.PathTo("out.parquet"))[^4..]);
        if (!File.Exists("/usr/bin/script"))
            return;
        foreach (var output in (string[])["", "-o -", "-o /dev/stdout"])
        {
            var (exit, screen) = Shell($"script -qec \"'{Executable}' run wild.jsonl --format parquet {output}\" /dev/null");
            Assert.Equal(2, exit);
            Assert.EndsWith("ingest: --format parquet is not for a screen. Give --output FILE, or redirect standard output.", screen.Trim(), StringComparison.Ordinal);
        }
    }

    (int Exit, string Output) Shell(string command)
    {
        using var shell = at.StartProgram("/bin/sh", false, "-c", command);
        var output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return (shell.ExitCode, output);
    }

    static string Wild() => new JsonObject
    {
        ["id"] = "wild id/1 <é>",
        ["headline"] = "Mill <b>&amp; more</b>",
        ["bylines"] = new JsonArray("A. Writer", "B. Writer"),
        ["agency"] = "AFP",
        ["publisher"] = "Orrin Herald",
        ["url"] = "not a url at all",
        ["published"] = "Mon, 04 Mar 2024 09:30:00 +0100",
        ["section"] = "<Coast>",
        ["slugline"] = "MILL/",
        ["version"] = 2,
        ["status"] = "withheld",
        ["urgency"] = 3,
        ["embargo"] = "Tue, 05 Mar 2024 06:00:00 +0100",
        ["usageTerms"] = "Not for \"Orrin\"",
        ["copyright"] = "© 2024 AFP",
        ["text"] = "The old mill opened <script>alert(1)</script> & more on Monday, with shelves where the rollers stood.\n\nPhoto: Piet Doorn / AFP\n\nAbout 300 people came \ufffe to see it in the rain, the town said \"in a statement\" on Monday.\n",
    }.ToJsonString() + "\n";

    [AttributeUsage(AttributeTargets.Method)]
    sealed class NinjsFactAttribute : FactAttribute
    {
        public NinjsFactAttribute() => Skip = SchemaCheck.Missing
            ?? (Repository.Shared(NinjsSchema) is null && !Repository.OnCi ? $"needs the ninjs schema at ../shared/{NinjsSchema}" : null);
    }
}
