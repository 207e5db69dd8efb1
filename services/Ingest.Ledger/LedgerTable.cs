namespace Ingest.Ledger;

/// <summary>What a column holds, whichever way a store keeps it.</summary>
enum ColumnKind
{
    Number,
    Real,

    /// <summary>A text that this program made itself, which has no U+0000.</summary>
    Word,

    /// <summary>See <see cref="LedgerStore.Kept"/>.</summary>
    Text,

    /// <summary>See <see cref="LedgerStore.Exact"/>.</summary>
    Exact,
    Bytes,

    /// <summary>The content of an article, packed (see <see cref="Articles.Packing"/>), whether or not the store has it so.</summary>
    Content,
}

/// <summary>
/// A table as both stores have it. A row of it is, column by column, a long, a double, bytes or null; a text is its bytes in UTF-8. Whoever reads or
/// writes whole rows takes the columns from here, in this order.
/// </summary>
/// <param name="Before">Which rows belong to the decisions before a position; null where all do.</param>
sealed record LedgerTable(string Name, (string Name, ColumnKind Kind)[] Columns, Func<long, string>? Before = null)
{
    public static LedgerTable Results { get; } = Of("results", "article result:bytes", OfDecided);

    public static LedgerTable Decisions { get; } = Of("decisions",
        "position article decided number story canonical version relation:word matched resemblance:real containment:real changes:word rejection:word "
        + "arrival normaliser:word headline:text agency:text publisher:text source of_source learnt ruled",
        position => FormattableString.Invariant($"position < {position}"));

    public static LedgerTable Fingerprints { get; } = Of("fingerprints",
        "number story canonical version arrival clock hops sampled thinning text_hash oldest posted:bytes",
        position => FormattableString.Invariant($"number <= (SELECT coalesce(max(number), 0) FROM decisions WHERE position < {position})"));

    /// <summary>
    /// Those to which rows are only added, each under a higher number, in the order in which rows lean on one another. The first column is the
    /// number.
    /// </summary>
    public static readonly LedgerTable[] Growing =
    [
        Of("articles", "article id:bytes submitted:exact feed:exact sender:text accepted form:word metadata:word content:content", OfDecided),
        Results,
        Of("sources", "source name:word"),
        Of("rulings", "ruling source passage:text verdict:word made"),
        Decisions,
        Fingerprints,
    ];

    /// <summary>Those whose rows come, change and go; they are few.</summary>
    public static readonly LedgerTable[] Changing =
    [
        Of("unfinished", "article open"),
        Held,
        Of("errors", "article stage:word fault:text detail:text occurred attempts"),
        Of("publications", "destination:word position"),
        Of("unsent", "destination:word position type:word cause:word detail:text since"),
        Of("idempotency", "key:exact content:bytes used"),
        Settings,
    ];

    public static IEnumerable<LedgerTable> All => [.. Growing, .. Changing];

    /// <summary>See <see cref="Retention"/>.</summary>
    public static LedgerTable Held => Of("held", "article", OfDecided);

    public static LedgerTable Settings => Of("settings", "name:word value:text");

    /// <summary>The column of the number, or of what else is unlike any other row's.</summary>
    public string Key => Columns[0].Name;

    /// <summary>The columns as a query names them.</summary>
    /// <param name="before">What stands before each name.</param>
    public string Names(string before = "") => string.Join(", ", Columns.Select(c => before + c.Name));

    public bool HasContent => Columns[^1].Kind == ColumnKind.Content;

    static string OfDecided(long position) => FormattableString.Invariant($"article IN (SELECT article FROM decisions WHERE position < {position})");

    static LedgerTable Of(string name, string columns, Func<long, string>? before = null) => new(name, [.. columns.Split(' ').Select(c =>
        c.Split(':') is [var column, var kind] ? (column, Enum.Parse<ColumnKind>(kind, ignoreCase: true)) : (c, ColumnKind.Number))], before);
}
