using Dapper;
using Ingest.Ledger.Articles;

namespace Ingest.Ledger;

/// <summary>An article whose handling failed. It has no outcome yet.</summary>
/// <param name="Article">Its number in the order of acceptance.</param>
/// <param name="ArticleId">Our id.</param>
/// <param name="Id">The submitter's.</param>
/// <param name="Fault">The name of the fault.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Waits">Somebody asked for another try, which it waits for.</param>
public sealed record ArticleError(
    ArticleNumber Article, Guid ArticleId, string Id, FailedStage Stage, string Fault, string Detail,
    DateTimeOffset Occurred, int Attempts, bool Waits);

/// <summary>The articles whose handling failed, which wait for somebody to look at them.</summary>
public sealed class Errors(LedgerStore ledger)
{
    static readonly string All = $"""
        SELECT e.article, a.id, {Columns.Whole("submitted")}, e.stage, e.fault, e.detail, e.occurred, e.attempts,
          EXISTS (SELECT 1 FROM unfinished u WHERE u.article = e.article) AS waits
        FROM errors e JOIN articles a ON a.article = e.article
        """;

    public long Count() => ledger.Read(c => c.ExecuteScalar<long>("SELECT count(*) FROM errors"));

    /// <summary>The latest first.</summary>
    public IReadOnlyList<ArticleError> List(int most) =>
        ledger.Read(c => c.Query<Row>(All + " ORDER BY e.occurred DESC, e.article DESC LIMIT @most", new { most })
            .Select(r => r.Error(ledger)).ToList());

    public ArticleError? Find(Guid articleId) =>
        ledger.Read(c => c.QuerySingleOrDefault<Row>(All + " WHERE a.id = @id", new { id = Columns.Bytes(articleId) })?.Error(ledger));

    /// <summary>
    /// Lets a failed article be tried again by whoever runs the next stage; the account of its failure stays until it has an outcome.
    /// </summary>
    /// <returns>False where it has not failed, or waits already.</returns>
    public bool Retry(ArticleNumber article) => Retry("WHERE article = @article", new { article = article.Value }) > 0;

    /// <summary>The same for all that have failed.</summary>
    /// <returns>How many wait now that did not before.</returns>
    public int RetryAll() => Retry("WHERE true", null);

    int Retry(string which, object? parameters)
    {
        using var writer = ledger.OpenWriter();
        return writer.Transact(() => writer.Execute(
            $"INSERT INTO unfinished (article, open) SELECT article, 1 FROM errors {which} ON CONFLICT DO NOTHING", parameters), lane: true);
    }

    sealed class Row
    {
        public long Article { get; init; }
        public byte[] Id { get; init; } = [];
        public byte[] Submitted { get; init; } = [];
        public string Stage { get; init; } = "";
        public string Fault { get; init; } = "";
        public string Detail { get; init; } = "";
        public long Occurred { get; init; }
        public long Attempts { get; init; }
        public bool Waits { get; init; }

        public ArticleError Error(LedgerStore ledger) =>
            new(new ArticleNumber(Article), Columns.Id(Id), Columns.Text(Submitted),
                StoredWords.Stages.Read(Stage), ledger.Whole(Fault), ledger.Whole(Detail), Columns.Moment(Occurred), (int)Attempts, Waits);
    }
}
