using System.Globalization;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace Ingest.Ledger;

/// <summary>An article that was cleaned in one process, for the lane of another.</summary>
/// <param name="Result">In the form of <see cref="Articles.StoredResult"/>; empty where it could not be cleaned.</param>
/// <param name="Learnt">With the knowledge of how many articles of its source it was cleaned.</param>
/// <param name="Ruled">The number of the last ruling about its source that it was cleaned with.</param>
/// <param name="Fault">Why it could not be cleaned; null where it was.</param>
public sealed record CleanedArticle(ArticleNumber Article, ReadOnlyMemory<byte> Result, int Learnt, int Ruled, (string Name, string Detail)? Fault);

/// <summary>A process that uses a ledger now.</summary>
/// <param name="Name">Its machine and its number there.</param>
/// <param name="Roles">Separated by commas.</param>
public sealed record LedgerProcess(string Name, string Roles, DateTimeOffset Since);

/// <summary>
/// Hands articles from process to process through a ledger on a server: each article that waits is taken up by one of them. A process is there as
/// long as its session holds a lock with its number; when it ends, however that is, its articles are free for the others at once. Should the
/// session end before the process, an article may be cleaned twice, and is decided once: the lane sees to that. Safe to share among threads.
/// </summary>
public sealed class LedgerHandOver(LedgerDatabase ledger, string roles) : IDisposable
{
    readonly Lock gate = new();
    readonly string name = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName} {Environment.ProcessId}");
    NpgsqlConnection? session;

    /// <summary>Takes up articles that wait and that no living process has taken up, those that were accepted first.</summary>
    /// <param name="cleaned">Those that wait for their decision; otherwise those that wait to be cleaned.</param>
    /// <exception cref="LedgerException">The server cannot be reached.</exception>
    public IReadOnlyList<ArticleNumber> Take(bool cleaned, int most) => most <= 0 ? [] : InSession((connection, me) =>
        connection.Query<long>("""
            UPDATE unfinished SET holder = @me WHERE article IN (
              SELECT article FROM unfinished WHERE cleaned = @cleaned AND (holder IS NULL OR NOT holder = ANY(@living))
              ORDER BY article LIMIT @most FOR UPDATE SKIP LOCKED)
            RETURNING article
            """, new { me, cleaned = cleaned ? 1L : 0L, living = Living(ledger, connection), most }).Order().Select(n => new ArticleNumber(n)).ToList());

    /// <summary>The articles after a number that wait and that this process has taken up, or accepted for itself.</summary>
    /// <exception cref="LedgerException">The server cannot be reached.</exception>
    public IReadOnlyList<(ArticleNumber Number, bool IsCleaned)> Held(ArticleNumber after, int most) => InSession((connection, me) =>
        connection.Query<(long Number, long Cleaned)>(
            "SELECT article, cleaned FROM unfinished WHERE holder = @me AND article > @after ORDER BY article LIMIT @most",
            new { me, after = after.Value, most }).Select(r => (new ArticleNumber(r.Number), r.Cleaned == 1)).ToList());

    /// <summary>Gives cleaned articles on to whoever decides. Those that have their outcome already are passed over.</summary>
    /// <exception cref="LedgerException">Nothing was given on.</exception>
    public void GiveOn(IReadOnlyList<CleanedArticle> articles)
    {
        ArgumentNullException.ThrowIfNull(articles);
        ledger.Told(() =>
        {
            using var connection = ledger.Open();
            using var give = new NpgsqlCommand("""
                WITH given AS (
                  SELECT * FROM unnest(@article, @result, @learnt, @ruled, @fault, @detail) AS g (article, result, learnt, ruled, fault, detail)),
                waiting AS (UPDATE unfinished u SET holder = NULL, cleaned = 1 FROM given g WHERE u.article = g.article RETURNING u.article)
                INSERT INTO cleaned SELECT g.* FROM given g JOIN waiting USING (article) ON CONFLICT (article) DO NOTHING
                """, connection);
            give.Parameters.AddWithValue("article", articles.Select(a => a.Article.Value).ToArray());
            give.Parameters.AddWithValue("result", articles.Select(a => a.Result.ToArray()).ToArray());
            give.Parameters.AddWithValue("learnt", articles.Select(a => (long)a.Learnt).ToArray());
            give.Parameters.AddWithValue("ruled", articles.Select(a => (long)a.Ruled).ToArray());
            give.Parameters.AddWithValue("fault", NpgsqlDbType.Array | NpgsqlDbType.Text, articles.Select(a => ledger.Kept(a.Fault?.Name)).ToArray());
            give.Parameters.AddWithValue("detail", NpgsqlDbType.Array | NpgsqlDbType.Text, articles.Select(a => ledger.Kept(a.Fault?.Detail)).ToArray());
            return give.ExecuteNonQuery();
        });
    }

    /// <summary>What was cleaned of these articles; those that have their outcome meanwhile are not among them.</summary>
    /// <exception cref="LedgerException">The server cannot be reached.</exception>
    public IReadOnlyList<CleanedArticle> Cleaned(IReadOnlyList<ArticleNumber> articles) => ledger.Read(connection =>
        connection.Query<(long Article, byte[] Result, long Learnt, long Ruled, string? Fault, string? Detail)>(
            "SELECT article, result, learnt, ruled, fault, detail FROM cleaned WHERE article = ANY(@articles) ORDER BY article",
            new { articles = articles.Select(a => a.Value).ToArray() })
            .Select(r => new CleanedArticle(
                new ArticleNumber(r.Article), r.Result, (int)r.Learnt, (int)r.Ruled,
                r.Fault is { } fault ? (ledger.Whole(fault), ledger.Whole(r.Detail) ?? "") : null)).ToList());

    /// <summary>The processes that use the ledger now, this one too.</summary>
    /// <exception cref="LedgerException">The server cannot be reached.</exception>
    public IReadOnlyList<LedgerProcess> Present() => InSession((connection, _) => Present(ledger, connection));

    /// <summary>The processes that use a ledger now.</summary>
    /// <exception cref="LedgerException">The server cannot be reached.</exception>
    public static IReadOnlyList<LedgerProcess> Present(LedgerDatabase ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        return ledger.Read(c => Present(ledger, (NpgsqlConnection)c));
    }

    static List<LedgerProcess> Present(LedgerDatabase ledger, NpgsqlConnection connection) =>
        connection.Query<(string Name, string Roles, DateTime Since)>(
            "SELECT name, roles, since FROM processes WHERE process = ANY(@living) ORDER BY process", new { living = Living(ledger, connection) })
            .Select(p => new LedgerProcess(p.Name, p.Roles, new DateTimeOffset(p.Since))).ToList();

    public void Dispose()
    {
        lock (gate)
            session?.Dispose();
    }

    T InSession<T>(Func<NpgsqlConnection, long, T> work) => ledger.Told(() =>
    {
        lock (gate)
        {
            try
            {
                session ??= Begin();
                return work(session, ledger.Process!.Value);
            }
            catch
            {
                // Whatever it was, a session that still holds its lock would keep others from what this process no longer knows.
                session?.Dispose();
                session = null;
                throw;
            }
        }
    });

    NpgsqlConnection Begin()
    {
        var connection = ledger.OpenUnpooled();
        try
        {
            var me = connection.ExecuteScalar<long>("INSERT INTO processes (name, roles) VALUES (@name, @roles) RETURNING process", new { name, roles });
            connection.Execute("SELECT pg_advisory_lock(hashtext(@key), @me)", new { key = KeyOf(ledger), me = (int)me });
            // Those that are gone need no name any more.
            connection.Execute("DELETE FROM processes WHERE since < now() - interval '1 minute' AND NOT process = ANY(@living)", new { living = Living(ledger, connection) });
            ledger.Process = me;
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    static string KeyOf(LedgerDatabase ledger) => ledger.LockKey("process");

    /// <summary>The numbers of the processes that hold their locks.</summary>
    static long[] Living(LedgerDatabase ledger, NpgsqlConnection connection) => [.. connection.Query<long>("""
        SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted
          AND classid = (hashtext(@key)::bigint & 4294967295)::oid AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """, new { key = KeyOf(ledger) })];
}
