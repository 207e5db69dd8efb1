using System.Data.Common;
using System.Globalization;
using Dapper;
using Ingest.Core.Deduplication;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger.Articles;
using Microsoft.Data.Sqlite;

namespace Ingest.Ledger.Sqlite;

/// <summary>Writes to a file. SQLite has one writer at a time, so that every transaction has the lane.</summary>
sealed class SqliteWriter : Writer
{
    /// <summary>In the column <c>packed</c>: the content is no longer kept.</summary>
    internal const int Gone = 2;

    /// <summary>In SQLite's words: space is given back when it is asked for.</summary>
    internal const int IncrementalVacuum = 2;

    /// <summary>1 MB in a file of ours.</summary>
    const int PagesAtOnce = 128;

    readonly LedgerFile file;
    readonly LedgerStore.Lease lease;
    readonly SqliteConnection connection;
    readonly List<Statement> prepared = [];
    readonly Statement addArticle, findArticle, addUnfinished, takeUnfinished, readStory, addResult, addDecision, addFingerprint;
    readonly Dictionary<string, Statement> copies = [];
    bool open;

    /// <exception cref="LedgerException">The ledger cannot be opened.</exception>
    public SqliteWriter(LedgerFile ledger)
        : base(ledger)
    {
        file = ledger;
        lease = ledger.Told(ledger.Connect);
        connection = (SqliteConnection)lease.Connection;
        // Random ids are looked up and added in a large index. A temporary ledger has a size of its own.
        if (lease.Returned)
            connection.Execute("PRAGMA cache_size = -65536");
        addArticle = Prepare("INSERT INTO articles (id, submitted, feed, sender, accepted, form, metadata, content, packed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (id) DO NOTHING");
        findArticle = Prepare("SELECT article FROM articles WHERE id = ?1");
        addUnfinished = Prepare("INSERT INTO unfinished (article, open) VALUES (?1, ?2)");
        takeUnfinished = Prepare("DELETE FROM unfinished WHERE article = ?1");
        readStory = Prepare($"{StoryLog.StoryArticles(ledger)} WHERE d.number = ?1");
        addResult = Prepare(Insertion(LedgerTable.Results));
        addDecision = Prepare(Insertion(LedgerTable.Decisions));
        addFingerprint = Prepare(Insertion(LedgerTable.Fingerprints));
    }

    public override DbConnection Connection => connection;

