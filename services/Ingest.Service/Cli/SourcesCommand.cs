using System.CommandLine;
using System.Globalization;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Sources;
using Ingest.Ledger;
using Ingest.Service.Display;
using Ingest.Service.Normalise;
using Spectre.Console;

namespace Ingest.Service.Cli;

/// <summary><c>ingest sources</c>: what each source sends, what of it is taken out, and what was learnt to be its boilerplate.</summary>
static class SourcesCommand
{
    /// <summary>The last articles of a source that are looked at for what is taken out of them.</summary>
    const int LookedAt = 100;

    public static Command Create()
    {
        var source = new Argument<string?>("SOURCE") { Description = "Show what was learnt of one source.", Arity = ArgumentArity.ZeroOrOne };
        var ledger = new Option<string>("--ledger")
        {
            Description = "The ledger to read; it is not changed.",
            DefaultValueFactory = _ => "ingest.db",
            HelpName = "FILE",
        };
        var command = new Command("sources", "List sources with their articles and what is removed from them; of one, what it was learnt to repeat.") { source, ledger };
        Mistyped.RefuseOptions(source, command);
        command.SetAction(parsed => Run(parsed.GetValue(source), parsed.GetValue(ledger)!));
        return command;
    }

    static int Run(string? source, string ledger)
    {
        try
        {
            using var file = LedgerFile.OpenUnchanged(ledger);
            if (file.IsEarlier)
                throw new LedgerException($"{ledger} was written by an earlier version, which kept no sources. 'ingest serve' or 'ingest run --ledger' brings it up to date.");
            using var output = Terminal.Output();
            var (log, console) = (new SourceLog(file), Terminal.Tables(output, !Console.IsOutputRedirected && Terminal.Coloured, Terminal.Width));
            if (source is null)
                console.Write(All(log));
            else
                One(log, source, console);
            return CommandLine.Success;
        }
        catch (LedgerException e)
        {
            Terminal.Complain(e.Message);
            return CommandLine.Unreadable;
        }
    }

    static Table All(SourceLog log)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn("Source").AddColumn(new TableColumn("Articles").RightAligned().NoWrap()).AddColumn(new TableColumn("Last (UTC)").NoWrap());
        table.AddColumn(new TableColumn("Removed").RightAligned().NoWrap()).AddColumn("Mostly");
        foreach (var source in log.All())
        {
            var text = Removed(log, source.Name, source.Articles);
            table.AddRow(
                new Text(Cells.Words(Terminal.Plain(source.Name), 40, 2)), Number(source.Articles),
                new Text(source.Last?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? ""), new Text(Percent(text.Share)), new Text(text.Mostly));
        }

        return table;
    }

    static void One(SourceLog log, string source, IAnsiConsole console)
    {
        var articles = log.Count(source);
        if (articles == 0)
            throw new LedgerException($"The ledger has no article of the source '{source}'. 'ingest sources' lists the sources.{Typos.Hint(source, [.. log.All().Select(s => s.Name)])}");
        var text = Removed(log, source, articles);
        console.WriteLine(Terminal.Plain(
            $"{source}: {articles} article{(articles == 1 ? "" : "s")}; of the text of the last {Math.Min(articles, LookedAt)}, {Percent(text.Share)} is removed{(text.Mostly.Length > 0 ? $" ({text.Mostly})" : "")}."));
        var learnt = Learnt(log, source, articles);
        if (learnt.Count == 0)
        {
            console.WriteLine("Nothing that it repeats was learnt: no line stands in three different articles.");
            return;
        }

        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn("It repeats").AddColumn(new TableColumn("Different articles").RightAligned()).AddColumn(new TableColumn("Of all").RightAligned().NoWrap());
        table.AddColumn("Such as");
        foreach (var passage in learnt)
            table.AddRow(
                new Text(Cells.Words(Terminal.Plain(passage.Text), 44, 3)),
                new Text(passage.Repeated.Articles == Repeated.MostCounted ? $"{Repeated.MostCounted} or more" : $"{passage.Repeated.Articles}"),
                new Text(Percent(passage.Share)),
                new Text(Cells.Words(Terminal.Plain(string.Join(", ", passage.Repeated.Ids.Take(Repeated.MostShown))), 40, 3)));
        console.Write(table);
    }

    /// <summary>What is known now, the most frequent first.</summary>
    static List<LearntPassage> Learnt(SourceLog log, string source, int articles)
    {
        var start = SourceHistory.Start(articles);
        var history = new SourceHistory(start);
        SourceBook.Learn(log, source, history, articles);
        // What is known are hashes: the texts are found in the articles once more.
        var found = new Dictionary<ulong, LearntPassage>();
        foreach (var article in log.Articles(source, start, articles))
            if (article.Text is { } text)
                foreach (var passage in history.Profile.Boilerplate(text))
                    found.TryAdd(passage.Key, passage);
        return [.. found.Values.OrderByDescending(p => p.Share).ThenByDescending(p => p.Text.Length)];
    }

    static (double Share, string Mostly) Removed(SourceLog log, string source, int articles)
    {
        const int Kinds = 3;
        var removed = new Dictionary<BlockKind, long>();
        long all = 0;
        foreach (var article in log.Articles(source, articles - LookedAt, articles, results: true))
        {
            foreach (var block in article.Result?.Blocks ?? [])
            {
                all += block.Span.Length;
                if (block.Kind.IsRemoved())
                    removed[block.Kind] = removed.GetValueOrDefault(block.Kind) + block.Span.Length;
            }
        }

        return (removed.Values.Sum() / (double)Math.Max(1, all),
            string.Join(", ", removed.Where(r => r.Value * 200 >= all).OrderByDescending(r => r.Value).Take(Kinds).Select(r => $"{r.Key.Name()} {Percent(r.Value / (double)all)}")));
    }

    static Text Number(int number) => new(number.ToString(CultureInfo.InvariantCulture));

    static string Percent(double share) => share.ToString("0 %", CultureInfo.InvariantCulture);
}
