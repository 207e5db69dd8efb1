using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Ingest.Contracts.V1;
using Ingest.Core.Forms;
using Ingest.Core.Normalisation.Sources;
using Ingest.Ledger;
using Ingest.Service.Display;
using Ingest.Service.Http;
using Ingest.Service.Normalise;
using Ingest.Service.Operations;
using Ingest.Service.Outcomes;
using Ingest.Service.Run;
using Ingest.Service.Serve;
using Spectre.Console;
using Repeated = Ingest.Core.Articles.Repeated;
using Verdict = Ingest.Core.Articles.Verdict;

namespace Ingest.Service.Cli;

/// <summary>
/// <c>ingest sources</c>: what each source sends, what of it is taken out, what was learnt to be its boilerplate; and rulings that overrule
/// what was learnt.
/// </summary>
static class SourcesCommand
{
    public static Command Create()
    {
        var source = new Argument<string?>("SOURCE") { Description = "Show what was learnt of one source, and what is ruled of it.", Arity = ArgumentArity.ZeroOrOne };
        var flags = new SourceFlags();
        var command = new Command("sources", "List sources with their articles and what is removed from them; of one, what it was learnt to repeat. Overrule what was learnt.")
        {
            source,
            Rule("keep", "Rule that a passage of a source is never removed for being repeated.", Verdict.Keep),
            Rule("remove", "Rule that a passage of a source is always removed, from the next article on.", Verdict.Remove),
            Forget(), Export(), Import(),
        };
        flags.AddTo(command);
        Mistyped.RefuseOptions(source, command);
        command.SetAction((parsed, cancellation) => Guarded(parsed, flags, LocalSources.OpenUnchanged, async access =>
        {
            using var output = Terminal.Output();
            var console = Terminal.Tables(output, !Console.IsOutputRedirected && Terminal.Coloured, Terminal.Width);
            if (parsed.GetValue(source) is { } one)
                Write(await access.State(RulingReader.Source(one), cancellation), console);
            else
                console.Write(All(await access.All(cancellation)));
        }, cancellation));
        return command;
    }

    static Command Rule(string name, string description, Verdict verdict)
    {
        var (source, text, flags) = (Source(), Text(), new SourceFlags());
        var command = new Command(name, description) { source, text };
        flags.AddTo(command);
        command.SetAction((parsed, cancellation) => Guarded(parsed, flags, place => place.OpenExisting(), async access =>
        {
            var ruled = await access.Rule(
                new NewRuling(RulingReader.Source(parsed.GetValue(source)!), Named(parsed.GetValue(text)!), verdict), cancellation);
            Say($"{ruled.Source}: '{ruled.Text}' is {(verdict == Verdict.Keep ? "kept" : "removed")} from now on.");
            if (ruled.Articles == 0)
                Terminal.Say($"There is no article of the source '{ruled.Source}' yet. 'ingest sources' lists the sources.");
        }, cancellation));
        return command;
    }

    static Command Forget()
    {
        var (source, text, flags) = (Source(), Text(), new SourceFlags());
        var command = new Command("forget", "Withdraw what is ruled of a passage of a source: what was learnt of it counts again.") { source, text };
        flags.AddTo(command);
        command.SetAction((parsed, cancellation) => Guarded(parsed, flags, place => place.OpenExisting(), async access =>
        {
            var (name, passage) = (RulingReader.Source(parsed.GetValue(source)!), Named(parsed.GetValue(text)!));
            await access.Withdraw(name, passage, cancellation);
            Say($"{name}: nothing is ruled of '{passage.Text}' any more.");
        }, cancellation));
        return command;
    }

    static Command Export()
    {
        var sources = new Argument<string[]>("SOURCE") { Description = "Export only these sources.", Arity = ArgumentArity.ZeroOrMore };
        var output = new Option<string?>("--output", "-o") { Description = "Write to FILE, or - for standard output.", HelpName = "FILE|-" };
        var flags = new SourceFlags();
        var command = new Command("export", "Write what was learnt of sources, and what is ruled of them, as JSON Lines.") { sources, output };
        flags.AddTo(command);
        Mistyped.RefuseOptions(sources, command);
        command.SetAction((parsed, cancellation) => Guarded(parsed, flags, LocalSources.OpenUnchanged, async access =>
        {
            var path = parsed.GetValue(output) is { } given and not "-" ? given : null;
            if (path is not null && flags.Ledger(parsed) is { } ledger && Clash.WithLedger(path, ledger))
                throw new LedgerException($"{path} is a file of the ledger {ledger} itself. Choose another file.");
            var passages = access.Export(parsed.GetValue(sources) ?? [], cancellation);
            await (path is null ? Write(passages, Terminal.Output()) : Write(passages, path));
        }, cancellation));
        return command;
    }

    static Command Import()
    {
        var file = new Argument<string>("FILE") { Description = "What 'ingest sources export' wrote; - for standard input." };
        var flags = new SourceFlags();
        var command = new Command("import", "Take over what was exported elsewhere: all of it or nothing. A ledger that is not there is made.") { file };
        flags.AddTo(command);
        Mistyped.RefuseOptions(file, command);
        command.SetAction((parsed, cancellation) =>
        {
            var lines = new Lazy<byte[]>(() => Read(parsed.GetValue(file)!));
            return Guarded(parsed, flags, place => Made(place, lines.Value), async access =>
            {
                var made = await access.Import(lines.Value, cancellation);
                Say($"{Passages(made.Imported)} imported, {made.Held} held already, {made.Outranked} ruled on by hand here.");
            }, cancellation);
        });
        return command;

        // No ledger is made for lines that it would not take.
        static LedgerStore Made(LedgerPlace ledger, byte[] lines)
        {
            RulingReader.Lines(lines);
            return ledger.Open();
        }
    }

