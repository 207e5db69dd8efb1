using System.Globalization;
using Ingest.Core.Articles;
using Ingest.Service.Display;
using Ingest.Service.Outcomes;
using Story = Ingest.Contracts.V1.Story;

namespace Ingest.Service.Run;

/// <summary>
/// The readable table and the totals. An article is a row of one line, on a narrow terminal of two, the second with its headline;
/// copies stand below the canonical of their story, and a story that has copies stands apart.
/// </summary>
sealed class TableWriter(TextWriter output, bool colour, int width) : IOutcomeWriter
{
    /// <summary>A table of more rows is not read; the totals still count every article.</summary>
    const int MaxRows = 200;

    /// <summary>
    /// The widths from which on there is room for a row in one line, for resemblance and containment, and for what was removed.
    /// </summary>
    const int OneLine = 100, Shares = 120, Removed = 60;

    /// <summary>
    /// More characters of a headline than a row can show; without a headline the first paragraph stands for it, which may be long.
    /// </summary>
    const int MostHeadline = 400;

    const string Gap = "  ";

    readonly List<Row> rows = [];
    readonly Dictionary<string, int> duplicates = new(StringComparer.Ordinal);

    /// <summary>
    /// The version of each story that is shown, and the number of the input that is its canonical: the last word about it counts.
    /// </summary>
    readonly Dictionary<Guid, (int Version, int Number)> canonicals = [];
    readonly Dictionary<string, int> removed = new(StringComparer.Ordinal);
    readonly Dictionary<string, int> rejected = new(StringComparer.Ordinal);

    /// <summary>The articles so far: the same one may be among the inputs again.</summary>
    readonly HashSet<Guid> seen = [];
    int inputs, paragraphs, again;

    public void Write(Outcome outcome)
    {
        var (article, rejection) = (outcome.Result.Article, outcome.Result.Rejection);
        var isAgain = !seen.Add(outcome.Submission.ArticleId);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var block in outcome.Result.Blocks)
            if (block.Kind.IsRemoved())
            {
                Count(counts, block.Kind.Name());
                Count(removed, block.Kind.Name());
            }

