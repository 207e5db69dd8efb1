using System.Text;
using Ingest.Contracts.Tests;
using static Ingest.EndToEnd.Tests.Workplace;

namespace Ingest.EndToEnd.Tests;

/// <summary><c>ingest explain A B</c>: why two articles are or are not one story.</summary>
public sealed class ExplainTests : IDisposable
{
    const string Seen = "The old paper mill at Bree opened again on Monday, with shelves where the rollers stood.";

    readonly Workplace at = new();

    public void Dispose() => at.Dispose();

    [Fact]
    public void One_story_is_shown_with_its_numbers_passages_and_differences()
    {
        at.Write("a.txt", Town(300, "Ida Brenn"));
        at.Write("b.txt", Town(450, "Eva Brenn"));
        var run = at.Run("explain", "a.txt", "b.txt");
        Assert.Equal((0, ""), (run.Exit, run.Errors));
        Assert.StartsWith("One story: b.txt is a near copy of a.txt.\n", run.Output, StringComparison.Ordinal);
        Assert.Matches("│ containment +│ 0.9[0-9] │ of the shorter text's [0-9]+ words, [0-9]+ are in the other ", run.Output);
        Assert.Matches("│ replaced passages +│ +2 │ .* as 10 missing words ", run.Output);
        Assert.Matches("│ score +│ 0.[6-9][0-9] │ one story from 0.6 [(]--containment[)], ", run.Output);
        Assert.Matches("│ resemblance +│ 0.[0-9]{2} │ ", run.Output);
        Assert.Contains("│ Words │ a.txt ", run.Output, StringComparison.Ordinal);
        Assert.Contains("The old paper mill at Bree", run.Output, StringComparison.Ordinal);
        Assert.Matches("│ 300 +│ 450 +│", run.Output);
        Assert.Matches("│ Ida +│ Eva +│", run.Output);
        Assert.Contains("\nFigures and names only in a.txt: 300, Ida.\nFigures and names only in b.txt: 450, Eva.\n", run.Output, StringComparison.Ordinal);
        Assert.All(run.Output.Split('\n'), line => Assert.True(line.Length <= 120, line));
    }

