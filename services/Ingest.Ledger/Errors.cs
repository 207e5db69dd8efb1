using Dapper;

namespace Ingest.Ledger;

/// <summary>An article whose handling failed. It has no outcome yet.</summary>
/// <param name="Article">Its number in the order of acceptance.</param>
/// <param name="Stage">The stage that failed.</param>
/// <param name="Fault">The name of the fault.</param>
/// <param name="Attempts">How often it was tried.</param>
public sealed record ArticleError(long Article, Guid Id, string Submitted, string Stage, string Fault, string Detail, DateTimeOffset Occurred, int Attempts);

/// <summary>The articles whose handling failed, which wait for somebody to look at them.</summary>
public sealed class Errors(LedgerFile ledger)
{
    const string All = "SELECT e.article, a.id, a.submitted, e.stage, e.fault, e.detail, e.occurred, e.attempts FROM errors e JOIN articles a ON a.article = e.article";

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

        public ArticleError Error() => new(Article, Columns.Id(Id), Submitted, Stage, Fault, Detail, Columns.Moment(Occurred), (int)Attempts);
    }
}
