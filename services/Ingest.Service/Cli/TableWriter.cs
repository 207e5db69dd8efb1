using System.Globalization;
using Ingest.Core.Articles;
using Ingest.Service.Normalise;
using Spectre.Console;
using Story = Ingest.Contracts.V1.Story;

namespace Ingest.Service.Cli;

/// <summary>The readable table: an article a row of at most two lines, copies below the canonical of their story, and the totals.</summary>
sealed class TableWriter(TextWriter output, bool colour, int width) : IOutcomeWriter
{
    /// <summary>A table of more rows is not read; the totals still count every article.</summary>
    const int MaxRows = 200;

    /// <summary>What borders and the number of paragraphs take of the width.</summary>
    const int FixedWidth = 16 + 4;

    /// <summary>A relation and two shares, "revision 0.83 0.97"; in a narrow table "canonical" is the longest word.</summary>
    readonly int storyWidth = width < 100 ? 9 : 18;

    readonly List<Row> rows = [];
    readonly Dictionary<string, int> duplicates = new(StringComparer.Ordinal);

    /// <summary>The version of each story that is shown, and the number of the input that is its canonical: the last word about it counts.</summary>
    readonly Dictionary<Guid, (int Version, int Number)> canonicals = [];
    readonly Dictionary<string, int> removed = new(StringComparer.Ordinal);
    readonly Dictionary<string, int> rejected = new(StringComparer.Ordinal);
    int inputs, paragraphs;

    public void Write(Outcome outcome)
    {
        var (article, rejection) = (outcome.Result.Article, outcome.Result.Rejection);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var block in outcome.Result.Blocks)
            if (block.Kind.IsRemoved())
            {
                Count(counts, block.Kind.Name());
                Count(removed, block.Kind.Name());
            }

        if (rejection is not null)
            Count(rejected, OutcomeMapper.Hyphenated(rejection.Reason));
        paragraphs += article?.Body.Count ?? 0;
        var place = outcome.Story;
        if (place?.Relation is { } relation)
            Count(duplicates, relation);
        inputs++;
        if (place is not null && (canonicals.TryGetValue(place.Id, out var last) ? last.Version != place.Version : inputs <= MaxRows))
            canonicals[place.Id] = (place.Version, inputs);
        if (inputs > MaxRows)
            return;
        var headline = rejection is null ? article!.Headline ?? string.Join(" ", article.Body.Take(1)) : $"{OutcomeMapper.Hyphenated(rejection.Reason)}: {Fault(rejection)}";
        rows.Add(new Row(inputs, outcome.Input.Name, Terminal.Plain(headline), place, article?.Body.Count ?? 0, Counted(counts)));
    }

    public void Finish()
    {
        if (inputs == 0)
        {
            output.WriteLine("No articles.");
            output.Flush();
            return;
        }

        Terminal.Tables(output, colour, width).Write(Build());
        if (inputs > MaxRows)
            output.WriteLine($"… and {inputs - MaxRows} more; --output FILE writes all of them.");
        var bad = rejected.Values.Sum();
        var reasons = bad > 0 ? $" ({string.Join(", ", Counted(rejected))})" : "";
        var copies = duplicates.Values.Sum();
        var relations = copies > 0 ? $" ({string.Join(", ", Counted(duplicates))})" : "";
        output.WriteLine($"{Number(inputs, "article")}: {Number(inputs - bad - copies, "story", "stories")}, {Number(copies, "duplicate")}{relations}, {bad} rejected{reasons}. {Number(paragraphs, "paragraph")} kept.");
        output.WriteLine(removed.Count == 0 ? "Nothing removed." : Cells.Items([$"{Number(removed.Values.Sum(), "block")} removed: {Counted(removed)[0]}", .. Counted(removed).Skip(1)], width, int.MaxValue) + ".");
        output.Flush();
    }

    Table Build()
    {
        // Long paths give way first, then headline and removed blocks share what is left.
        var file = Math.Min(Math.Max(4, rows.Max(r => Cells.Width(Terminal.Plain(r.File)) + 2)), Math.Max(12, (width - FixedWidth - storyWidth) / 3));
        var rest = Math.Max(20, width - FixedWidth - storyWidth - file);
        var headline = rest * 11 / 20;
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn(new TableColumn("File").Width(file).NoWrap());
        table.AddColumn(new TableColumn("Headline").Width(headline));
        table.AddColumn(new TableColumn("Story").Width(storyWidth).NoWrap());
        table.AddColumn(new TableColumn("Kept").Width(4).RightAligned().NoWrap());
        table.AddColumn(new TableColumn("Removed").Width(rest - headline));
        foreach (var (row, copy) in ByStory())
            table.AddRow(
                new Text((copy ? "└ " : "") + Terminal.ShortenedPath(row.File, copy ? file - 2 : file)),
                new Text(Cells.Words(row.Headline, headline, 2)),
                Standing(row),
                new Text(row.Kept.ToString(CultureInfo.InvariantCulture)),
                new Text(Cells.Items(row.Removed, rest - headline, 2)));
        return table;
    }

    /// <summary>
    /// The rows in the order of their stories' first articles, in a story the canonical before its copies. Where the canonical came too
    /// late to be shown, the first heads the story.
    /// </summary>
    IEnumerable<(Row Row, bool Copy)> ByStory() => rows
        .GroupBy(r => r.Place is { } place ? (place.Id, 0) : (Guid.Empty, r.Number))
        .SelectMany(story => story.OrderBy(r => !IsCanonical(r)).ThenBy(r => r.Number).Select((row, at) => (row, at > 0)));

    bool IsCanonical(Row row) => row.Place is { } place && canonicals[place.Id].Number == row.Number;

    /// <summary>Canonical or rejected; of a copy the relation and, where there is room, resemblance and containment, in green where it became the canonical.</summary>
    Text Standing(Row row)
    {
        if (row.Place is not { } place)
            return new Text("rejected", new Style(Color.Red));
        var shade = new Style(IsCanonical(row) ? Color.Green : Color.Yellow);
        return place.Relation is not { } relation
            ? new Text(IsCanonical(row) ? "canonical" : "first", shade)
            : new Text(string.Create(CultureInfo.InvariantCulture, $"{relation,-8} {place.Resemblance:f2} {place.Containment:f2}")[..storyWidth].TrimEnd(), shade);
    }

    /// <summary>The detail without the file and line, which stand in the first column.</summary>
    static string Fault(Rejection rejection)
    {
        var at = rejection.Reason == RejectionReason.MalformedRecord ? rejection.Detail.IndexOf(", line ", StringComparison.Ordinal) : -1;
        return at < 0 ? rejection.Detail : rejection.Detail[(rejection.Detail.IndexOf(':', at) + 2)..];
    }

    static void Count(Dictionary<string, int> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;

    /// <summary>The most frequent first.</summary>
    static List<string> Counted(Dictionary<string, int> counts) =>
        [.. counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key} {c.Value}")];

    static string Number(int count, string noun, string? plural = null) => $"{count} {(count == 1 ? noun : plural ?? noun + "s")}";

    sealed record Row(int Number, string File, string Headline, Story? Place, int Kept, List<string> Removed);
}