    static Argument<string> Source() => new("SOURCE") { Description = "The source, as 'ingest sources' lists it." };

    static Argument<string> Text() => new("TEXT") { Description = "A line, or a sentence of one, as it stands in the articles." };

    static async Task<int> Guarded(
        ParseResult parsed, SourceFlags flags, Func<LedgerPlace, LedgerStore> open, Func<SourceAccess, Task> work, CancellationToken cancellation)
    {
        try
        {
            using var access = flags.Open(parsed, open);
            await work(access);
            return CommandLine.Success;
        }
        catch (SettingsException e)
        {
            Terminal.Complain(e.Message);
            return CommandLine.Usage;
        }
        catch (Exception e) when (e is LedgerException or RemoteException or FormatException or TooManyRulingsException)
        {
            Terminal.Complain(e.Message);
            return CommandLine.Unreadable;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return CommandLine.Interrupted;
        }
    }

    static void Say(string message)
    {
        using var output = Terminal.Output();
        output.WriteLine(Terminal.Plain(message));
    }

    static NamedPassage Named(string text) => RulingReader.Passage(text, "TEXT");

    static byte[] Read(string file)
    {
        try
        {
            using var stream = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
            return BoundedReader.TryReadAll(stream, RulingReader.MostBytes, out var bytes)
                ? bytes
                : throw new FormatException($"{file} has more than {RulingReader.MostBytes} bytes. Import it in parts.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"cannot read {file}: {(e is FileNotFoundException ? "there is no such file." : e.Message)}", e);
        }
    }

    /// <summary>Into a file, which is there as a whole or not at all.</summary>
    static async Task Write(IAsyncEnumerable<SourcePassage> passages, string path)
    {
        try
        {
            using var made = OutputFile.IsDirect(path) ? null : new OutputFile(path, overwrite: true);
            await Write(passages, new StreamWriter(made?.Create() ?? File.Create(path), Terminal.Utf8, 1 << 16));
            made?.Complete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"cannot write --output {path}: {e.Message}", e);
        }
    }

    static async Task Write(IAsyncEnumerable<SourcePassage> passages, StreamWriter output)
    {
        await using (output)
            await foreach (var passage in passages)
                output.Write(ReadableJson.Escaped(JsonSerializer.Serialize(passage, HttpJson.Default.SourcePassage)) + "\n");
    }

    static Table All(IReadOnlyList<SourceSummary> sources)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn("Source").AddColumn(new TableColumn("Articles").RightAligned().NoWrap()).AddColumn(new TableColumn("Last (UTC)").NoWrap());
        table.AddColumn(new TableColumn("Removed").RightAligned().NoWrap()).AddColumn("Mostly");
        foreach (var source in sources)
            table.AddRow(
                new Text(Cells.Words(Terminal.Plain(source.Source), 40, 2)), new Text(source.Articles.ToString(CultureInfo.InvariantCulture)),
                new Text(source.Last?.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? ""),
                new Text(Percent(source.Removed.Sum(r => r.Share))), new Text(Mostly(source.Removed)));
        return table;
    }

    static void Write(SourceState source, IAnsiConsole console)
    {
        var mostly = Mostly(source.Removed);
        console.WriteLine(Terminal.Plain(source.Articles == 0
            ? $"{source.Source}: no articles yet."
            : $"{source.Source}: {source.Articles} article{(source.Articles == 1 ? "" : "s")}; of the text of the last {Math.Min(source.Articles, SourceDesk.LookedAt)}, {Percent(source.Removed.Sum(r => r.Share))} is removed{(mostly.Length > 0 ? $" ({mostly})" : "")}."));
        if (source.Passages.Count == 0)
        {
            console.WriteLine("Nothing that it repeats was learnt: no line stands in three different articles.");
            return;
        }

        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn("It repeats").AddColumn("Ruled").AddColumn(new TableColumn("Different articles").RightAligned());
        table.AddColumn(new TableColumn("Of all").RightAligned().NoWrap()).AddColumn("Such as");
        foreach (var passage in source.Passages)
            table.AddRow(
                new Text(Cells.Words(Terminal.Plain(passage.Text), 38, 3)), new Text(Terminal.Plain(Told(passage.Ruling))),
                new Text(passage.Articles == Repeated.MostCounted ? $"{Repeated.MostCounted} or more" : $"{passage.Articles}"),
                new Text(passage.Share is { } share ? Percent(share) : ""),
                new Text(Cells.Words(Terminal.Plain(string.Join(", ", passage.Ids ?? [])), 40, 3)));
        console.Write(table);
        if (source.More > 0)
            console.WriteLine($"{Passages(source.More)} more. 'ingest sources export' writes them.");
    }

    static string Told(string? ruling) => ruling switch
    {
        null => "",
        "learnt" => "learnt elsewhere",
        _ => ruling,
    };

    static string Mostly(IReadOnlyList<RemovedShare> removed)
    {
        const int Kinds = 3;
        const double Least = 0.005;
        return Terminal.Plain(string.Join(", ", removed.Where(r => r.Share >= Least).Take(Kinds).Select(r => $"{r.Kind} {Percent(r.Share)}")));
    }

    static string Passages(int number) => $"{number} passage{(number == 1 ? "" : "s")}";

    static string Percent(double share) => share.ToString("0 %", CultureInfo.InvariantCulture);
}
