using Dapper;
using Ingest.Core.Deduplication;
using Ingest.Ledger.Articles;
using Ingest.Ledger.Decisions;
using Ingest.Ledger.Sqlite;
using Microsoft.Data.Sqlite;

namespace Ingest.Ledger;

/// <summary>
/// Writes to a ledger, transaction by transaction; for one thread at a time. Everything is durable, and visible to others, when
/// <see cref="Commit"/> returns, and not before.
/// </summary>
public sealed class LedgerWriter : IDisposable
{
    readonly LedgerFile ledger;
    readonly SqliteConnection connection;
    readonly Statement addArticle, findArticle, addUnfinished, takeUnfinished, addResult, addDecision, addFingerprint, readStory;
    bool open;
    long nextArticle;

    public LedgerWriter(LedgerFile ledger)
    {
        this.ledger = ledger;
        connection = ledger.Connect();
        connection.Execute("PRAGMA cache_size = -65536");
        addArticle = new(connection, "INSERT INTO articles (article, id, submitted, accepted, metadata, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO NOTHING");
        findArticle = new(connection, "SELECT article FROM articles WHERE id = ?1");
        addUnfinished = new(connection, "INSERT INTO unfinished (article) VALUES (?1)");
        takeUnfinished = new(connection, "DELETE FROM unfinished WHERE article = ?1");
        addResult = new(connection, "INSERT INTO results (article, result) VALUES (?1, ?2)");
        addDecision = new(connection, """
            INSERT INTO decisions (position, article, decided, number, story, canonical, version, relation, matched, resemblance, containment, changes, rejection, arrival, normaliser, headline, agency, publisher)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
            """);
        addFingerprint = new(connection, """
            INSERT INTO fingerprints (number, story, canonical, version, arrival, hops, sampled, thinning, text_hash, oldest, posted)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            """);
        readStory = new(connection, """
            SELECT a.text, r.result, d.arrival FROM decisions d JOIN articles a ON a.article = d.article JOIN results r ON r.article = d.article WHERE d.number = ?1
            """);
    }

