using System.Text;
using static Ingest.EndToEnd.Tests.Workplace;

namespace Ingest.EndToEnd.Tests;

/// <summary>Where articles come from, and in which order they come out.</summary>
public sealed class InputTests : IDisposable
{
    readonly Workplace at = new();

    public void Dispose() => at.Dispose();

    [Fact]
    public void A_folder_is_walked_in_the_order_of_its_paths()
    {
        at.Write("news/b.txt", Article("Bree"));
        at.Write("news/a/z.txt", Article("Zell"));
        at.Write("news/c.txt.gz", Article("Cove"));
        at.Write("news/d.jsonl", Record("d1", "Dell") + "\n" + Record("d2", "Dune"));
        at.Write("news/e.jsonl.gz", Record("e1", "Eden"));
        at.Write("news/expected.jsonl", Record("no", "No"));
        at.Write("news/readme.md", "# no");
        var run = at.Run("run", "news", "--output", "-");
        Assert.Equal(0, run.Exit);
        Assert.Equal(["news/a/z.txt", "news/b.txt", "news/c.txt.gz", "d1", "d2", "e1"], run.Lines.Select(l => (string)l["id"]!));
        Assert.All(run.Lines, l => Assert.NotEqual("rejected", (string)l["outcome"]!));
        Assert.Equal("", run.Errors);
    }

    [Fact]
    public void Outcomes_come_in_the_order_of_the_inputs_and_an_id_may_come_twice()
    {
        var names = Enumerable.Range(0, 1000).Select(i => (i % 700).ToString()).ToList();
        at.Write("many.jsonl", string.Concat(names.Select(n => Record(n, "Bree"))));
        var run = at.Run("run", "many.jsonl", "--output", "out.jsonl");
        Assert.Equal((0, "", ""), (run.Exit, run.Output, run.Errors));
        Assert.Equal(names, File.ReadLines(at.PathTo("out.jsonl")).Select(l => (string)System.Text.Json.Nodes.JsonNode.Parse(l)!["id"]!));
    }

