namespace Ingest.Core.Forms;

/// <summary>
/// Which column of a table, or member of a record in JSON, holds which field, where its name does not tell. It notes what it is asked for:
/// afterwards it knows which of its columns no table has. For one reader at a time.
/// </summary>
public sealed class ColumnMap
{
    /// <summary>Columns that a message names.</summary>
    const int MostNamed = 40;

    /// <summary>By the column's name, as <c>text=body</c> gives it the other way round.</summary>
    readonly Dictionary<string, string> fields = new(StringComparer.OrdinalIgnoreCase);
    readonly HashSet<string> found = new(StringComparer.OrdinalIgnoreCase);
    readonly HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The fields that may be given.</summary>
    public static IReadOnlyList<string> Fields { get; } =
    [
        "id", "text", "headline", "bylines", "published", "url", "publisher", "agency", "language", "section", "dateline", "copyright", "feed", "received",
    ];

    /// <summary>Every column is known by its name.</summary>
    public static ColumnMap None { get; } = new();

    public bool IsEmpty => fields.Count == 0;

    /// <param name="given"><c>FIELD=COLUMN</c>, several separated by commas; nothing for <see cref="None"/>.</param>
    /// <exception cref="FormatException">It cannot be read; the message says what is wrong with it, and what to do.</exception>
    public static ColumnMap Parse(string? given)
    {
        if (string.IsNullOrEmpty(given))
            return None;
        var map = new ColumnMap();
        foreach (var pair in given.Split(','))
        {
            var (field, column) = pair.IndexOf('=') is >= 0 and var at ? (pair[..at].Trim().ToLowerInvariant(), pair[(at + 1)..].Trim()) : ("", "");
            if (field.Length == 0 || column.Length == 0)
                throw new FormatException($"'{pair.Trim()}' is not FIELD=COLUMN, as in text=body,headline=title.");
            if (!Fields.Contains(field))
                throw new FormatException($"there is no field '{field}'. The fields are {string.Join(", ", Fields)}.");
            if (map.fields.ContainsValue(field))
                throw new FormatException($"the field '{field}' is given twice. Name one column for it.");
            if (!map.fields.TryAdd(column, field))
                throw new FormatException($"the column '{column}' is given for two fields, {map.fields[column]} and {field}. Name it once.");
        }

        return map;
    }

    /// <summary>The field that a column holds; null where that is not given.</summary>
    public string? FieldOf(string column)
    {
        if (IsEmpty)
            return null;
        var field = fields.GetValueOrDefault(column.Trim());
        if (field is not null)
            found.Add(column.Trim());
        else if (seen.Count < MostNamed)
            seen.Add(column.Trim());
        return field;
    }

    /// <summary>What is wrong, and what to do, where a column that was given is in nothing that was read; else null.</summary>
    public string? Missing()
    {
        if (fields.Keys.FirstOrDefault(c => !found.Contains(c)) is not { } missing)
            return null;
        var others = found.Concat(seen).Select(c => $"'{(c.Length > 40 ? c[..40] + "…" : c)}'").ToList();
        return $"{fields[missing]}={missing}: no table or record in JSON has a column '{missing}'. "
            + (others.Count == 0 ? "There is no table or record in what was read: name no columns for it." : $"There are {string.Join(", ", others)}.");
    }
}
