using System.Globalization;
using Ingest.Core.Articles;
using CsvHelper;
using CsvHelper.Configuration;

namespace Ingest.Core.Forms.Tables;

/// <summary>Tables in text (CSV, TSV) whose first row names the columns. Each further row is an article.</summary>
internal static class TextTable
{
    const string Form = "a table of articles";

    /// <summary>Characters of a cell at least that are read before it counts as one without an end.</summary>
    const int LongestCell = 16 << 20;

    /// <summary>Columns that a rejection names.</summary>
    const int MostNamed = 40;

    static readonly char[] Delimiters = [',', ';', '\t', '|'];

    /// <summary>Whether its name or its sender says that it is a table: any text may have commas in its first line.</summary>
    public static bool Recognises(InputStart start) =>
        start.Name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || start.Name.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase)
        || start.ContentType is "text/csv" or "text/tab-separated-values" or "application/csv";

    /// <summary>The rows of a table as articles.</summary>
    public static IEnumerable<RawArticle> Read(Stream content, RawArticle file, InputLimits limits)
    {
        using var opened = TableText.Open(content, limits.MaxFile);
        if (opened is not { Reader: { } reader })
        {
            yield return opened.IsOver ? file with { OverLimit = limits.MaxFile } : file with { Refused = Rejection.Unreadable(Form, "It is no text.") };
            yield break;
        }

        var delimiter = Delimiter(opened.Beginning, out var isSaid);
        if (isSaid)
            reader.ReadLine();
        using var parser = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = delimiter.ToString(),
            BadDataFound = null,
            Mode = delimiter == '\t' && !HasQuotedCells(opened.Beginning) ? CsvMode.NoEscape : CsvMode.RFC4180,
            MaxFieldSize = Math.Max(LongestCell, (int)Math.Min(limits.MaxArticle * 4, int.MaxValue)),
        });
        if (!TryRead(parser, out _))
            yield break;
        var names = Enumerable.Range(0, parser.Count).Select(i => parser[i].Trim()).ToArray();
        var meanings = names.Select(n => ColumnNames.Of(n, limits.Columns)).ToArray();
        if (!Array.Exists(meanings, m => m?.Field == "text"))
        {
            yield return file with { Refused = WithoutText(names) };
            yield break;
        }

        string? fault;
        var number = 1;
        for (; TryRead(parser, out fault); number++)
            yield return Row(parser, names, meanings, delimiter).Entry(number).In(file, limits);
        if (fault is not null)
            yield return FileEntry.Numbered(file, null, number) with { Refused = Rejection.Unreadable("a row of " + Form, fault) };
    }

    /// <summary>The next row; a fault where there is one that cannot be read, and none behind it.</summary>
    static bool TryRead(CsvParser parser, out string? fault)
    {
        fault = null;
        try
        {
            return parser.Read();
        }
        catch (MaxFieldSizeException)
        {
            fault = "A cell has no end: most likely a quote is not closed. The rest of the table is not read.";
            return false;
        }
    }

    static TableRow Row(CsvParser parser, string[] names, (string Field, int Rank)?[] meanings, char delimiter)
    {
        var row = new TableRow();
        for (var i = 0; i < Math.Min(names.Length, parser.Count); i++)
            if (meanings[i] is { } meaning)
                row.Add(meaning.Field, meaning.Rank, names[i], delimiter == '\t' ? Unescaped(parser[i]) : parser[i]);
        return row;
    }

    static Rejection WithoutText(string[] names) => Rejection.Unreadable(Form,
        $"No column holds the text; its columns are {string.Join(", ", names.Take(MostNamed).Select(n => $"\"{(n.Length > 40 ? n[..40] + "…" : n)}\""))}"
        + $"{(names.Length > MostNamed ? $" and {names.Length - MostNamed} more" : "")}. Name it: --columns text=COLUMN, over HTTP ?columns=text=COLUMN.");

    /// <summary>What Excel's first line "sep=;" says; else what stands most often in the first row, outside of quotes.</summary>
    static char Delimiter(string text, out bool isSaid)
    {
        isSaid = text.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && text.AsSpan().IndexOfAny('\r', '\n') == 5;
        if (isSaid)
            return text[4];
        var counts = new int[Delimiters.Length];
        var isQuoted = false;
        foreach (var c in text)
        {
            if (c == '"')
                isQuoted = !isQuoted;
            else if (c is '\r' or '\n' && !isQuoted)
                break;
            else if (!isQuoted && Array.IndexOf(Delimiters, c) is >= 0 and var at)
                counts[at]++;
        }

        return Delimiters[Array.IndexOf(counts, counts.Max())];
    }

    /// <summary>
    /// Between tabs most programs quote nothing, so that a quote at the beginning of a cell is the text's own: then some word stands behind the
    /// second one.
    /// </summary>
    static bool HasQuotedCells(string table)
    {
        for (var at = 0; at < table.Length; at++)
        {
            if (table[at] != '"' || at > 0 && table[at - 1] is not ('\t' or '\n' or '\r'))
                continue;
            do
            {
                at = table.IndexOf('"', at + 1);
                if (at < 0)
                    return true;
            }
            while (at + 1 < table.Length && table[at + 1] == '"' && ++at > 0);
            if (at + 1 < table.Length && table[at + 1] is not ('\t' or '\n' or '\r'))
                return false;
        }

        return true;
    }

    /// <summary>Databases write a line break in a cell between tabs as <c>\n</c>.</summary>
    static string Unescaped(string cell)
    {
        if (!cell.Contains('\\'))
            return cell;
        var read = new System.Text.StringBuilder(cell.Length);
        for (var i = 0; i < cell.Length; i++)
        {
            var next = cell[i] == '\\' && i + 1 < cell.Length ? cell[i + 1] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', '\\' => '\\', _ => '\0' } : '\0';
            read.Append(next == '\0' ? cell[i] : next);
            i += next == '\0' ? 0 : 1;
        }

        return read.ToString();
    }
}
