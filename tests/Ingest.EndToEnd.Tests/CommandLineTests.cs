using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using static Ingest.EndToEnd.Tests.Workplace;

namespace Ingest.EndToEnd.Tests;

/// <summary>What a user sees.</summary>
public sealed class CommandLineTests : IDisposable
{
    readonly Workplace at = new();

    public void Dispose() => at.Dispose();

    [Theory]
    [InlineData("", "run")]
    [InlineData("runn seeds", "Did you mean 'run'?")]
    [InlineData("--hepl", "Did you mean '--help'?")]
    [InlineData("seeds", "there is no command 'seeds'")]
    [InlineData("run", "at least one PATH")]
    [InlineData("run a.txt --fromat text", "Did you mean '--format'?")]
    [InlineData("run a.txt --format tex", "Did you mean 'text'?")]
    [InlineData("run a.txt --format", "--format needs a value")]
    [InlineData("run a.txt --output", "--output needs a value")]
    [InlineData("run a.txt --max-size abc", "--max-size takes a whole number, not 'abc'")]
    [InlineData("run a.txt --max-size 0", "--max-size takes 1 to")]
    [InlineData("run a.txt --time-budget -5", "--time-budget takes at least 1 ms")]
    [InlineData("run a.txt --explain --format text", "give one of them")]
    public void Wrong_usage_exits_with_2_and_says_what_is_wrong(string arguments, string message)
    {
        at.Write("a.txt", Article("Bree"));
        var run = at.Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run missing.txt", "cannot read missing.txt: there is no such file or folder.")]
    [InlineData("run a.txt --output missing/out.jsonl", "cannot write --output missing/out.jsonl: its folder does not exist.")]
    [InlineData("run a.txt --output .", "cannot write --output .: it is a folder.")]
    public void What_cannot_be_read_or_written_exits_with_1_and_names_the_path(string arguments, string message)
    {
        at.Write("a.txt", Article("Bree"));
        var run = at.Run(arguments.Split(' '));
        Assert.Equal(1, run.Exit);
        Assert.Equal($"ingest: {message}\n", run.Errors);
    }

    [Fact]
    public void Help_goes_to_standard_output()
    {
        var run = at.Run("run", "--help");
        Assert.Equal((0, ""), (run.Exit, run.Errors));
        Assert.Contains("--explain", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_has_rows_of_two_lines_at_most_and_no_escapes_when_redirected()
    {
        at.Write("a-very-long-name-of-a-file-that-does-not-fit-into-any-column-of-a-table.txt", Article("Bree upon the far side of the river, where the mills of the north once stood in their hundreds and more"));
        at.Write("b.txt", Article("東京の水車小屋が月曜日に再び図書館として開館した、町の発表によると三百人が雨の中を訪れた"));
        at.Write("c.txt", "");
        at.Write("d.jsonl", "[1]\n");
        var run = at.Run("run", ".");
        Assert.Equal((0, ""), (run.Exit, run.Errors));
        Assert.DoesNotContain('\e', run.Output);
        var lines = run.Output.Split('\n');
        Assert.All(lines, line => Assert.True(line.Length <= 120, line));
        Assert.Contains("4 articles: 2 canonical, 2 rejected (empty 1, malformed-record 1). ", run.Output, StringComparison.Ordinal);
        Assert.Contains(lines, l => l.StartsWith("│ b.txt", StringComparison.Ordinal));
        Assert.Contains("any-column-of-a-table.txt │", run.Output, StringComparison.Ordinal);
        Assert.InRange(lines.Count(l => l.StartsWith('│')), 5, 9);
    }

    [Theory]
    [InlineData]
    [InlineData("--explain")]
    [InlineData("--output", "-")]
    [InlineData("--format", "ninjs")]
    public void Control_characters_of_the_input_never_reach_the_screen(params string[] options)
    {
        const string Evil = "\e[2J\e]0;owned\a\u009b31m\u202eklim\u2066\r\b";
        at.Write("a.jsonl", new JsonObject { ["id"] = "id" + Evil, ["headline"] = "Head" + Evil, ["published"] = Evil, ["text"] = $"Head{Evil}line of it\n\nThe old{Evil} mill opened again on Monday, with shelves where the rollers stood.\n" }.ToJsonString() + "\n");
        at.Write($"b{Evil}.txt", Article("Bree" + Evil));
        var run = at.Run(["run", "a.jsonl", $"b{Evil}.txt", $"missing{Evil}", .. options]);
        Assert.Equal(1, run.Exit);
        Assert.All(run.Output + run.Errors, c => Assert.False(char.IsControl(c) && c != '\n' || c is '\u202e' or '\u2066', $"U+{(int)c:X4}"));
    }

    [Fact]
    public void Explain_shows_each_block_with_its_kind_and_rule()
    {
        at.Write("a.txt", Article("Bree"));
        var run = at.Run("run", "a.txt", "--explain");
        Assert.StartsWith("a.txt: canonical\n= headline ", run.Output, StringComparison.Ordinal);
        Assert.Contains("+ paragraph        body.paragraph\n    The old paper mill", run.Output, StringComparison.Ordinal);
        at.Run("run", "a.txt", "--explain", "--output", "decisions.txt");
        Assert.Equal(run.Output, File.ReadAllText(at.PathTo("decisions.txt")));
    }

    [Fact]
    public void Explain_is_coloured_on_a_terminal_unless_that_is_switched_off()
    {
        at.Write("a.txt", Article("Bree"));
        if (!File.Exists("/usr/bin/script"))
            return;
        Assert.Contains("\e[36m= headline", OnTerminal("xterm", ""), StringComparison.Ordinal);
        Assert.DoesNotContain("\e[36m", OnTerminal("dumb", ""), StringComparison.Ordinal);
        Assert.DoesNotContain("\e[36m", OnTerminal("xterm", "1"), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_holds_headline_and_body()
    {
        at.Write("a.txt", Article("Bree") + "\nRead more: Another article\n");
        at.Write("b.txt", Article("Cove"));
        at.Write("c.txt", "");
        var run = at.Run("run", ".", "--format", "text");
        Assert.Equal(0, run.Exit);
        Assert.Contains("Mill at Bree reopens as a library\n\nThe old paper mill at Bree opened", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, run.Output.Split("\f\n").Length);
        Assert.StartsWith("ingest: ./c.txt rejected: ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_that_goes_away_ends_it_quietly()
    {
        at.Write("many.jsonl", string.Concat(Enumerable.Range(0, 3000).Select(i => Record($"{i}", "Bree"))));
        using var process = at.Start(false, "run", "many.jsonl", "--output", "-");
        process.StandardOutput.ReadLine();
        process.StandardOutput.Close();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal("", process.StandardError.ReadToEnd());
    }

    [Fact]
    public void An_interrupt_ends_it_without_a_stack_trace()
    {
        using var process = at.Start(true, "run", "-", "--output", "-");
        process.StandardInput.Write("{\"text\":");
        process.StandardInput.Flush();
        Thread.Sleep(1000);
        using (var kill = Process.Start("/bin/kill", ["-INT", process.Id.ToString()]))
            kill.WaitForExit();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(20)));
        Assert.Equal(130, process.ExitCode);
        Assert.DoesNotContain("   at ", process.StandardError.ReadToEnd(), StringComparison.Ordinal);
    }

    string OnTerminal(string term, string noColour)
    {
        var start = new ProcessStartInfo("/usr/bin/script", ["-qec", $"'{Path.Combine(AppContext.BaseDirectory, "ingest")}' run a.txt --explain", "/dev/null"])
        {
            WorkingDirectory = at.Folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["TERM"] = term;
        start.Environment["NO_COLOR"] = noColour;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
