using Ingest.Core.Articles;
using Ingest.Core.Forms.Text;
using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Forms.Tables;

/// <summary>What one row, or one record that others made, says of each field: the best column first.</summary>
sealed class TableRow
{
    /// <summary>What parts the names of authors in one cell, beside what does in a byline. Not a comma: "Berg, Anna" is one.</summary>
    static readonly char[] Partings = ['|', '\n'];

    readonly List<(string Field, int Rank, string Column, string Value)> cells = [];

    /// <summary>The fields of which something is said, with the names of their columns.</summary>
    public IEnumerable<(string Field, string Column)> Columns => cells.Select(c => (c.Field, c.Column));

    public bool Has(string field) => cells.Exists(c => c.Field == field);

    /// <summary>Blank ones are left out.</summary>
    public void Add(string field, int rank, string column, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value))
            cells.Add((field, rank, column, value));
    }

    public FileEntry Entry(int number)
    {
        var body = Best("text") ?? "";
        var said = new ArticleMetadata(
            Url: Chars.OneLine(Best("url")),
            Feed: Chars.OneLine(Best("feed")),
            Headline: PlainText.Of(Best("headline")),
            Bylines: LooseWords.Names(Of("bylines").SelectMany(c => c.Value.Split(Partings))),
            Agency: Chars.OneLine(Best("agency")),
            Publisher: PlainText.Of(Best("publisher")),
            Dateline: Chars.OneLine(Best("dateline")),
            Published: Date("published"),
            Received: Date("received"),
            Language: LooseWords.Language(Best("language")))
        {
            Section = PlainText.Of(Best("section")),
            Copyright = PlainText.Of(Best("copyright")),
        };
        return new FileEntry(Chars.OneLine(Best("id")), number, body, PlainText.IsHtml(body), said);
    }

    string? Best(string field) => Of(field).FirstOrDefault().Value;

    IEnumerable<(string Column, string Value)> Of(string field) => cells.Where(c => c.Field == field).OrderBy(c => c.Rank)
        .GroupBy(c => c.Rank).Take(1).SelectMany(g => g).Select(c => (c.Column, c.Value));

    /// <summary>The first that can be read; one with its offset before one without.</summary>
    string? Date(string field)
    {
        var dates = cells.Where(c => c.Field == field).OrderBy(c => c.Rank)
            .Select(c => LooseDate.Read(c.Value) is { } read ? IsLocal(read) && ColumnNames.IsUtc(c.Column) ? read + "+00:00" : read : null).OfType<string>().ToList();
        return dates.Find(d => !IsLocal(d)) ?? (dates.Count > 0 ? dates[0] : null);
    }

    static bool IsLocal(string iso) => iso.Length <= "yyyy-MM-ddTHH:mm:ss".Length;
}
