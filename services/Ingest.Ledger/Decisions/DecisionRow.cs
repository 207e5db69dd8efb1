using Ingest.Core.Normalisation.Sources;
using Ingest.Ledger.Articles;

namespace Ingest.Ledger.Decisions;

/// <summary>A row of the table <c>decisions</c> as Dapper fills it.</summary>
sealed class DecisionRow
{
    /// <summary>The columns, for a table that is called d.</summary>
    public const string Columns = """
        d.position, d.article, d.decided, d.number, d.story, d.canonical, d.version, d.relation, d.matched, d.resemblance, d.containment, d.changes, d.rejection,
        d.arrival, d.normaliser, d.headline, d.agency, d.publisher, d.of_source AS ofSource, d.learnt, d.ruled,
        (SELECT s.name FROM sources s WHERE s.source = d.source) AS source
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
    public string? Source { get; init; }
    public long? OfSource { get; init; }
    public long? Learnt { get; init; }
    public long? Ruled { get; init; }

    /// <exception cref="StoredResultException">The row has a word that this program does not know.</exception>
    public DecisionEntry Entry(LedgerStore ledger)
    {
        var join = Relation is null
            ? null
            : new DecidedJoin(StoredWords.Relations.Read(Relation), new StoryNumber(Matched!.Value),
                Resemblance!.Value, Containment!.Value, Ledger.Columns.Changes(Changes));
        var place = Number is { } number
            ? new DecidedPlace(new StoryNumber(number), new StoryNumber(Story!.Value),
                new StoryNumber(Canonical!.Value), (int)Version!.Value, join)
            : null;
        return new DecisionEntry(
            new LogPosition(Position), new ArticleNumber(Article), Ledger.Columns.Moment(Decided), place,
            Rejection is null ? null : StoredWords.Rejections.Read(Rejection), Ledger.Columns.Moment(Arrival),
            Normaliser, ledger.Whole(Headline), ledger.Whole(Agency), ledger.Whole(Publisher))
        {
            Source = Source is null ? null : new DecidedSource(Source, (int)OfSource!.Value, new SourceKnowledge((int)Learnt!.Value, (int)(Ruled ?? 0))),
        };
    }
}