    [Fact]
    public void An_export_of_several_documents_is_as_many_articles()
    {
        at.Write("two.txt", Export("Bree", "Cove"));
        at.Write("records.jsonl", $$"""{"id":"r","text":{{System.Text.Json.JsonSerializer.Serialize(Export("Dell", "Dune"))}}}""" + "\n");
        var run = at.Run("run", "two.txt", "records.jsonl", "--output", "-");
        Assert.Equal(0, run.Exit);
        Assert.Equal(
            [("two.txt", "Mill at Bree reopens"), ("two.txt#2", "Mill at Cove reopens"), ("r", "Mill at Dell reopens"), ("r#2", "Mill at Dune reopens")],
            run.Lines.Select(l => ((string)l["id"]!, (string)l["article"]!["headline"]!)));
        Assert.Contains("more than one article", at.Run("explain", "two.txt", "records.jsonl").Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cut.txt.gz"), InlineData("cut.jsonl.gz")]
    public void A_packed_file_that_was_cut_off_is_a_fault_and_not_a_short_one(string name)
    {
        var random = new Random(1);
        var articles = string.Concat(Enumerable.Range(0, 400).Select(i => Record($"{i}", $"Bree {random.Next()}")));
        at.Write(name, name.Contains("jsonl", StringComparison.Ordinal) ? articles : Article("Bree"));
        var whole = File.ReadAllBytes(at.PathTo(name));
        File.WriteAllBytes(at.PathTo(name), whole[..(whole.Length * 3 / 4)]);
        var run = at.Run("run", name, "--output", "-");
        Assert.Equal(1, run.Exit);
        Assert.Contains($"cannot read {name} to its end", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Lines, l => (string?)l["outcome"] == "rejected");
    }

    [Fact]
    public void Standard_input_is_a_text_or_records()
    {
        var text = at.Run(Encoding.UTF8.GetBytes(Article("Bree")), "run", "-", "--output", "-").Lines.Single();
        Assert.Equal(("-", "Mill at Bree reopens as a library"), ((string)text["id"]!, (string)text["article"]!["headline"]!));
        var records = at.Run(Encoding.UTF8.GetBytes("\n" + Record("1", "Bree") + Record("2", "Cove")), "run", "-", "--output", "-");
        Assert.Equal(["1", "2"], records.Lines.Select(l => (string)l["id"]!));
    }

    [Theory]
    [InlineData("utf-16", true, "read as UTF-16")]
    [InlineData("utf-16BE", true, "read as UTF-16, big-endian")]
    [InlineData("utf-16", false, "read as UTF-16 without a byte-order mark")]
    [InlineData("utf-8", true, null)]
    public void Encodings_are_recognised_and_noted(string encoding, bool mark, string? note)
    {
        var name = at.Write("a.txt", [.. mark ? Encoding.GetEncoding(encoding).GetPreamble() : [], .. Encoding.GetEncoding(encoding).GetBytes(Article("Ørsted"))]);
        var line = at.Run("run", name, "--output", "-").Lines.Single();
        Assert.Equal("Mill at Ørsted reopens as a library", (string)line["article"]!["headline"]!);
        Assert.Equal(note is null ? [] : [note], line["notes"]!.AsArray().Select(n => (string)n!));
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-8")]
    public void Records_are_read_in_UTF16_too(string encoding)
    {
        at.Write("a.jsonl", [.. Encoding.GetEncoding(encoding).GetPreamble(), .. Encoding.GetEncoding(encoding).GetBytes(Record("1", "Ørsted") + Record("2", "東京"))]);
        Assert.Equal(["Mill at Ørsted reopens as a library", "Mill at 東京 reopens as a library"],
            at.Run("run", "a.jsonl", "--output", "-").Lines.Select(l => (string)l["article"]!["headline"]!));
    }

    [Fact]
    public void Wrongly_read_text_is_mended_and_noted()
    {
        var name = at.Write("a.txt", Article("Bree").Replace("The old", "Itâ€™s said: the cafÃ©s and the old", StringComparison.Ordinal));
        var line = at.Run("run", name, "--output", "-").Lines.Single();
        Assert.StartsWith("It’s said: the cafés", (string)line["article"]!["body"]![0]!, StringComparison.Ordinal);
        Assert.Equal("repaired 2 sequences of UTF-8 read as Windows-1252", (string)line["notes"]![0]!);
    }

    [Fact]
    public void What_cannot_be_read_is_named_and_the_rest_goes_on()
    {
        at.Write("a.txt", Article("Bree"));
        var packed = at.Write("broken.txt.gz", Encoding.UTF8.GetBytes(Article("Cove")));
        File.WriteAllBytes(at.PathTo(packed), File.ReadAllBytes(at.PathTo(packed))[..20]);
        File.WriteAllText(at.PathTo("no.txt.gz"), "not packed at all");
        var run = at.Run("run", "missing.txt", "broken.txt.gz", "no.txt.gz", "a.txt", "--output", "-");
        Assert.Equal(1, run.Exit);
        Assert.Contains(run.Lines, l => (string)l["id"]! == "a.txt" && (string)l["outcome"]! == "canonical");
        Assert.Contains("missing.txt", run.Errors, StringComparison.Ordinal);
        Assert.Contains("no.txt.gz", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_articles_is_said_to_be_one()
    {
        at.Write("empty/readme.md", "# nothing");
        var run = at.Run("run", "empty");
        Assert.Equal(1, run.Exit);
        Assert.Contains("empty contains no article", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_walk_takes_each_file_once_and_waits_for_nobody()
    {
        at.Write("news/a.txt", Article("Bree"));
        at.Write("news/deep/b.txt", Article("Cove"));
        at.Write("elsewhere/c.txt", Article("Dell"));
        Shell("mkfifo news/p.jsonl && ln news/a.txt news/hard.txt && ln -s a.txt news/0.txt && ln -s .. news/deep/loop && ln -s ../elsewhere news/far && ln -s ../elsewhere news/far2 && ln -s none.txt news/gone.txt");
        var run = at.Run("run", "news", "--output", "-");
        Assert.Equal(["news/a.txt", "news/deep/b.txt", "news/far/c.txt"], run.Lines.Select(l => (string)l["id"]!));
        Assert.Equal(
            """
            ingest: skipped news/p.jsonl: it is a pipe, not a file.
            ingest: skipped news/hard.txt: it is the same file as news/a.txt.
            ingest: skipped news/0.txt: it is the same file as news/a.txt.
            ingest: skipped news/far2: it is the same folder as news/far.
            ingest: skipped news/deep/loop: it is the same folder as news.
            ingest: cannot read news/gone.txt: there is no such file or folder.

            """.Split('\n').Order(StringComparer.Ordinal), run.Errors.Split('\n').Order(StringComparer.Ordinal));
        Assert.Equal(1, run.Exit);
    }

    [Fact]
    public void A_pipe_that_is_named_is_read()
    {
        Shell("mkfifo pipe.jsonl");
        using var writing = at.StartProgram("/bin/sh", false, "-c", $"printf '%s' '{Record("1", "Bree").Replace("'", "", StringComparison.Ordinal).TrimEnd()}' > pipe.jsonl");
        Assert.Equal("1", (string)at.Run("run", "pipe.jsonl", "--output", "-").Lines.Single()["id"]!);
        writing.WaitForExit();
    }

    void Shell(string command)
    {
        using var shell = at.StartProgram("/bin/sh", false, "-c", command);
        Assert.Equal("", shell.StandardError.ReadToEnd());
        shell.WaitForExit();
    }
}
