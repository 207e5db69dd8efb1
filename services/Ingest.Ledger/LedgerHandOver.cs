using System.Diagnostics;
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
/// long as its session holds a lock with its number; when it ends, however that is, its articles are soon free for the others. Should the
/// session end before the process, an article may be cleaned twice, and is decided once: the lane sees to that. Safe to share among threads.
/// </summary>
public sealed class LedgerHandOver(LedgerDatabase ledger, string roles) : IDisposable
{
    /// <summary>
    /// What waits is asked for twenty times a second by each process, but who lives costs the server a look at all locks that there are, and what the
    /// others hold a look at all that waits.
    /// </summary>
    static readonly TimeSpan FreeEvery = TimeSpan.FromMilliseconds(200), LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>Of one that is gone and held more, the others are free the next time: nobody is to wait for a long update.</summary>
    const int MostFreed = 10_000;

    /// <summary>The numbers of the processes that hold their locks; needs the parameter key.</summary>
    const string Living = """
        SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted
          AND classid = (hashtext(@key)::bigint & 4294967295)::oid AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    readonly Lock gate = new();
    readonly string name = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName} {Environment.ProcessId}");
    NpgsqlConnection? session;

    /// <summary>When this session looked last for who is gone, and for what anybody holds; null before.</summary>
    long? freed, looked;

    /// <summary>
    /// Takes up articles that wait and that nobody has taken up, those that were accepted first. Those of a process that is gone are free a
    /// moment after it is.
    /// </summary>
    /// <param name="cleaned">Those that wait for their decision; otherwise those that wait to be cleaned.</param>
    /// <exception cref="LedgerException">The server cannot be reached.</exception>
    public IReadOnlyList<ArticleNumber> Take(bool cleaned, int most) => most <= 0 ? [] : InSession((connection, me) =>
    {
        if (freed is not { } last || Stopwatch.GetElapsedTime(last) > FreeEvery)
        {
            Free(connection);
            freed = Stopwatch.GetTimestamp();
        }

        // Not as a parameter, for which the server would not know that an index of its own has them in order.
        return connection.Query<long>($"""
            UPDATE unfinished SET holder = @me WHERE article IN (
              SELECT article FROM unfinished WHERE holder IS NULL AND cleaned = {(cleaned ? 1 : 0)} ORDER BY article LIMIT @most FOR UPDATE SKIP LOCKED)
            RETURNING article
            """, new { me, most }).Order().Select(n => new ArticleNumber(n)).ToList();
    });

    /// <summary>
    /// Frees what is held by processes that are gone. That reads all that waits, and so is done when a process that has a name is gone, and now and
    /// then for what one without it may hold: accepting goes on while a session that was lost is not begun anew.
    /// </summary>
    void Free(NpgsqlConnection connection)
    {
        var gone = connection.Query<long>($"SELECT process FROM processes WHERE process NOT IN ({Living})", Key).ToArray();
        if (gone.Length == 0 && looked is { } before && Stopwatch.GetElapsedTime(before) < LookEvery)
            return;
        // The locks are read by the same statement, after the moment as of which it reads the articles: who begins meanwhile holds none of these.
        var count = connection.Execute($"""
            UPDATE unfinished SET holder = NULL WHERE article IN (
              SELECT article FROM unfinished WHERE holder IS NOT NULL AND holder NOT IN ({Living}) ORDER BY article LIMIT {MostFreed} FOR UPDATE SKIP LOCKED)
            """, Key);
        if (count == MostFreed)
            return;
        connection.Execute("DELETE FROM processes WHERE process = ANY(@gone)", new { gone });
        looked = Stopwatch.GetTimestamp();
    }

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
            $"SELECT name, roles, since FROM processes WHERE process IN ({Living}) ORDER BY process", new { key = KeyOf(ledger) })
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
            using var transaction = connection.BeginTransaction();
            var me = connection.ExecuteScalar<long>("INSERT INTO processes (name, roles) VALUES (@name, @roles) RETURNING process", new { name, roles });
            // Of the session, not of the transaction; and before others see the name, for which they would take this process for gone.
            connection.Execute("SELECT pg_advisory_lock(hashtext(@key), @me)", new { key = KeyOf(ledger), me = (int)me });
            transaction.Commit();
            (ledger.Process, freed, looked) = (me, null, null);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    static string KeyOf(LedgerDatabase ledger) => ledger.LockKey("process");

    object Key => new { key = KeyOf(ledger) };
}