    [Fact]
    public void Two_stories_are_shown_with_what_they_lack()
    {
        at.Write("a.txt", Town(300, "Ida Brenn"));
        at.Write("b.txt", Text(Paragraphs(1)));
        var run = at.Run("explain", "a.txt", "b.txt");
        Assert.Equal((0, ""), (run.Exit, run.Errors));
        Assert.StartsWith("Two stories: b.txt is not a copy of a.txt.\n", run.Output, StringComparison.Ordinal);
        Assert.Matches("│ containment +│ 0.0[0-9] │", run.Output);
        Assert.DoesNotContain("Shared passages", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void One_form_about_another_subject_is_shown_with_both()
    {
        at.Write("a.txt", Town(300, "Ida Brenn"));
        at.Write("b.txt", Town(450, "Eva Brenn").Replace("Bree", "Salter Junction", StringComparison.Ordinal)
            .Replace("Monday", "Friday", StringComparison.Ordinal));
        var run = at.Run("explain", "a.txt", "b.txt");
        Assert.StartsWith("Two stories: b.txt is not a copy of a.txt.\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("\nOne form, but another subject: \"Salter Junction\" instead of \"Bree\", which ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_news_over_the_same_background_is_named_as_that()
    {
        const string Background = "The dam above Orlow was built in two years by workers from three countries and holds back the longest lake of the region.\n\n"
            + "Its turbines stood still for a decade after the flood of 1987, until the towns along the river bought them together.\n";
        at.Write("a.txt", "Cracks found in wall of river dam\n\nEngineers found cracks in the wall on Monday and asked the towns below to keep boats off the water for a week.\n\n" + Background);
        at.Write("b.txt", "Towns elect first woman to lead board\n\nMarta Lindholt was chosen on Friday to head the company, the first of five candidates who has never sat on a council.\n\n" + Background);
        var run = at.Run("explain", "a.txt", "b.txt");
        Assert.StartsWith("Two stories: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("\nEach has a passage of its own under another headline: ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_threshold_can_be_set()
    {
        at.Write("a.txt", Town(300, "Ida Brenn"));
        at.Write("b.txt", Town(450, "Eva Brenn"));
        var run = at.Run("explain", "a.txt", "b.txt", "--containment", "0.99");
        Assert.StartsWith("Two stories: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("one story from 0.99 (--containment)", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("06-wire-update2", "07-wire-update3", "One story", "a revision")]
    [InlineData("07-wire-update3", "08-newspaper-reprint", "One story", "an excerpt")]
    [InlineData("13-japanese-newspaper", "13-japanese-newspaper", "One story", "an exact copy")]
    [InlineData("11-russian-portal", "12-french-newspaper", "Two stories", "not a copy")]
    public void It_decides_as_a_run_does(string earlier, string later, string stories, string relation)
    {
        var (a, b) = (Repository.PathTo("seeds", earlier + ".txt"), Repository.PathTo("seeds", later + ".txt"));
        var run = at.Run("explain", a, b);
        Assert.Equal((0, ""), (run.Exit, run.Errors));
        Assert.StartsWith($"{stories}: {b} is {relation} of {a}.\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_time_between_two_articles_parts_nothing_here()
    {
        at.Write("a.jsonl", $$"""{"text":"{{Seen}}","received":"2001-01-01T00:00:00Z"}""");
        at.Write("b.txt", Seen);
        Assert.StartsWith("One story: b.txt is an exact copy of a.jsonl.\n", at.Run("explain", "a.jsonl", "b.txt").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("潮見浦の調査船は三日、沖合十二キロの海底で新しい海藻の森を確認したと発表した。広さは約四十ヘクタールに及ぶという。調査は来年三月まで続けられる予定だ。", "四十", "五十五")]
    [InlineData("Исследователи института впервые за пятьдесят лет измерили глубину озера Сиверга, и наибольшая глубина составила 42 метра. Работы продолжались три недели.", "42", "47")]
    [InlineData("افتتحت بلدية الميناء القديم يوم الاثنين مكتبة جديدة في مبنى المطحنة السابق بحضور نحو 300 من السكان وقالت رئيسة البلدية إن المكتبة تضم قاعة للأطفال.", "300", "450")]
    public void Differences_are_shown_in_every_script(string text, string before, string after)
    {
        at.Write("a.txt", text);
        at.Write("b.txt", text.Replace(before, after, StringComparison.Ordinal));
        var run = at.Run("explain", "a.txt", "b.txt");
        Assert.StartsWith("One story: b.txt is a near copy of a.txt.\n", run.Output, StringComparison.Ordinal);
        Assert.Matches($"│ {before} +│ {after} +│", run.Output);
    }

    [Fact]
    public void Hostile_text_neither_steers_the_terminal_nor_is_taken_for_markup()
    {
        const string Evil = "[red]\e[2J\e]0;owned\a\u009b31m\u202eklim\u2066[/] [[x]] [/]\b";
        var (a, b) = (at.Write($"a{Evil.Replace('/', '-')}.txt", Town(300, "Ida" + Evil)), at.Write($"b{Evil.Replace('/', '-')}.txt", Town(450, "Eva" + Evil)));
        var run = at.Run("explain", a, b);
        Assert.Equal((0, ""), (run.Exit, run.Errors));
        Assert.StartsWith("One story: b[red]", run.Output, StringComparison.Ordinal);
        Assert.Matches("│ 300 +│ 450 +│", run.Output);
        var missing = at.Run("explain", a, $"missing{Evil}");
        Assert.Equal(1, missing.Exit);
        Assert.All(run.Output + missing.Errors, c => Assert.False(char.IsControl(c) && c != '\n' || c is '\u202e' or '\u2066', $"U+{(int)c:X4}"));
    }

    [Theory]
    [InlineData("a.txt missing.txt", "cannot read missing.txt: there is no such file or folder.")]
    [InlineData("missing.txt a.txt", "cannot read missing.txt: there is no such file or folder.")]
    [InlineData("a.txt empty.txt", "empty.txt is rejected: The text is empty")]
    [InlineData("picture.txt a.txt", "picture.txt is rejected: ")]
    [InlineData("bad.jsonl a.txt", "bad.jsonl is rejected: It is ")]
    [InlineData("a.txt two.jsonl", "two.jsonl contains more than one article")]
    [InlineData("a.txt folder", "folder contains more than one article")]
    public void What_cannot_be_compared_exits_with_1_and_is_named(string arguments, string message)
    {
        at.Write("a.txt", Article("Bree"));
        at.Write("empty.txt", " \n");
        at.Write("picture.txt", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);
        at.Write("bad.jsonl", "[1]\n");
        at.Write("two.jsonl", Record("1", "Bree") + Record("2", "Cove"));
        at.Write("folder/a.txt", Article("Bree"));
        at.Write("folder/b.txt", Article("Cove"));
        var run = at.Run(["explain", .. arguments.Split(' ')]);
        Assert.Equal((1, ""), (run.Exit, run.Output));
        Assert.StartsWith($"ingest: {message}", run.Errors, StringComparison.Ordinal);
        Assert.Equal(1, run.Errors.Count(c => c == '\n'));
    }

    [Fact]
    public void An_article_may_come_from_standard_input()
    {
        at.Write("a.txt", Article("Bree"));
        Assert.StartsWith("One story: - is an exact copy of a.txt.\n", at.Run(Encoding.UTF8.GetBytes(Article("Bree")), "explain", "a.txt", "-").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_behind_the_output_is_named()
    {
        at.Write("a.txt", Article("Bree"));
        if (!File.Exists("/dev/full"))
            return;
        using var process = at.StartProgram("/bin/sh", false, "-c", $"exec '{Executable}' explain a.txt a.txt > /dev/full");
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(1, process.ExitCode);
        Assert.StartsWith("ingest: cannot write to standard output: ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    static string Town(int visitors, string name) =>
        $"Mill at Bree reopens as a library\n\n{Seen}\n\nAbout {visitors} people came to see it in the rain, the town said in a statement on Tuesday.\n\nIt still smells of paper, said {name}, who worked there for 31 years and borrowed the first book of all.\n\nThe town bought the building for one crown in the year after the last shift, and spent four summers on the roof alone.\n";
}
