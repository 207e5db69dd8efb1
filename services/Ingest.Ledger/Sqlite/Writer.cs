using Dapper;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger.Articles;
using Microsoft.Data.Sqlite;

namespace Ingest.Ledger.Sqlite;

/// <summary>
/// Writes to a ledger, transaction by transaction; for one thread at a time. Everything is durable, and visible to others, when
/// <see cref="Commit"/> returns, and not before. Its faults are the ledger's.
/// </summary>
sealed class Writer : IDisposable
{
    readonly LedgerFile.Lease lease;
    readonly Statement addArticle, findArticle, addUnfinished;
    bool open;

    /// <exception cref="LedgerException">The ledger cannot be opened.</exception>
    public Writer(LedgerFile ledger)
    {
        Ledger = ledger;
        lease = ledger.Told(ledger.Connect);
        // Random ids are looked up and added in a large index. A temporary ledger has a size of its own.
        if (lease.Returned)
            Connection.Execute("PRAGMA cache_size = -65536");
        addArticle = Prepare("INSERT INTO articles (id, submitted, feed, sender, accepted, form, metadata, content) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO NOTHING");
        findArticle = Prepare("SELECT article FROM articles WHERE id = ?1");
        addUnfinished = Prepare("INSERT INTO unfinished (article, open) VALUES (?1, ?2)");
    }

    public LedgerFile Ledger { get; }

    public SqliteConnection Connection => lease.Connection;

    /// <summary>A statement for what is written for every article; whoever asks for it disposes of it.</summary>
    public Statement Prepare(string sql) => Ledger.Told(() => new Statement(Connection, sql));

    /// <summary>Begins a transaction; no other process writes until it ends.</summary>
    /// <exception cref="LedgerException">The ledger is locked, read-only, out of space or lost.</exception>
    public void Begin()
    {
        Ledger.MustBeThere();
        Ledger.Gate.Wait();
        open = true;
        try
        {
            Ledger.Told(() => Connection.Execute("BEGIN IMMEDIATE"));
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    public void Commit()
    {
        // What goes into a file that was deleted is not durable.
        Ledger.MustBeThere();
        Ledger.Told(() => Connection.Execute("COMMIT"));
        Close();
    }

    /// <summary>Ends the transaction without a trace. Never throws; does nothing where there is none.</summary>
    public void Rollback()
    {
        if (!open)
            return;
        try
        {
            Connection.Execute("ROLLBACK");
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
        addArticle.Dispose();
        findArticle.Dispose();
        addUnfinished.Dispose();
        lease.Dispose();
    }

    /// <summary>Writes in a transaction of its own: all of it, or nothing where it throws.</summary>
    public T Transact<T>(Func<T> write)
    {
        Begin();
        try
        {
            var result = Ledger.Told(write);
            Commit();
            return result;
        }
        finally
        {
            Rollback();
        }
    }

    /// <summary>Adds an article, unless it is known already.</summary>
    public Acceptance Add(Submission submission)
    {
        var raw = submission.Raw;
        addArticle.Set(1, submission.ArticleId);
        addArticle.Set(2, raw.Id);
        addArticle.Set(3, submission.Read.Metadata.Feed);
        addArticle.Set(4, raw.Sender);
        addArticle.Set(5, submission.Accepted.ToUnixTimeMilliseconds());
        addArticle.Set(6, StoredWords.Forms.Of(raw.Form));
        addArticle.Set(7, raw.Metadata.ToJson());
        addArticle.Set(8, raw.Content.Span);
        if (addArticle.Run() > 0)
            return new Acceptance(new ArticleNumber(SQLitePCL.raw.sqlite3_last_insert_rowid(Connection.Handle)), Known: false);
        findArticle.Set(1, submission.ArticleId);
        findArticle.Read();
        var known = findArticle.Number(0);
        findArticle.Reset();
        return new Acceptance(new ArticleNumber(known), Known: true);
    }

    /// <summary>Lets the article wait for its outcome.</summary>
    /// <param name="anybody">Any process with the next stage may take it up at once.</param>
    public void SetUnfinished(ArticleNumber article, bool anybody)
    {
        addUnfinished.Set(1, article.Value);
        addUnfinished.Set(2, anybody ? 1L : 0L);
        addUnfinished.Run();
    }

    /// <summary>Runs any other statement in the transaction.</summary>
    public int Execute(string sql, object? parameters = null) => Connection.Execute(sql, parameters);

    public T? Value<T>(string sql, object? parameters = null) => Connection.ExecuteScalar<T>(sql, parameters);

    void Close()
    {
        open = false;
        Ledger.Gate.Release();
    }
}