    public override void Begin(bool lane)
    {
        file.MustBeThere();
        file.Gate.Wait();
        open = true;
        try
        {
            file.Told(() => connection.Execute("BEGIN IMMEDIATE"));
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    public override void Commit()
    {
        // What goes into a file that was deleted is not durable.
        file.MustBeThere();
        file.Told(() => connection.Execute("COMMIT"));
        Close();
    }

    public override void Rollback()
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

    public override void Try() =>
        // Writes a page even where the number is the same.
        Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Value<int>("PRAGMA user_version")}"));

    public override Acceptance[] Add(IReadOnlyList<Submission> submissions)
    {
        var accepted = new Acceptance[submissions.Count];
        for (var i = 0; i < accepted.Length; i++)
            accepted[i] = Add(submissions[i]);
        return accepted;
    }

    Acceptance Add(Submission submission)
    {
        var raw = submission.Raw;
        addArticle.Set(1, submission.ArticleId);
        addArticle.Set(2, raw.Id);
        addArticle.Set(3, submission.Read.Metadata.Feed);
        addArticle.Set(4, raw.Sender);
        addArticle.Set(5, submission.Accepted.ToUnixTimeMilliseconds());
        addArticle.Set(6, StoredWords.Forms.Of(raw.Form));
        addArticle.Set(7, raw.Metadata.ToJson());
        addArticle.Set(8, file.Packs ? Packing.Pack(raw.Content.Span) : raw.Content.Span);
        addArticle.Set(9, file.Packs ? 1L : 0L);
        if (addArticle.Run() > 0)
            return new Acceptance(new ArticleNumber(SQLitePCL.raw.sqlite3_last_insert_rowid(connection.Handle)), Known: false);
        findArticle.Set(1, submission.ArticleId);
        findArticle.Read();
        var known = findArticle.Number(0);
        findArticle.Reset();
        return new Acceptance(new ArticleNumber(known), Known: true);
    }

    public override void SetUnfinished(IReadOnlyList<ArticleNumber> articles, bool anybody)
    {
        foreach (var article in articles)
        {
            addUnfinished.Set(1, article.Value);
            addUnfinished.Set(2, anybody ? 1L : 0L);
            addUnfinished.Run();
        }
    }

    public override HashSet<ArticleNumber> TakeUnfinished(IReadOnlyList<ArticleNumber> articles)
    {
        var taken = new HashSet<ArticleNumber>();
        foreach (var article in articles)
        {
            takeUnfinished.Set(1, article.Value);
            if (takeUnfinished.Run() > 0)
                taken.Add(article);
        }

        return taken;
    }

    public override StoryRow? ReadStory(StoryNumber number)
    {
        readStory.Set(1, number.Value);
        if (!readStory.Read())
            return null;
        try
        {
            return new StoryRow(readStory.Text(0), readStory.Blob(1).ToArray(), readStory.Blob(2).ToArray(), readStory.Number(3), readStory.Number(4));
        }
        finally
        {
            readStory.Reset();
        }
    }

    public override void Append(IReadOnlyList<DecidedRow> decided)
    {
        foreach (var row in decided)
        {
            var decision = row.Article.Decision;
            addResult.Set(1, decision.Article.Value);
            addResult.Set(2, file.Packs ? StoredResult.Pack(row.Article.Result.Span) : row.Article.Result.Span);
            addResult.Run();
            var (place, join) = (decision.Place, decision.Place?.Join);
            addDecision.Set(1, decision.Position.Value);
            addDecision.Set(2, decision.Article.Value);
            addDecision.Set(3, decision.Decided.ToUnixTimeMilliseconds());
            addDecision.Set(4, place?.Number.Value);
            addDecision.Set(5, place?.Story.Value);
            addDecision.Set(6, place?.Canonical.Value);
            addDecision.Set(7, place?.Version);
            addDecision.Set(8, join is null ? null : StoredWords.Relations.Of(join.Relation));
            addDecision.Set(9, join?.Matched.Value);
            addDecision.Set(10, join?.Resemblance);
            addDecision.Set(11, join?.Containment);
            addDecision.Set(12, join is null ? null : Columns.Json(join.Changes));
            addDecision.Set(13, decision.Rejection is { } reason ? StoredWords.Rejections.Of(reason) : null);
            addDecision.Set(14, decision.Arrival.ToUnixTimeMilliseconds());
            addDecision.Set(15, decision.Normaliser);
            addDecision.Set(16, decision.Headline);
            addDecision.Set(17, decision.Agency);
            addDecision.Set(18, decision.Publisher);
            addDecision.Set(19, row.Source?.Number);
            addDecision.Set(20, row.Source?.Articles);
            addDecision.Set(21, decision.Source?.Known.Learnt);
            addDecision.Set(22, decision.Source?.Known.Ruled is > 0 and var ruled ? ruled : default(long?));
            addDecision.Run();
            if (row.Article.Remembered is { } remembered)
                Add(remembered);
        }
    }

    public override void Remember(IReadOnlyList<Remembered> articles)
    {
        foreach (var article in articles)
            Add(article);
    }

    void Add(Remembered article)
    {
        addFingerprint.Set(1, article.Number);
        addFingerprint.Set(2, article.Story);
        addFingerprint.Set(3, article.Canonical);
        addFingerprint.Set(4, article.Version);
        addFingerprint.Set(5, article.Arrival);
        addFingerprint.Set(6, article.Clock);
        addFingerprint.Set(7, article.Hops);
        addFingerprint.Set(8, article.Sampled);
        addFingerprint.Set(9, article.Thinning);
        addFingerprint.Set(10, (long?)unchecked((long)article.TextHash));
        addFingerprint.Set(11, article.Oldest);
        addFingerprint.Set(12, Columns.Bytes(article.Posted));
        addFingerprint.Run();
    }

    public override void Insert(LedgerTable table, IReadOnlyList<object?[]> rows)
    {
        if (!copies.TryGetValue(table.Name, out var add))
            copies[table.Name] = add = Prepare(Insertion(table));
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++)
                Set(add, i + 1, row[i] ?? (table.Columns[i].Kind == ColumnKind.Content ? Array.Empty<byte>() : null), table.Columns[i].Kind);
            if (table.HasContent)
                add.Set(row.Length + 1, row[^1] is null ? Gone : 1L);
            add.Run();
        }
    }

    /// <summary>Its parameters are the columns in their order; behind a content, whether it is packed.</summary>
    static string Insertion(LedgerTable table) => $"""
        INSERT INTO {table.Name} ({table.Names()}{(table.HasContent ? ", packed" : "")})
        VALUES ({string.Join(", ", table.Columns.Select(_ => "?"))}{(table.HasContent ? ", ?" : "")})
        """;

    static void Set(Statement add, int parameter, object? value, ColumnKind kind)
    {
        if (value is byte[] bytes && kind is ColumnKind.Word or ColumnKind.Text or ColumnKind.Exact)
            add.SetText(parameter, bytes);
        else if (value is byte[] blob)
            add.Set(parameter, blob.AsSpan());
        else if (value is double real)
            add.Set(parameter, real);
        else
            add.Set(parameter, (long?)value);
    }

    public override void Empty(LedgerTable table) => Execute($"DELETE FROM {table.Name}");

    public override void Continue()
    {
        // The next number is always that behind the last row's.
    }

    public override void DropTexts(long[] articles)
    {
        if (articles.Length == 0)
            return;
        var among = new { articles = file.Among(articles) };
        Execute($"UPDATE articles SET content = x'', packed = {Gone} WHERE {file.Among("article", "@articles")}", among);
        Execute($"DELETE FROM results WHERE {file.Among("article", "@articles")}", among);
    }

    public override long WholeTexts() => 0;

    /// <summary>
    /// Pages from the end of the file take the place of those that are free. In a file of an earlier program, which cannot do that, free pages
    /// are filled again.
    /// </summary>
    public override bool GiveBack()
    {
        if (Value<long>("PRAGMA auto_vacuum") != IncrementalVacuum || Value<long>("PRAGMA freelist_count") == 0)
            return false;
        using var vacuum = new Statement(connection, $"PRAGMA incremental_vacuum({PagesAtOnce})");
        // A row for each page.
        while (vacuum.Read())
        {
        }

        return true;
    }

    protected override void Dispose(bool disposing)
    {
        Rollback();
        foreach (var statement in prepared)
            statement.Dispose();
        lease.Dispose();
    }

    /// <summary>A statement for what is written for every article.</summary>
    Statement Prepare(string sql)
    {
        var statement = file.Told(() => new Statement(connection, sql));
        prepared.Add(statement);
        return statement;
    }

    void Close()
    {
        open = false;
        file.Gate.Release();
    }
}
