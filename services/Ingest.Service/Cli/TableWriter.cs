using System.Globalization;
using Ingest.Core.Articles;
using Ingest.Service.Deduplicate;
using Ingest.Service.Normalise;
using Spectre.Console;

namespace Ingest.Service.Cli;

/// <summary>The readable table: an article a row of at most two lines, copies below the canonical of their story, and the totals.</summary>
sealed class TableWriter(TextWriter output, bool colour, int width) : IOutcomeWriter
{
    /// <summary>A table of more rows is not read; the totals still count every article.</summary>
    const int MaxRows = 200;

    /// <summary>What borders, the outcome and the number of paragraphs take of the width.</summary>
    const int FixedWidth = 16 + StoryWidth + 4;

    /// <summary>A relation and two shares: "revision 0.83 0.97".</summary>
    const int StoryWidth = 18;

    readonly List<Row> rows = [];
    readonly Dictionary<string, int> duplicates = new(StringComparer.Ordinal);

    /// <summary>The canonical of each story that is shown: the last word about it counts.</summary>
    readonly Dictionary<Guid, string> canonicals = [];
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
        if (place?.Match is { } match)
            Count(duplicates, match.Relation.ToString().ToLowerInvariant());
        if (place is not null && (rows.Count < MaxRows || canonicals.ContainsKey(place.Id)))
            canonicals[place.Id] = place.Canonical;
        if (++inputs > MaxRows)
            return;
        var headline = rejection is null ? article!.Headline ?? string.Join(" ", article.Body.Take(1)) : $"{OutcomeMapper.Hyphenated(rejection.Reason)}: {Fault(rejection)}";
        rows.Add(new Row(outcome.Input.Id, outcome.Input.Name, Terminal.Plain(headline), place, article?.Body.Count ?? 0, Counted(counts)));
    }

    public void Finish()
    {
        if (inputs == 0)
        {
            output.WriteLine("No articles.");
            output.Flush();
            return;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colour ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        console.Write(Build());
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
        var file = Math.Min(Math.Max(4, rows.Max(r => Cells.Width(Terminal.Plain(r.File)) + 2)), Math.Max(12, (width - FixedWidth) / 3));
        var rest = Math.Max(20, width - FixedWidth - file);
        var headline = rest * 11 / 20;
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn(new TableColumn("File").Width(file).NoWrap());
        table.AddColumn(new TableColumn("Headline").Width(headline));
        table.AddColumn(new TableColumn("Story").Width(StoryWidth).NoWrap());
        table.AddColumn(new TableColumn("Kept").Width(4).RightAligned().NoWrap());
        table.AddColumn(new TableColumn("Removed").Width(rest - headline));
        foreach (var row in ByStory())
        {
            var copy = row.Place is { } place && canonicals[place.Id] != row.Id;
            table.AddRow(
                new Text((copy ? "└ " : "") + Terminal.ShortenedPath(row.File, copy ? file - 2 : file)),
                new Text(Cells.Words(row.Headline, headline, 2)),
                Standing(row),
                new Text(row.Kept.ToString(CultureInfo.InvariantCulture)),
                new Text(Cells.Items(row.Removed, rest - headline, 2)));
        }

        return table;
    }

    /// <summary>The rows in the order of their stories' first articles, in a story the canonical before its copies.</summary>
    IEnumerable<Row> ByStory() => rows
        .Select((row, at) => (Row: row, At: at))
        .GroupBy(r => r.Row.Place is { } place ? (place.Id, 0) : (Guid.Empty, r.At))
        .SelectMany(story => story.OrderBy(r => r.Row.Place is { } place && canonicals[place.Id] != r.Row.Id).ThenBy(r => r.At))
        .Select(r => r.Row);

    /// <summary>Canonical or rejected; of a copy the relation, resemblance and containment, in green where it became the canonical.</summary>
    Text Standing(Row row)
    {
        if (row.Place is not { } place)
            return new Text("rejected", new Style(Color.Red));
        var shade = new Style(canonicals[place.Id] == row.Id ? Color.Green : Color.Yellow);
        return place.Match is not { } match
            ? new Text(canonicals[place.Id] == row.Id ? "canonical" : "first", shade)
            : new Text(string.Create(CultureInfo.InvariantCulture, $"{match.Relation.ToString().ToLowerInvariant(),-8} {match.Similarity.Resemblance:f2} {match.Similarity.Containment:f2}"), shade);
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

    sealed record Row(string Id, string File, string Headline, StoryPlace? Place, int Kept, List<string> Removed);
}