    /// <summary>Begins a transaction; no other process writes until it ends.</summary>
    /// <exception cref="SqliteException">The ledger is locked, read-only or out of space: see <see cref="LedgerFaults"/>.</exception>
    public void Begin()
    {
        ledger.Gate.Wait();
        open = true;
        try
        {
            connection.Execute("BEGIN IMMEDIATE");
            nextArticle = connection.ExecuteScalar<long>("SELECT coalesce(max(article), 0) + 1 FROM articles");
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    public void Commit()
    {
        connection.Execute("COMMIT");
        Close();
    }

    /// <summary>Ends the transaction without a trace. Never throws; does nothing where there is none.</summary>
    public void Rollback()
    {
        if (!open)
            return;
        try
        {
            connection.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does when the disk is full.
        }

        Close();
    }

    public void Dispose()
    {
        Rollback();
        foreach (var statement in (ReadOnlySpan<Statement>)[addArticle, findArticle, addUnfinished, takeUnfinished, addResult, addDecision, addFingerprint, readStory])
            statement.Dispose();
        connection.Dispose();
    }

    /// <summary>Writes what is there already, to see whether the ledger can be written.</summary>
    /// <exception cref="SqliteException">It cannot.</exception>
    public void Try()
    {
        // Writes a page even where the number is the same.
        Transact(() => connection.Execute(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"PRAGMA user_version = {connection.ExecuteScalar<int>("PRAGMA user_version")}")));
    }

    /// <summary>Writes in a transaction of its own: all of it, or nothing where it throws.</summary>
    public T Transact<T>(Func<T> write)
    {
        Begin();
        try
        {
            var result = write();
            Commit();
            return result;
        }
        finally
        {
            Rollback();
        }
    }

    /// <inheritdoc cref="Transact{T}"/>
    public void Transact(Action write) => Transact(() =>
    {
        write();
        return true;
    });

    /// <summary>Adds an article, unless it is known already.</summary>
    /// <param name="unfinished">It waits for its outcome; false where the outcome is written in the same transaction.</param>
    public Acceptance Accept(NewArticle article, bool unfinished)
    {
        addArticle.Set(1, nextArticle);
        addArticle.Set(2, article.Id);
        addArticle.Set(3, article.Submitted);
        addArticle.Set(4, article.Accepted.ToUnixTimeMilliseconds());
        addArticle.Set(5, article.Metadata);
        addArticle.Set(6, article.Text);
        if (addArticle.Run() == 0)
        {
            findArticle.Set(1, article.Id);
            findArticle.Read();
            var known = findArticle.Number(0);
            findArticle.Reset();
            return new Acceptance(known, Known: true);
        }

        if (unfinished)
            SetUnfinished(nextArticle);
        return new Acceptance(nextArticle++, Known: false);
    }

    /// <summary>Lets the article wait for its outcome (again).</summary>
    public void SetUnfinished(long article)
    {
        addUnfinished.Set(1, article);
        addUnfinished.Run();
    }

    /// <summary>True where the article waited for its outcome; it does no longer. Whoever gets true must write the outcome in this transaction.</summary>
    public bool TakeUnfinished(long article)
    {
        takeUnfinished.Set(1, article);
        return takeUnfinished.Run() > 0;
    }

    public void AddResult(long article, byte[] result)
    {
        addResult.Set(1, article);
        addResult.Set(2, result);
        addResult.Run();
    }

    public void AddDecision(DecisionEntry decision)
    {
        var (place, join) = (decision.Place, decision.Place?.Join);
        addDecision.Set(1, decision.Position);
        addDecision.Set(2, decision.Article);
        addDecision.Set(3, decision.Decided.ToUnixTimeMilliseconds());
        addDecision.Set(4, place?.Number);
        addDecision.Set(5, place?.Story);
        addDecision.Set(6, place?.Canonical);
        addDecision.Set(7, place?.Version);
        addDecision.Set(8, join?.Relation);
        addDecision.Set(9, join?.Matched);
        addDecision.Set(10, join?.Resemblance);
        addDecision.Set(11, join?.Containment);
        addDecision.Set(12, join is null ? null : Columns.Json(join.Changes));
        addDecision.Set(13, decision.Rejection);
        addDecision.Set(14, decision.Arrival.ToUnixTimeMilliseconds());
        addDecision.Set(15, decision.Normaliser);
        addDecision.Set(16, decision.Headline);
        addDecision.Set(17, decision.Agency);
        addDecision.Set(18, decision.Publisher);
        addDecision.Run();
    }

    public void AddFingerprint(Remembered article)
    {
        addFingerprint.Set(1, article.Number);
        addFingerprint.Set(2, article.Story);
        addFingerprint.Set(3, article.Canonical);
        addFingerprint.Set(4, article.Version);
        addFingerprint.Set(5, article.Arrival);
        addFingerprint.Set(6, article.Hops);
        addFingerprint.Set(7, article.Sampled);
        addFingerprint.Set(8, article.Thinning);
        addFingerprint.Set(9, (long?)unchecked((long)article.TextHash));
        addFingerprint.Set(10, article.Oldest);
        addFingerprint.Set(11, Columns.Bytes(article.Posted));
        addFingerprint.Run();
    }

    /// <summary>An earlier article for the comparison, those of this transaction among them.</summary>
    /// <exception cref="StoredResultException">What is stored of it cannot be read.</exception>
    public StoryArticle ReadStoryArticle(long number)
    {
        readStory.Set(1, number);
        if (!readStory.Read())
            throw new LedgerException($"The ledger {ledger.FilePath} lacks article number {number}, which its log names.");
        try
        {
            return StoredResult.ReadStoryArticle(readStory.Blob(1), readStory.Text(0), Columns.Moment(readStory.Number(2)));
        }
        finally
        {
            readStory.Reset();
        }
    }

    /// <summary>True where an article has failed.</summary>
    public bool HasErrors() => connection.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM errors)");

    /// <summary>Runs any other statement in the transaction.</summary>
    internal int Execute(string sql, object? parameters = null) => connection.Execute(sql, parameters);

    internal T? Value<T>(string sql, object parameters) => connection.ExecuteScalar<T>(sql, parameters);

    void Close()
    {
        open = false;
        ledger.Gate.Release();
    }
}
