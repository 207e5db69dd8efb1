using Ingest.Core.Articles;
using Ingest.Service.Normalise;
using Spectre.Console;

namespace Ingest.Service.Cli;

/// <summary>The readable table: an article a row, and the totals.</summary>
sealed class TableWriter : IOutcomeWriter
{
    /// <summary>A table of more rows is not read; the totals still count every article.</summary>
    const int MaxRows = 200;

    readonly Table table = new() { Border = TableBorder.Rounded };
    readonly SortedDictionary<string, int> removed = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, int> rejected = new(StringComparer.Ordinal);
    int rows, articles, paragraphs;

    public TableWriter()
    {
        table.AddColumn("File");
        table.AddColumn("Headline");
        table.AddColumn("Outcome");
        table.AddColumn(new TableColumn("Kept").RightAligned());
        table.AddColumn("Removed");
    }

    public void Write(Outcome outcome)
    {
        var result = outcome.Result;
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var block in result.Blocks)
            if (block.Kind.IsRemoved())
            {
                counts[block.Kind.Name()] = counts.GetValueOrDefault(block.Kind.Name()) + 1;
                removed[block.Kind.Name()] = removed.GetValueOrDefault(block.Kind.Name()) + 1;
            }

        if (result.Rejection is { } rejection)
            rejected[OutcomeMapper.Hyphenated(rejection.Reason)] = rejected.GetValueOrDefault(OutcomeMapper.Hyphenated(rejection.Reason)) + 1;
        else
            articles++;
        paragraphs += result.Article?.Body.Count ?? 0;
        if (++rows > MaxRows)
            return;
        table.AddRow(
            new Text(Terminal.Shortened(outcome.Input.Name, 40)),
            new Text(Terminal.Shortened(result.Article?.Headline ?? result.Rejection?.Detail ?? "", 60)),
            result.Rejection is null ? new Markup("[green]canonical[/]") : new Markup($"[red]rejected: {OutcomeMapper.Hyphenated(result.Rejection.Reason)}[/]"),
            new Text((result.Article?.Body.Count ?? 0).ToString()),
            new Text(Counted(counts)));
    }

    public void Finish()
    {
        if (rows > 0)
            AnsiConsole.Write(table);
        if (rows > MaxRows)
            AnsiConsole.WriteLine($"… and {rows - MaxRows} more; --output FILE writes all of them.");
        AnsiConsole.WriteLine($"{rows} inputs: {articles} canonical, {rejected.Values.Sum()} rejected{(rejected.Count > 0 ? $" ({Counted(rejected)})" : "")}. {paragraphs} paragraphs kept.");
        AnsiConsole.WriteLine(removed.Count > 0 ? $"Removed blocks: {Counted(removed)}." : "Nothing removed.");
    }

    static string Counted(SortedDictionary<string, int> counts) => string.Join(", ", counts.Select(c => $"{c.Key} {c.Value}"));
}