        paragraphs += article?.Body.Count ?? 0;
        var place = outcome.Story;
        if (isAgain)
            again++;
        else if (rejection is not null)
            Count(rejected, OutcomeMapper.Word(rejection.Reason));
        else if (place?.Relation is { } relation)
            Count(duplicates, relation);
        inputs++;
        if (place is not null && (canonicals.TryGetValue(place.Id, out var last) ? last.Version != place.Version : inputs <= MaxRows))
            canonicals[place.Id] = (place.Version, inputs);
        if (inputs > MaxRows)
            return;
        var headline = rejection is null
            ? article!.Headline ?? string.Join(" ", article.Body.Take(1))
            : $"{OutcomeMapper.Word(rejection.Reason)}: {Advice.Detail(rejection, Audience.CommandLine)}";
        rows.Add(new Row(
            inputs, outcome.Name, Terminal.Plain(headline.Length > MostHeadline ? headline[..MostHeadline] : headline), place,
            article?.Body.Count ?? 0, Counted(counts), isAgain));
    }

    public void Finish()
    {
        if (inputs == 0)
        {
            output.WriteLine("No articles.");
            output.Flush();
            return;
        }

        WriteRows();
        if (inputs > MaxRows)
            output.WriteLine($"… and {inputs - MaxRows} more; --output FILE writes all of them.");
        var bad = rejected.Values.Sum();
        var reasons = bad > 0 ? $" ({string.Join(", ", Counted(rejected))})" : "";
        var copies = duplicates.Values.Sum();
        var relations = copies > 0 ? $" ({string.Join(", ", Counted(duplicates))})" : "";
        var repeated = again > 0 ? $", {again} repeated" : "";
        var totals = $"{Number(inputs, "article")}: {Number(inputs - bad - copies - again, "story", "stories")}, "
            + $"{Number(copies, "duplicate")}{relations}, {bad} rejected{reasons}{repeated}. {Number(paragraphs, "paragraph")} kept.";
        output.WriteLine(Cells.Lines(totals.Split(' '), width));
        var kinds = Counted(removed);
        output.WriteLine(kinds.Count == 0
            ? "Nothing removed."
            : Cells.Lines(
                [.. $"{Number(removed.Values.Sum(), "block")} removed:".Split(' '), .. kinds.Select((kind, i) => kind + (i + 1 < kinds.Count ? "," : "."))],
                width));
        output.Flush();
    }

    void WriteRows()
    {
        var (oneLine, hasRemoved) = (width >= OneLine, width >= Removed);
        var stories = ByStory();
        var kept = Math.Max("Kept".Length, rows.Max(r => Digits(r.Kept).Length));
        var story = Math.Max("Story".Length, rows.Max(r => Standing(r).Text.Length));

        // What each column would need, and what there is for the three: long paths give way first, then removed
        // blocks and headlines share the rest.
        var fileNeed = Math.Max("File".Length, stories.Max(s => s.Max(r => Cells.Width(Terminal.Plain(r.Row.File)) + r.Mark.Length)));
        var headlineNeed = oneLine ? Math.Max("Headline".Length, rows.Max(r => Cells.Width(r.Headline))) : 0;
        var removedNeed = hasRemoved ? Math.Max("Removed".Length, rows.Max(r => Cells.Width(string.Join(", ", r.Removed)))) : 0;
        var free = width - kept - story - Gap.Length * (2 + (oneLine ? 1 : 0) + (hasRemoved ? 1 : 0));
        var file = Math.Min(fileNeed, Math.Max(oneLine ? free / 3 : free / 2, free - headlineNeed - removedNeed));
        var blocks = Math.Min(removedNeed, Math.Max((free - file) * 2 / 5, free - file - headlineNeed));
        var headline = Math.Min(headlineNeed, free - file - blocks);
        var rule = new string('─', oneLine ? file + headline + story + kept + blocks + Gap.Length * 4 : width);

        Line("File", "  ", "Headline", ("Story", null), "Kept", "Removed");
        output.WriteLine(rule);
        for (var i = 0; i < stories.Count; i++)
        {
            if (i > 0 && (stories[i].Count > 1 || stories[i - 1].Count > 1))
                output.WriteLine();
            foreach (var (row, mark, below) in stories[i])
                Line(
                    mark + Terminal.ShortenedPath(row.File, file - mark.Length), below, row.Headline, Standing(row),
                    Digits(row.Kept), Cells.Items(row.Removed, blocks));
        }

        output.WriteLine(rule);

        void Line(string name, string below, string title, (string Text, int? Shade) standing, string number, string items)
        {
            var shaded = colour && standing.Shade is { } shade ? $"\e[{shade}m{standing.Text}\e[0m" : standing.Text;
            var line = Cells.Padded(name, file) + Gap
                + (oneLine ? Cells.Padded(Cells.Words(title, headline, 1), headline) + Gap : "")
                + shaded + new string(' ', story - standing.Text.Length) + Gap
                + number.PadLeft(kept)
                + (hasRemoved ? Gap + items : "");
            output.WriteLine(line.TrimEnd());
            if (!oneLine)
                output.WriteLine((below + Cells.Words(title, width - below.Length, 1)).TrimEnd());
        }
    }

    /// <summary>
    /// The rows in the order of their stories' first articles, in a story the canonical before its copies, each with what stands
    /// before its name and before a second line. Where the canonical came too late to be shown, the first heads the story.
    /// </summary>
    List<List<(Row Row, string Mark, string Below)>> ByStory() => [.. rows
        .GroupBy(r => r.Place is { } place ? (place.Id, 0) : (Guid.Empty, r.Number))
        .Select(story => story.OrderBy(r => !IsCanonical(r)).ThenBy(r => r.Number).ToList())
        .Select(story => story.Select((row, at) => (at, story.Count - at) switch
        {
            (0, 1) => (row, "", "  "),
            (0, _) => (row, "", "│ "),
            (_, 1) => (row, "└ ", "    "),
            _ => (row, "├ ", "│   "),
        }).ToList())];

    bool IsCanonical(Row row) => row.Place is { } place && canonicals[place.Id].Number == row.Number;

    /// <summary>
    /// Canonical or rejected; of a copy the relation and, where there is room, resemblance and containment. With the colour as
    /// terminals number it: green for the canonical of a story, yellow for the others in it.
    /// </summary>
    (string Text, int? Shade) Standing(Row row)
    {
        if (row.Again)
            return ("repeated", 33);
        if (row.Place is not { } place)
            return ("rejected", 31);
        var canonical = IsCanonical(row);
        var text = place.Relation is not { } relation ? canonical ? "canonical" : "first"
            : width < Shares ? relation
            : string.Create(CultureInfo.InvariantCulture, $"{relation,-8} {place.Resemblance:f2} {place.Containment:f2}");
        return (text, canonical ? 32 : 33);
    }

    static string Digits(int number) => number.ToString(CultureInfo.InvariantCulture);

    static void Count(Dictionary<string, int> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;

    /// <summary>The most frequent first.</summary>
    static List<string> Counted(Dictionary<string, int> counts) =>
        [.. counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key} {c.Value}")];

    static string Number(int count, string noun, string? plural = null) => $"{count} {(count == 1 ? noun : plural ?? noun + "s")}";

    sealed record Row(int Number, string File, string Headline, Story? Place, int Kept, List<string> Removed, bool Again);
}
