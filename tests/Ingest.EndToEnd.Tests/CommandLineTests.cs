using System.Diagnostics;
using System.Text.Json.Nodes;
using Ingest.Contracts.Tests;
using Ingest.Service.Cli;
using Ingest.Service.Display;
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
    [InlineData("run a.txt --time-budget -5", "--time-budget takes 1 to 3600000 ms, not -5.")]
    [InlineData("run a.txt --explain --format text", "--explain and --format cannot be combined.")]
    [InlineData("run a.txt --window 0", "--window takes a number from 0.001 to 3660, not '0'.")]
    [InlineData("run a.txt --window x", "--window takes a number from 0.001 to 3660, not 'x'.")]
    [InlineData("run a.txt --window 1,5", "--window takes a number from 0.001 to 3660, not '1,5'.")]
    [InlineData("run a.txt --window", "--window needs a value")]
    [InlineData("run a.txt --windw 3", "there is no option '--windw'. Did you mean '--window'?")]
    [InlineData("run a.txt --window-count 0", "--window-count takes a whole number from 1 to 50000000, not '0'.")]
    [InlineData("run a.txt --window-count 99999999999", "--window-count takes a whole number from 1 to 50000000, not '99999999999'.")]
    [InlineData("run a.txt --sample 1.5", "--sample takes a whole number from 1 to 1000, not '1.5'.")]
    [InlineData("run a.txt --containment 2", "--containment takes a number from 0.05 to 1, not '2'.")]
    [InlineData("run a.txt --containment nan", "--containment takes a number from 0.05 to 1, not 'nan'.")]
    [InlineData("run a.txt --containment 0.5 --containment 0.6", "--containment was given more than once.")]
    [InlineData("run a.txt --revision-containment 0", "--revision-containment takes a number from 0.05 to 1, not '0'.")]
    [InlineData("run a.txt --shingle-words 99", "--shingle-words takes a whole number from 1 to 16, not '99'.")]
    [InlineData("run a.txt --shingle-characters -1", "--shingle-characters takes a whole number from 1 to 32, not '-1'.")]
    [InlineData("explain", "explain needs two articles")]
    [InlineData("explain a.txt", "explain needs two articles")]
    [InlineData("explain a.txt a.txt a.txt", "unexpected argument 'a.txt': explain takes two articles.")]
    [InlineData("explain a.txt a.txt --conteinment 0.5", "there is no option '--conteinment'. Did you mean '--containment'?")]
    [InlineData("explain a.txt --conteinment 0.5", "there is no option '--conteinment'. Did you mean '--containment'?")]
    [InlineData("explain a.txt a.txt --containment 7", "--containment takes a number from 0.05 to 1, not '7'.")]
    [InlineData("serve here", "unexpected argument 'here': serve takes options only.")]
    [InlineData("serve --role accept", "there is no option '--role'. Did you mean '--roles'?")]
    [InlineData("submit", "submit needs at least one PATH")]
    [InlineData("submit a.txt --to here", "--to takes an address such as http://127.0.0.1:8080, not 'here'.")]
    [InlineData("submit a.txt --two http://x", "there is no option '--two'. Did you mean '--to'?")]
    [InlineData("submit a.txt --key ä", "--key takes a key")]
    [InlineData("events --after x", "--after takes a whole number, not 'x'.")]
    [InlineData("events --after -1", "--after takes 0 or a position, not -1.")]
    [InlineData("events 7", "unexpected argument '7': events takes options only.")]
    [InlineData("errors", "errors needs a command: list, show, retry or discard.")]
    [InlineData("errors lst", "there is no command 'errors lst'. Did you mean 'list'?")]
    [InlineData("errors list x", "unexpected argument 'x': errors list takes options only.")]
    [InlineData("errors show", "errors show needs the ID of an article")]
    [InlineData("errors show x", "ID takes the UUID of an article, as shown by 'ingest errors list', not 'x'.")]
    [InlineData("errors discard 00000000-0000-0000-0000-000000000001 x", "unexpected argument 'x': errors discard takes one ID.")]
    [InlineData("errors retry", "errors retry needs exactly one of: an article ID, --all, --events or --queue.")]
    [InlineData("errors retry --all --queue ingest.dead", "errors retry needs exactly one of: an article ID, --all, --events or --queue.")]
    [InlineData("errors retry --queue ingest.accept_eror", "Did you mean 'ingest.accept_error'?")]
    [InlineData("errors retry --al", "there is no option '--al'. Did you mean '--all'?")]
    [InlineData("sources a b", "unexpected argument 'b': sources takes one SOURCE, as 'ingest sources' lists them.")]
    [InlineData("sources kepe a b", "unexpected argument 'a': sources takes one SOURCE, as 'ingest sources' lists them. Did you mean 'keep'?")]
    [InlineData("sources keep a", "sources keep needs a SOURCE and a TEXT: a line or a sentence, in quotation marks.")]
    [InlineData("sources remove a b c", "unexpected argument 'c': sources remove takes a SOURCE and a TEXT: a line or a sentence, in quotation marks.")]
    [InlineData("sources import", "sources import needs a FILE that 'ingest sources export' wrote")]
    [InlineData("sources export --outptu x", "there is no option '--outptu'. Did you mean '--output'?")]
    [InlineData("sources keep a b --ledger x --to http://x", "--ledger and --to cannot be combined")]
    [InlineData("sources --postgres Host=x --to http://x", "--postgres and --to cannot be combined")]
    [InlineData("sources keep a b --postgres Host=x --to http://x", "--postgres and --to cannot be combined")]
    [InlineData("sources --key x", "--key needs --to")]
    [InlineData("check here", "unexpected argument 'here': check takes options only.")]
    [InlineData("check --ledgr x", "there is no option '--ledgr'. Did you mean '--ledger'?")]
    [InlineData("key 5", "unexpected argument '5': key takes options only.")]
    public void Wrong_usage_exits_with_2_and_says_what_is_wrong(string arguments, string message)
    {
        at.Write("a.txt", Article("Bree"));
        var run = at.Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", run.Errors, StringComparison.Ordinal);
        Assert.True(arguments.Length == 0 || run.Errors.Count(c => c == '\n') == 2, run.Errors);
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
    public void The_help_that_is_named_is_that_of_the_command()
    {
        Assert.EndsWith("\nTry 'ingest errors show --help'.\n", at.Run("errors", "show").Errors, StringComparison.Ordinal);
        Assert.EndsWith("\nTry 'ingest errors --help'.\n", at.Run("errors").Errors, StringComparison.Ordinal);
        Assert.EndsWith("\nTry 'ingest --help'.\n", at.Run("runn").Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_goes_to_standard_output()
    {
        var run = at.Run("run", "--help");
        Assert.Equal((0, ""), (run.Exit, run.Errors));
        Assert.Contains("--explain", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_has_rows_of_one_line_and_no_escapes_when_redirected()
    {
        at.Write("a-very-long-name-of-a-file-that-does-not-fit-into-any-column-of-a-table.txt", Article("Bree upon the far side of the river, where the mills of the north once stood in their hundreds and more"));
        at.Write("b.txt", Article("東京の水車小屋が月曜日に再び図書館として開館した、町の発表によると三百人が雨の中を訪れた"));
        at.Write("c.txt", "");
        at.Write("d.jsonl", "[1]\n");
        var run = at.Run("run", ".");
        Assert.Equal((0, ""), (run.Exit, run.Errors));
        Assert.DoesNotContain('\e', run.Output);
        var lines = run.Output.Split('\n');
        Assert.All(lines, line => Assert.True(Cells.Width(line) <= 120, line));
        Assert.Contains("4 articles: 2 stories, 0 duplicates, 2 rejected (empty 1, malformed-record 1). ", run.Output, StringComparison.Ordinal);
        var rows = Rows(lines);
        Assert.Equal(4, rows.Count);
        Assert.Matches("^…[^ ]+any-column-of-a-table.txt  Mill at Bree upon the far side .*…  canonical     3$", rows[0]);
        Assert.StartsWith("b.txt ", rows[1], StringComparison.Ordinal);
        Assert.Matches("  empty: .*  rejected      0$", rows[2]);
        Assert.Single(rows.Take(2).Select(r => Cells.Width(r[..r.IndexOf("  canonical", StringComparison.Ordinal)])).Distinct());
    }

    [Fact]
    public void What_is_no_character_is_shown_as_the_replacement_character()
    {
        at.Write("a.jsonl", new JsonObject { ["id"] = "a", ["headline"] = "Mill\uffff at\ufffe Bree\ufdd0 and\udbff\udfff the \e[2Jriver", ["text"] = Article("Bree") }.ToJsonString() + "\n");
        at.Write("b\uffff.txt", Article("Cove\uffff"));
        var run = at.Run("run", "a.jsonl", "b\uffff.txt");
        Assert.Equal((0, ""), (run.Exit, run.Errors));
        Assert.Contains("  Mill\ufffd at\ufffd Bree\ufffd and\ufffd the ·[2Jriver ", run.Output, StringComparison.Ordinal);
        Assert.Contains("b\ufffd.txt ", run.Output, StringComparison.Ordinal);
        Assert.Contains("Mill at Cove\ufffd ", run.Output, StringComparison.Ordinal);
    }

    /// <summary>The lines of a table between its rules, one for each article where it is wide.</summary>
    static List<string> Rows(IEnumerable<string> lines) => [.. lines.SkipWhile(l => !l.StartsWith('─')).Skip(1).TakeWhile(l => !l.StartsWith('─'))];

    [Theory]
    [InlineData]
    [InlineData("--explain")]
    [InlineData("--output", "-")]
    [InlineData("--format", "ninjs")]
    [InlineData("--format", "pairs")]
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
        Assert.Matches("^a.txt: canonical of story [0-9a-f-]{36}\n= headline ", run.Output);
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

    [Theory]
    [InlineData(100)]
    [InlineData(120)]
    [InlineData(160)]
    public void On_a_terminal_of_100_columns_an_article_has_one_line(int columns)
    {
        if (!File.Exists("/usr/bin/script"))
            return;
        var rows = Rows(TableOn(columns)).Where(r => r.Length > 0).ToList();
        Assert.Equal(14, rows.Count);
        Assert.All(rows, row => Assert.Matches("^([├└] )?[01][0-9]-[a-z0-9-]+.txt  ", row));
        Assert.Contains(rows, r => r.EndsWith(", …", StringComparison.Ordinal));
        Assert.Contains(rows, r => r.Contains("…  canonical  ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    public void On_a_narrow_terminal_an_article_has_two_lines(int columns)
    {
        if (!File.Exists("/usr/bin/script"))
            return;
        var rows = Rows(TableOn(columns)).Where(r => r.Length > 0).ToList();
        Assert.Equal(28, rows.Count);
        Assert.Equal("  潮見浦の調査船、沖合で新しい海", rows[25][..17]);
        Assert.Matches(columns == 80 ? "^14-ap-advisory.txt +canonical +10  end-mark 2, " : "^14-ap-advisory.txt +canonical +10$", rows[26]);
    }

    /// <summary>The table of the texts of the seeds, of which no line is wider than the terminal.</summary>
    string[] TableOn(int columns)
    {
        var lines = OnTerminal("xterm", "1", $"stty cols {columns}; '{Executable}' run '{Repository.PathTo("seeds")}'/*.txt 2>/dev/null")
            .Replace("\e[?1h\e=", "", StringComparison.Ordinal) // the runtime's own, for the keypad
            .Split("\r\n");
        Assert.All(lines, line => Assert.True(Cells.Width(line) <= columns, line));
        return lines;
    }

    string OnTerminal(string term, string noColour, string? command = null)
    {
        at.Environment["TERM"] = term;
        at.Environment["NO_COLOR"] = noColour;
        using var process = at.StartProgram("/usr/bin/script", true, "-qec", command ?? $"'{Executable}' run a.txt --explain", "/dev/null");
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
