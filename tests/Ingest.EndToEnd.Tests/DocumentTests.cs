using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Ingest.Contracts.Tests;
using LoopbackPorts = Ingest.Broker.Tests.LoopbackPorts;

namespace Ingest.EndToEnd.Tests;

/// <summary>
/// README and <c>docs/</c> against the program: what a page shows is run and compared, what it names must exist. A fenced block that starts with <c>$ </c> holds
/// commands, each followed by its output, where <c>…</c> stands for any text, and on a line of its own for any lines. Other blocks are not run.
/// </summary>
public sealed partial class DocumentTests : IDisposable
{
    const int MostBytesOfReadme = 9 * 1024, MostMilliseconds = 5000;
    const string Address = "127.0.0.1:8080", Serve = "./ingest serve";

    static readonly TimeSpan patience = TimeSpan.FromSeconds(30);

    /// <summary>What each command says with <c>--help</c>, by its name; of the program itself under the empty name.</summary>
    static readonly Lazy<Dictionary<string, string>> Helps = new(() =>
    {
        using var place = new Workplace();
        var helps = new Dictionary<string, string>(StringComparer.Ordinal);
        Read("");
        return helps;

        void Read(string name)
        {
            var help = place.Run([.. name.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
            Assert.Equal((0, ""), (help.Exit, help.Errors));
            helps[name] = help.Output;
            foreach (var command in help.Output.Split("\nCommands:\n").Skip(1).SelectMany(l => l.Split('\n')).Where(l => l.StartsWith("  ", StringComparison.Ordinal) && l[2] is >= 'a' and <= 'z'))
                Read($"{name} {command.Trim().Split(' ')[0]}".Trim());
        }
    });

    readonly Workplace at = new();
    Serving? serving;

    public void Dispose()
    {
        serving?.Dispose();
        at.Dispose();
    }

    public static TheoryData<string> Manual() => [.. Documents().Where(d => d == "README.md" || d.StartsWith("docs/", StringComparison.Ordinal))];

    public static TheoryData<string> All() => [.. Documents()];

    public static TheoryData<string> WithCommands() => [.. Documents().Where(d => d == "README.md" || d.StartsWith("docs/", StringComparison.Ordinal)).Where(d => Blocks(d).Exists(IsRun))];

    [Theory]
    [MemberData(nameof(WithCommands))]
    public void Commands_print_what_the_page_shows(string page)
    {
        foreach (var folder in new[] { "seeds", "seeds/forms" })
        {
            Directory.CreateDirectory(at.PathTo(folder));
            foreach (var seed in Directory.EnumerateFiles(Repository.PathTo(folder)))
                File.Copy(seed, at.PathTo(Path.Combine(folder, Path.GetFileName(seed))));
        }

        File.CreateSymbolicLink(at.PathTo("ingest"), Workplace.Executable);
        // Where something else may listen on the usual port.
        at.Environment["Ingest__Url"] = $"http://127.0.0.1:{LoopbackPorts.Free()}";
        foreach (var (command, shown) in Blocks(page).Where(IsRun).SelectMany(Commands))
        {
            if (command.StartsWith(Serve, StringComparison.Ordinal))
                StartServer(page, command, shown);
            else if (!command.Contains("curl ", StringComparison.Ordinal) || HasCurl())
                Compare(page, command, shown);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Options_that_are_named_exist(string page)
    {
        var text = File.ReadAllText(Repository.PathTo(page));
        var code = Blocks(page).Where(b => !IsRun(b)).SelectMany(b => b).Concat(Spans(text)).ToList();
        foreach (var line in code)
            foreach (Match call in Call().Matches(line))
            {
                var (first, both) = (call.Groups["first"].Value, $"{call.Groups["first"].Value} {call.Groups["second"].Value}");
                var name = Helps.Value.ContainsKey(both) ? both : first;
                Assert.True(Helps.Value.TryGetValue(name, out var help), $"{page}: there is no command in '{line}'.");
                Assert.All(Option().Matches(call.Value), option => Assert.True(HasOption(help, option.Value), $"{page}: ingest {name} has no {option.Value}, as in '{line}'."));
            }

        foreach (var span in Spans(text).Where(s => OptionAlone().IsMatch(s)))
            Assert.True(Helps.Value.Values.Any(help => HasOption(help, span.Split(' ')[0])), $"{page}: no command has {span}.");
    }

    [Fact]
    public void The_page_of_the_command_line_has_every_command_and_option_with_its_default()
    {
        var page = File.ReadAllText(Repository.PathTo("docs", "cli.md"));
        foreach (var (name, help) in Helps.Value.Where(h => h.Key.Length > 0))
        {
            var heading = $"\n## {name.Split(' ')[0]}\n";
            Assert.True(page.Contains(heading, StringComparison.Ordinal), $"cli.md has no section {heading.Trim()}.");
            var section = page[(page.IndexOf(heading, StringComparison.Ordinal) + heading.Length)..].Split("\n## ")[0];
            Assert.True(!name.Contains(' ', StringComparison.Ordinal) || section.Contains($"`ingest {name}", StringComparison.Ordinal), $"cli.md has no command {name}.");
            foreach (var line in help.Split('\n').Where(l => l.StartsWith("  -", StringComparison.Ordinal)))
            {
                var option = Option().Match(line).Value;
                if (option is "--help" or "--version")
                    continue;
                var row = section.Split('\n').FirstOrDefault(l => l.StartsWith('|') && l.Split('|')[1].Contains($"`{option}", StringComparison.Ordinal));
                Assert.True(row is not null, $"cli.md, {name}: there is no {option}.");
                if (line.Split("[default: ") is [_, var given] && row.Split('|')[2].Trim().Trim('`') is var told && !told.StartsWith("as for", StringComparison.Ordinal))
                    Assert.Equal($"{name} {option} {given.TrimEnd(']').TrimEnd('/')}", $"{name} {option} {told}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Links_lead_somewhere(string page)
    {
        var folder = Path.GetDirectoryName(Repository.PathTo(page))!;
        foreach (Match link in Link().Matches(Prose(File.ReadAllText(Repository.PathTo(page)))))
        {
            var target = link.Groups["target"].Value;
            if (target.StartsWith("https://", StringComparison.Ordinal))
                continue;
            var (path, anchor) = target.Split('#') is [var before, var after] ? (before, after) : (target, null);
            var found = Path.GetFullPath(path.Length == 0 ? Repository.PathTo(page) : Path.Combine(folder, path));
            Assert.True(found.StartsWith(Repository.Root, StringComparison.Ordinal) && Path.Exists(found), $"{page}: {target} leads nowhere.");
            Assert.True(anchor is null || Anchors(found).Contains(anchor), $"{page}: {target} has no heading of this name.");
        }
    }

    [Fact]
    public void The_README_is_a_first_page() => Assert.InRange(new FileInfo(Repository.PathTo("README.md")).Length, 1, MostBytesOfReadme);

    [Fact]
    public void The_README_leads_to_every_page() => Assert.All(
        Documents().Where(d => d.StartsWith("docs/", StringComparison.Ordinal)), page => Assert.Contains($"]({page})", File.ReadAllText(Repository.PathTo("README.md")), StringComparison.Ordinal));

    [Fact]
    public void The_tests_that_the_page_of_faults_names_are_there_and_those_named_after_a_row_are_on_it()
    {
        var rows = File.ReadAllLines(Repository.PathTo("docs", "faults.md")).Where(l => l.StartsWith("| ", StringComparison.Ordinal)).ToList();
        var sources = Directory.EnumerateFiles(Repository.PathTo("tests"), "*Tests.cs", SearchOption.AllDirectories).Select(f => (Name: Path.GetFileNameWithoutExtension(f), Text: File.ReadAllText(f))).ToList();
        foreach (var named in rows.SelectMany(r => Spans(r.Split('|')[^2])).Where(n => n.EndsWith("Tests", StringComparison.Ordinal)))
            Assert.True(sources.Exists(s => s.Text.Contains($"class {named}", StringComparison.Ordinal)), $"faults.md: there is no {named}.");
        foreach (var (name, _) in sources.Where(s => NumberedRow().IsMatch(s.Name)))
            Assert.Contains(rows, r => r.StartsWith($"| {int.Parse(name[3..5])} |", StringComparison.Ordinal) && r.Contains($"`{name}`", StringComparison.Ordinal));
    }

    void StartServer(string page, string command, List<string> shown)
    {
        Assert.True(serving is null, $"{page} starts a second server.");
        serving = Serving.Start(at, command[Serve.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        at.Environment["Ingest__Url"] = serving.Url;
        var clock = Stopwatch.StartNew();
        // It writes the line about itself just after it is ready; other lines stand before and behind.
        while (!shown.TrueForAll(l => Pattern(["…", l, "…"]).IsMatch(AsShown(serving.Log))))
        {
            Assert.True(clock.Elapsed < patience, Said(page, command, shown, serving.Log));
            Thread.Sleep(50);
        }
    }

    void Compare(string page, string command, List<string> shown)
    {
        var pattern = Pattern(shown);
        var clock = Stopwatch.StartNew();
        // What a server has accepted it decides a moment later; what only reads may be tried again until then.
        var reads = serving is not null && (command.StartsWith("./ingest events", StringComparison.Ordinal) || command.StartsWith("curl ", StringComparison.Ordinal) && !command.Contains("--data", StringComparison.Ordinal));
        while (true)
        {
            var output = Run(command);
            if (pattern.IsMatch(output))
                return;
            Assert.True(reads && clock.Elapsed < patience, Said(page, command, shown, output));
            Thread.Sleep(100);
        }
    }

    /// <summary>What a command writes, as the page would show it.</summary>
    string Run(string command)
    {
        var url = serving?.Url ?? at.Environment["Ingest__Url"];
        var own = Remote().Replace(command, $"./ingest ${{command}} --to {url}").Replace(Address, new Uri(url).Authority, StringComparison.Ordinal);
        using var shell = at.StartProgram("/bin/sh", true, "-c", $"{{ {own}\n}} 2>&1");
        shell.StandardInput.Close();
        var output = shell.StandardOutput.ReadToEndAsync();
        Assert.True(shell.WaitForExit(TimeSpan.FromMinutes(2)), $"{command} does not end.");
        return AsShown(output.GetAwaiter().GetResult());
    }

    string AsShown(string output) => string.Concat(output.TrimEnd().Replace(new Uri(at.Environment["Ingest__Url"]).Authority, Address, StringComparison.Ordinal).Split('\n').Select(l => l.TrimEnd() + "\n"));

    static Regex Pattern(List<string> shown)
    {
        var pattern = new StringBuilder();
        foreach (var line in shown)
        {
            if (line.Trim() == "…")
                pattern.Append("(?:.*\n)*");
            else
                pattern.Append(Moment().Replace(Uuid().Replace(string.Join(".*", line.TrimEnd().Split('…').Select(Regex.Escape)), "[0-9a-f-]{36}"), "[0-9T:.+Z-]+")).Append('\n');
        }

        // A command that prints nothing prints one empty line here.
        return new Regex($@"\A{(shown.Count == 0 ? "\n" : pattern)}\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }

    static string Said(string page, string command, List<string> shown, string output) =>
        $"{page} shows for '{command}':\n{string.Join('\n', shown)}\n\nbut it prints:\n{(output.Length > 4000 ? output[..4000] + " (and more)" : output)}";

    static bool HasCurl()
    {
        var found = (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(f => File.Exists(Path.Combine(f, "curl")));
        Assert.True(found || !Repository.OnCi, "There is no curl.");
        return found;
    }

    /// <summary>Commands and the output that is shown for each, without empty lines at its end.</summary>
    static IEnumerable<(string Command, List<string> Shown)> Commands(List<string> block)
    {
        for (var line = 0; line < block.Count;)
        {
            var next = block.FindIndex(line + 1, l => l.StartsWith("$ ", StringComparison.Ordinal)) is > 0 and var found ? found : block.Count;
            var shown = block[(line + 1)..next];
            while (shown is [.., ""])
                shown.RemoveAt(shown.Count - 1);
            yield return (block[line][2..], shown);
            line = next;
        }
    }

    static bool IsRun(List<string> block) => block is [var first, ..] && first.StartsWith("$ ", StringComparison.Ordinal);

    /// <summary>The lines of each fenced block.</summary>
    static List<List<string>> Blocks(string page) =>
        [.. $"\n{File.ReadAllText(Repository.PathTo(page))}".Split("\n```").Where((_, i) => i % 2 == 1).Select(b => b.Split('\n').Skip(1).ToList())];

    /// <summary>The text without its fenced blocks and without what stands in back quotes.</summary>
    static string Prose(string text) => string.Concat(Unfenced(text).Split('`').Where((_, i) => i % 2 == 0));

    /// <summary>What stands in back quotes, outside of fenced blocks.</summary>
    static IEnumerable<string> Spans(string text) => Unfenced(text).Split('`').Where((_, i) => i % 2 == 1);

    static string Unfenced(string text) => string.Concat($"\n{text}".Split("\n```").Where((_, i) => i % 2 == 0).Select((part, i) => i == 0 ? part : part[(part.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end ? end : 0)..]));

    /// <summary>The names that GitHub gives to a page's headings.</summary>
    static HashSet<string> Anchors(string file) =>
    [
        .. Unfenced(File.ReadAllText(file)).Split('\n').Where(l => l.StartsWith('#'))
            .Select(l => string.Concat(l.TrimStart('#').Trim().ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-')),
    ];

    static bool HasOption(string help, string option) => Option().Matches(help).Any(o => o.Value == option);

    static IEnumerable<string> Documents() => new[] { "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "seeds/README.md" }
        .Concat(Directory.EnumerateFiles(Repository.PathTo("docs"), "*.md").Select(f => $"docs/{Path.GetFileName(f)}").Order(StringComparer.Ordinal));

    [GeneratedRegex(@"(?<![\w./-])(?:\./)?ingest (?<first>[a-z][a-z-]*)(?: (?<second>[a-z]+))?[^|;&#']*", RegexOptions.None, MostMilliseconds)]
    private static partial Regex Call();

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z-]*", RegexOptions.None, MostMilliseconds)]
    private static partial Regex Option();

    [GeneratedRegex(@"^--[a-z][a-z-]*", RegexOptions.None, MostMilliseconds)]
    private static partial Regex OptionAlone();

    [GeneratedRegex(@"\./ingest (?<command>submit|events)\b", RegexOptions.None, MostMilliseconds)]
    private static partial Regex Remote();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.None, MostMilliseconds)]
    private static partial Regex Link();

    [GeneratedRegex("^Row[0-9][0-9]", RegexOptions.None, MostMilliseconds)]
    private static partial Regex NumberedRow();

    [GeneratedRegex("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", RegexOptions.None, MostMilliseconds)]
    private static partial Regex Uuid();

    /// <summary>In a pattern, where points and signs are escaped.</summary>
    [GeneratedRegex(@"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.\\]+(?:\\\+00:00|Z)", RegexOptions.None, MostMilliseconds)]
    private static partial Regex Moment();
}
