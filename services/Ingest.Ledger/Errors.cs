using Dapper;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation;
using Ingest.Ledger.Articles;
using Ingest.Ledger.Decisions;

namespace Ingest.Ledger;

/// <summary>An article whose handling failed. It has no outcome yet.</summary>
/// <param name="Article">Its number in the order of acceptance.</param>
/// <param name="Stage">The stage that failed.</param>
/// <param name="Fault">The name of the fault.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Waits">Somebody asked for another try, which it waits for.</param>
public sealed record ArticleError(long Article, Guid Id, string Submitted, string Stage, string Fault, string Detail, DateTimeOffset Occurred, int Attempts, bool Waits);

/// <summary>The articles whose handling failed, which wait for somebody to look at them.</summary>
public sealed class Errors(LedgerFile ledger)
{
    const string All = """
        SELECT e.article, a.id, a.submitted, e.stage, e.fault, e.detail, e.occurred, e.attempts,
          EXISTS (SELECT 1 FROM unfinished u WHERE u.article = e.article) AS waits
        FROM errors e JOIN articles a ON a.article = e.article
        """;

    public long Count()
    {
        using var connection = ledger.Connect();
        return connection.ExecuteScalar<long>("SELECT count(*) FROM errors");
    }

    /// <summary>The latest first.</summary>
    public IReadOnlyList<ArticleError> List(int most)
    {
        using var connection = ledger.Connect();
        return [.. connection.Query<Row>(All + " ORDER BY e.occurred DESC, e.article DESC LIMIT @most", new { most }).Select(r => r.Error())];
    }

    public ArticleError? Find(Guid id)
    {
        using var connection = ledger.Connect();
        return connection.QuerySingleOrDefault<Row>(All + " WHERE a.id = @id", new { id = Columns.Bytes(id) })?.Error();
    }

    /// <summary>Records that an article failed: it no longer waits for its turn.</summary>
    public static void Record(LedgerWriter writer, long article, string stage, string fault, string detail, DateTimeOffset now) => writer.Execute("""
        DELETE FROM unfinished WHERE article = @article;
        INSERT INTO errors (article, stage, fault, detail, occurred, attempts) VALUES (@article, @stage, @fault, @detail, @now, 1)
        ON CONFLICT (article) DO UPDATE SET stage = excluded.stage, fault = excluded.fault, detail = excluded.detail, occurred = excluded.occurred, attempts = attempts + 1
        """, new { article, stage, fault, detail, now = now.ToUnixTimeMilliseconds() });

    /// <summary>Lets a failed article be tried again; the account of its failure stays until it has an outcome.</summary>
    /// <returns>False where it has not failed, or waits already.</returns>
    public static bool Retry(LedgerWriter writer, long article) => writer.Execute(
        "INSERT INTO unfinished (article) SELECT article FROM errors WHERE article = @article ON CONFLICT DO NOTHING", new { article }) > 0;

    /// <summary>The same for all that have failed.</summary>
    /// <returns>How many wait now that did not before.</returns>
    public static int RetryAll(LedgerWriter writer) => writer.Execute("INSERT INTO unfinished (article) SELECT article FROM errors WHERE true ON CONFLICT DO NOTHING");

    /// <summary>Gives a failed article its outcome without another try: it is rejected. An entry of the log like every other, and the last of it in this transaction.</summary>
    /// <param name="reason">The rejection's reason as the log has it.</param>
    /// <returns>Position of the decision; null where the article has not failed, or has its outcome meanwhile.</returns>
    public static long? Discard(LedgerWriter writer, AcceptedArticle article, Rejection rejection, string reason, DateTimeOffset now)
    {
        if (writer.Value<long>("SELECT count(*) FROM errors WHERE article = @number", new { number = article.Article }) == 0)
            return null;
        var position = writer.Value<long>("SELECT coalesce(max(position), 0) + 1 FROM decisions", new { });
        writer.TakeUnfinished(article.Article);
        writer.AddResult(article.Article, StoredResult.Write(new NormalisationResult(null, rejection, [], []), article.Text));
        writer.AddDecision(new DecisionEntry(position, article.Article, now, null, reason, now, Normaliser.Version, null, null, null));
        Resolve(writer, article.Article);
        return position;
    }

    /// <summary>Forgets the failure of an article that has an outcome now.</summary>
    public static void Resolve(LedgerWriter writer, long article) => writer.Execute("DELETE FROM errors WHERE article = @article", new { article });

    sealed class Row
    {
        public long Article { get; init; }
        public byte[] Id { get; init; } = [];
        public string Submitted { get; init; } = "";
        public string Stage { get; init; } = "";
        public string Fault { get; init; } = "";
        public string Detail { get; init; } = "";
        public long Occurred { get; init; }
        public long Attempts { get; init; }
        public bool Waits { get; init; }

        public ArticleError Error() => new(Article, Columns.Id(Id), Submitted, Stage, Fault, Detail, Columns.Moment(Occurred), (int)Attempts, Waits);
    }
}
