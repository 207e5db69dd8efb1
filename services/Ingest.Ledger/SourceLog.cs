using Dapper;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger.Articles;

namespace Ingest.Ledger;

/// <summary>A source with what the ledger has of it.</summary>
/// <param name="Articles">That are decided and not rejected.</param>
/// <param name="Last">When the last of them was decided; null where there is none.</param>
public sealed record SourceRow(string Name, int Articles, DateTimeOffset? Last);

/// <summary>An article of a source.</summary>
/// <param name="Id">The submitter's.</param>
/// <param name="raw">Reads it.</param>
/// <param name="stored">In the form of <see cref="StoredResult"/>.</param>
public sealed class ArticleOfSource(string id, Func<RawArticle> raw, byte[] stored)
{
    public string Id => id;

    /// <summary>Null where the row is damaged, which <see cref="LedgerCheck"/> tells.</summary>
    /// <exception cref="NoLongerKeptException">It is no longer kept: what would be learnt without it is not what was learnt.</exception>
    public ArticleText? Text => Sound(() => RawReader.Read(raw()).Article);

    /// <summary>What the normaliser made of it; null where that, or the row, is damaged or no longer kept.</summary>
    public NormalisationResult? Result
    {
        get
        {
            try
            {
                return Sound(() => StoredResult.Read(stored, RawReader.Text(raw())));
            }
            catch (NoLongerKeptException)
            {
                return null;
            }
        }
    }

    static T? Sound<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (StoredResultException e) when (e is not NoLongerKeptException)
        {
            return null;
        }
    }
}

/// <summary>Reads the log by sources.</summary>
public sealed class SourceLog(LedgerStore ledger)
{
    /// <summary>Articles that a source has in the log.</summary>
    public int Count(string source) => (int)(ledger.Read(c => c.ExecuteScalar<long?>(
        "SELECT max(of_source) FROM decisions WHERE source = (SELECT source FROM sources WHERE name = @source)", new { source })) ?? 0);

    /// <summary>The articles of a source behind the first so many, in the order of the log.</summary>
    /// <param name="to">The number of the last.</param>
    /// <param name="results">Read what the normaliser made of them too.</param>
    public IEnumerable<ArticleOfSource> Articles(string source, int after, int to, bool results = false) => ledger.Stream(c => c.Query<ResultRow>($"""
        SELECT {ArticleRow.All(ledger)}{(results ? ", (SELECT r.result FROM results r WHERE r.article = d.article) AS result" : "")}
        FROM decisions d JOIN articles a ON a.article = d.article{ledger.JoinContents}
        WHERE d.source = (SELECT source FROM sources WHERE name = @source) AND d.of_source > @after AND d.of_source <= @to ORDER BY d.of_source
        """, new { source, after, to }, buffered: false).Select(r => new ArticleOfSource(Columns.Text(r.Submitted), () => r.Raw() ?? throw new NoLongerKeptException($"The text of an article of the source '{source}' is no longer kept (Ingest:Retention:Articles), and what was learnt with it cannot be learnt again."), r.Result ?? [])));

    /// <summary>All sources that have articles or rulings, those with the most articles first.</summary>
    public IReadOnlyList<SourceRow> All() => Rows("true ORDER BY articles DESC, s.name", null);

    /// <summary>The next of them by name, in the order of their code points.</summary>
    /// <param name="after">The last that is known already; empty for the first.</param>
    public IReadOnlyList<SourceRow> After(string after, int most) => Rows("s.name > @after ORDER BY s.name LIMIT @most", new { after, most });

    /// <summary>A source; null where it has neither articles nor rulings.</summary>
    public SourceRow? Find(string source) => Rows("s.name = @source", new { source }) is [var row] ? row : null;

    List<SourceRow> Rows(string which, object? parameters) => ledger.Read(c => c.Query<(string Name, long Articles, long? Last)>($"""
        SELECT s.name, coalesce(d.of_source, 0) AS articles, d.decided FROM sources s
        LEFT JOIN decisions d ON d.source = s.source AND d.of_source = (SELECT max(of_source) FROM decisions l WHERE l.source = s.source)
        WHERE (d.source IS NOT NULL OR EXISTS (SELECT 1 FROM rulings r WHERE r.source = s.source)) AND {which}
        """, parameters).Select(r => new SourceRow(r.Name, (int)r.Articles, r.Last is { } last ? Columns.Moment(last) : null)).ToList());

    sealed class ResultRow : ArticleRow
    {
        public byte[]? Result { get; init; }
    }
}
