namespace Ingest.Ledger.Decisions;

/// <summary>A row of the table <c>decisions</c> as Dapper fills it.</summary>
sealed class DecisionRow
{
    /// <summary>The columns, for a table that is called d.</summary>
    public const string Columns = """
        d.position, d.article, d.decided, d.number, d.story, d.canonical, d.version, d.relation, d.matched, d.resemblance, d.containment, d.changes, d.rejection,
        d.arrival, d.normaliser, d.headline, d.agency, d.publisher
        """;

    public long Position { get; init; }
    public long Article { get; init; }
    public long Decided { get; init; }
    public long? Number { get; init; }
    public long? Story { get; init; }
    public long? Canonical { get; init; }
    public long? Version { get; init; }
    public string? Relation { get; init; }
    public long? Matched { get; init; }
    public double? Resemblance { get; init; }
    public double? Containment { get; init; }
    public string? Changes { get; init; }
    public string? Rejection { get; init; }
    public long Arrival { get; init; }
    public string Normaliser { get; init; } = "";
    public string? Headline { get; init; }
    public string? Agency { get; init; }
    public string? Publisher { get; init; }

    public DecisionEntry Entry()
    {
        var join = Relation is null ? null : new DecidedJoin(Relation, Matched!.Value, Resemblance!.Value, Containment!.Value, Ledger.Columns.Changes(Changes));
        var place = Number is { } number ? new DecidedPlace(number, Story!.Value, Canonical!.Value, (int)Version!.Value, join) : null;
        return new DecisionEntry(Position, Article, Ledger.Columns.Moment(Decided), place, Rejection, Ledger.Columns.Moment(Arrival), Normaliser, Headline, Agency, Publisher);
    }
}
