using System.Data;
using System.Data.Common;
using Dapper;
using Ingest.Core.Deduplication;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger.Articles;
using Npgsql;
using NpgsqlTypes;

namespace Ingest.Ledger.Postgres;

/// <summary>
/// Writes to a server, a group in a handful of statements. The lane is an advisory lock of the transaction: it is free as soon as the server
/// notices that its holder is gone, and who lost it so has lost its transaction too. What is left of a holder that was thought dead cannot write:
/// its session has ended, and the positions that it would write are another's.
/// </summary>
sealed class PostgresWriter : Writer
{
    readonly LedgerDatabase ledger;
    NpgsqlConnection connection;
    NpgsqlTransaction? transaction;

    /// <summary>Articles up to here have their partitions; 0 where that is not known.</summary>
    long partitioned;

    /// <exception cref="LedgerException">The server cannot be reached.</exception>
    public PostgresWriter(LedgerDatabase ledger)
        : base(ledger)
    {
        this.ledger = ledger;
        connection = ledger.Told(ledger.Open);
    }

    public override DbConnection Connection => connection;

    public override void Begin(bool lane) => ledger.Told(() =>
    {
        try
        {
            if (connection.FullState != ConnectionState.Open)
            {
                connection.Dispose();
                connection = ledger.Open();
            }

            transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted);
            if (lane)
                TakeLane();
            return true;
        }
        catch
        {
            Rollback();
            throw;
        }
    });

    /// <summary>
    /// In a statement of its own: what the next one reads is as of a moment when the lane was held. Measured: lock and read in one statement split
    /// 2 stories of 1,545, and in a transaction of REPEATABLE READ, which sees the moment of its first statement, 458 of 480.
    /// </summary>
    void TakeLane()
    {
        var isolation = connection.QuerySingle<string>(
            "SELECT current_setting('transaction_isolation') FROM (SELECT pg_advisory_xact_lock(hashtextextended(@key, 0))) lane", new { key = ledger.LockKey("lane") });
        if (isolation != "read committed")
            throw new LedgerException($"{ledger.Name} gives the isolation {isolation}, in which stories would split. Ingest needs 'read committed'.");
    }

    public override void Commit() => ledger.Told(() =>
    {
        transaction!.Commit();
        transaction.Dispose();
        transaction = null;
        return true;
    });

    public override void Rollback()
    {
        if (transaction is not { } open)
            return;
        // They may have been made in it.
        (transaction, partitioned) = (null, 0);
        try
        {
            // Rolls back.
            open.Dispose();
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            // Who lost the connection has lost the transaction.
        }
    }

    // Takes a lock that writing needs, and a number of the log of transactions.
    public override void Try() => Execute("LOCK TABLE unfinished IN ROW EXCLUSIVE MODE; SELECT pg_current_xact_id()");

    public override Acceptance[] Add(IReadOnlyList<Submission> submissions)
    {
        if (submissions.Count == 0)
            return [];
        var numbers = new Dictionary<Guid, long>(submissions.Count);
        // In the order of their ids, so that two who accept the same articles at once wait for one another and never both; their numbers are in the
        // order in which they came.
        using (var add = Command("""
            WITH given AS MATERIALIZED (
              SELECT nextval(pg_get_serial_sequence('articles', 'article')) AS article, g.*
              FROM unnest(@id, @submitted, @feed, @sender, @accepted, @form, @metadata, @content) WITH ORDINALITY
                AS g (id, submitted, feed, sender, accepted, form, metadata, content, place)),
            added AS (
              INSERT INTO articles (article, id, submitted, feed, sender, accepted, form, metadata)
              SELECT article, id, submitted, feed, sender, accepted, form, metadata FROM given ORDER BY id, place
              ON CONFLICT (id) DO NOTHING RETURNING article, id),
            kept AS (INSERT INTO contents (article, content) SELECT a.article, g.content FROM added a JOIN given g ON g.article = a.article)
            SELECT article, id FROM added
            """))
        {
            Set(add, "id", NpgsqlDbType.Bytea, submissions, s => Columns.Bytes(s.ArticleId));
            Set(add, "submitted", NpgsqlDbType.Bytea, submissions, s => (byte[])ledger.Exact(s.Raw.Id));
            Set(add, "feed", NpgsqlDbType.Bytea, submissions, s => s.Read.Metadata.Feed is { } feed ? (byte[])ledger.Exact(feed) : null);
            Set(add, "sender", NpgsqlDbType.Text, submissions, s => ledger.Kept(s.Raw.Sender));
            Set(add, "accepted", NpgsqlDbType.Bigint, submissions, s => s.Accepted.ToUnixTimeMilliseconds());
            Set(add, "form", NpgsqlDbType.Text, submissions, s => StoredWords.Forms.Of(s.Raw.Form));
            Set(add, "metadata", NpgsqlDbType.Text, submissions, s => s.Raw.Metadata.ToJson());
            Set(add, "content", NpgsqlDbType.Bytea, submissions, s => Packing.Pack(s.Raw.Content.Span));
            if (partitioned == 0)
                MakePartitions(Value<long>("SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('articles', 'article')), 0)"));
            Read(add, numbers);
        }

        if (numbers.Count > 0)
            MakePartitions(numbers.Values.Max());

        var accepted = new Acceptance[submissions.Count];
        var isNew = numbers.Keys.ToHashSet();
        Guid[] known = [.. submissions.Select(s => s.ArticleId).Where(id => !numbers.ContainsKey(id)).Distinct()];
        if (known.Length > 0)
        {
            using var find = Command("SELECT article, id FROM articles WHERE id = ANY(@id)");
            Set(find, "id", NpgsqlDbType.Bytea, known, Columns.Bytes);
            Read(find, numbers);
        }

        for (var i = 0; i < accepted.Length; i++)
            // The first of two that are the same is the new one.
            accepted[i] = new Acceptance(new ArticleNumber(numbers[submissions[i].ArticleId]), Known: !isNew.Remove(submissions[i].ArticleId));
        return accepted;
    }

    static void Read(NpgsqlCommand command, Dictionary<Guid, long> numbers)
    {
        using var reader = command.ExecuteReader();
        while (reader.Read())
            numbers[Columns.Id(reader.GetFieldValue<byte[]>(1))] = reader.GetInt64(0);
    }

    /// <summary>
    /// Makes the next partitions long before they are needed. Another process may have given numbers meanwhile: it makes them too, and there is
    /// room for more articles than any group has.
    /// </summary>
    void MakePartitions(long last)
    {
        const long InTime = 500_000;
        if (last + InTime > partitioned)
            partitioned = Value<long>("SELECT make_partitions(@last)", new { last = last + InTime });
    }

    public override void SetUnfinished(IReadOnlyList<ArticleNumber> articles, bool anybody)
    {
        if (articles.Count == 0)
            return;
        using var add = Command("INSERT INTO unfinished (article, open, holder) SELECT article, @open, @holder FROM unnest(@article) AS g (article)");
        add.Parameters.AddWithValue("open", anybody ? 1L : 0L);
        add.Parameters.Add(new NpgsqlParameter("holder", NpgsqlDbType.Bigint) { Value = (anybody ? null : ledger.Process) ?? (object)DBNull.Value });
        Set(add, "article", NpgsqlDbType.Bigint, articles, a => a.Value);
        add.ExecuteNonQuery();
    }

    public override HashSet<ArticleNumber> TakeUnfinished(IReadOnlyList<ArticleNumber> articles)
    {
        var taken = new HashSet<ArticleNumber>();
        if (articles.Count == 0)
            return taken;
        using var take = Command("WITH gone AS (DELETE FROM cleaned WHERE article = ANY(@article)) DELETE FROM unfinished WHERE article = ANY(@article) RETURNING article");
        Set(take, "article", NpgsqlDbType.Bigint, articles, a => a.Value);
        using var reader = take.ExecuteReader();
        while (reader.Read())
            taken.Add(new ArticleNumber(reader.GetInt64(0)));
        return taken;
    }

    public override StoryRow? ReadStory(StoryNumber number)
    {
        using var read = Command($"{StoryLog.StoryArticles(ledger)} WHERE d.number = @number");
        read.Parameters.AddWithValue("number", number.Value);
        using var row = read.ExecuteReader();
        return row.Read()
            ? new StoryRow(row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2), row.GetInt64(3), Packed: 1)
            : null;
    }

    public override void Append(IReadOnlyList<DecidedRow> decided)
    {
        if (decided.Count == 0)
            return;
        using (var add = Command(Insertion(LedgerTable.Results)))
        {
            Set(add, "article", NpgsqlDbType.Bigint, decided, r => r.Article.Decision.Article.Value);
            Set(add, "result", NpgsqlDbType.Bytea, decided, r => StoredResult.Pack(r.Article.Result.Span));
            add.ExecuteNonQuery();
        }

        using (var add = Command(Insertion(LedgerTable.Decisions)))
        {
            var rows = decided.Select(r => (r.Article.Decision, r.Article.Decision.Place, r.Article.Decision.Place?.Join, r.Source)).ToList();
            Set(add, "position", NpgsqlDbType.Bigint, rows, r => r.Decision.Position.Value);
            Set(add, "article", NpgsqlDbType.Bigint, rows, r => r.Decision.Article.Value);
            Set(add, "decided", NpgsqlDbType.Bigint, rows, r => r.Decision.Decided.ToUnixTimeMilliseconds());
            Set(add, "number", NpgsqlDbType.Bigint, rows, r => r.Place?.Number.Value);
            Set(add, "story", NpgsqlDbType.Bigint, rows, r => r.Place?.Story.Value);
            Set(add, "canonical", NpgsqlDbType.Bigint, rows, r => r.Place?.Canonical.Value);
            Set(add, "version", NpgsqlDbType.Bigint, rows, r => (long?)r.Place?.Version);
            Set(add, "relation", NpgsqlDbType.Text, rows, r => r.Join is { } join ? StoredWords.Relations.Of(join.Relation) : null);
            Set(add, "matched", NpgsqlDbType.Bigint, rows, r => r.Join?.Matched.Value);
            Set(add, "resemblance", NpgsqlDbType.Double, rows, r => r.Join?.Resemblance);
            Set(add, "containment", NpgsqlDbType.Double, rows, r => r.Join?.Containment);
            Set(add, "changes", NpgsqlDbType.Text, rows, r => r.Join is { } join ? Columns.Json(join.Changes) : null);
            Set(add, "rejection", NpgsqlDbType.Text, rows, r => r.Decision.Rejection is { } reason ? StoredWords.Rejections.Of(reason) : null);
            Set(add, "arrival", NpgsqlDbType.Bigint, rows, r => r.Decision.Arrival.ToUnixTimeMilliseconds());
            Set(add, "normaliser", NpgsqlDbType.Text, rows, r => r.Decision.Normaliser);
            Set(add, "headline", NpgsqlDbType.Text, rows, r => ledger.Kept(r.Decision.Headline));
            Set(add, "agency", NpgsqlDbType.Text, rows, r => ledger.Kept(r.Decision.Agency));
            Set(add, "publisher", NpgsqlDbType.Text, rows, r => ledger.Kept(r.Decision.Publisher));
            Set(add, "source", NpgsqlDbType.Bigint, rows, r => r.Source?.Number);
            Set(add, "of_source", NpgsqlDbType.Bigint, rows, r => (long?)r.Source?.Articles);
            Set(add, "learnt", NpgsqlDbType.Bigint, rows, r => (long?)r.Decision.Source?.Known.Learnt);
            Set(add, "ruled", NpgsqlDbType.Bigint, rows, r => r.Decision.Source?.Known.Ruled is > 0 and var ruled ? ruled : default(long?));
            add.ExecuteNonQuery();
        }

        Remember([.. decided.Select(r => r.Article.Remembered).OfType<Remembered>()]);
    }

    public override void Remember(IReadOnlyList<Remembered> articles)
    {
        if (articles.Count == 0)
            return;
        using var add = Command(Insertion(LedgerTable.Fingerprints));
        Set(add, "number", NpgsqlDbType.Bigint, articles, a => a.Number);
        Set(add, "story", NpgsqlDbType.Bigint, articles, a => a.Story);
        Set(add, "canonical", NpgsqlDbType.Bigint, articles, a => a.Canonical);
        Set(add, "version", NpgsqlDbType.Bigint, articles, a => (long)a.Version);
        Set(add, "arrival", NpgsqlDbType.Bigint, articles, a => (long)a.Arrival);
        Set(add, "clock", NpgsqlDbType.Bigint, articles, a => (long)a.Clock);
        Set(add, "hops", NpgsqlDbType.Bigint, articles, a => (long)a.Hops);
        Set(add, "sampled", NpgsqlDbType.Bigint, articles, a => (long)a.Sampled);
        Set(add, "thinning", NpgsqlDbType.Bigint, articles, a => (long)a.Thinning);
        Set(add, "text_hash", NpgsqlDbType.Bigint, articles, a => unchecked((long)a.TextHash));
        Set(add, "oldest", NpgsqlDbType.Bigint, articles, a => a.Oldest);
        Set(add, "posted", NpgsqlDbType.Bytea, articles, a => Columns.Bytes(a.Posted));
        add.ExecuteNonQuery();
    }

    /// <summary>Its parameters have the names of the columns, and one value for each row.</summary>
    static string Insertion(LedgerTable table) => $"INSERT INTO {table.Name} ({table.Names()}) SELECT * FROM unnest({table.Names("@")})";

    public override void Insert(LedgerTable table, IReadOnlyList<object?[]> rows)
    {
        if (table.Key == "article")
            MakePartitions((long)rows[^1][0]!);
        Copy(table.Name, [.. table.Columns.Where(c => c.Kind != ColumnKind.Content)], rows, row => row);
        if (table.HasContent)
            Copy("contents", [table.Columns[0], table.Columns[^1]], [.. rows.Where(r => r[^1] is not null)], row => [row[0], row[^1]]);
    }

    void Copy(string table, (string Name, ColumnKind Kind)[] columns, IReadOnlyList<object?[]> rows, Func<object?[], object?[]> values)
    {
        using var copy = connection.BeginBinaryImport($"COPY {table} ({string.Join(", ", columns.Select(c => c.Name))}) FROM STDIN (FORMAT BINARY)");
        // Megabytes on a slow disk are no fault.
        copy.Timeout = TimeSpan.FromMinutes(10);
        foreach (var row in rows)
        {
            copy.StartRow();
            var given = values(row);
            for (var i = 0; i < columns.Length; i++)
                Write(copy, given[i], columns[i].Kind);
        }

        copy.Complete();
    }

    void Write(NpgsqlBinaryImporter copy, object? value, ColumnKind kind)
    {
        if (value is long number)
            copy.Write(number, NpgsqlDbType.Bigint);
        else if (value is double real)
            copy.Write(real, NpgsqlDbType.Double);
        else if (value is not byte[] bytes)
            copy.WriteNull();
        else if (kind == ColumnKind.Word)
            copy.Write(Columns.Text(bytes), NpgsqlDbType.Text);
        else if (kind == ColumnKind.Text)
            copy.Write(ledger.Kept(Columns.Text(bytes)), NpgsqlDbType.Text);
        else
            copy.Write(bytes, NpgsqlDbType.Bytea);
    }

    public override void Empty(LedgerTable table) => Execute($"TRUNCATE {table.Name}{(table.HasContent ? ", contents" : "")}");

    public override void Continue() => Execute("""
        SELECT setval(pg_get_serial_sequence('articles', 'article'), max(article)) FROM articles HAVING max(article) IS NOT NULL;
        SELECT setval(pg_get_serial_sequence('sources', 'source'), max(source)) FROM sources HAVING max(source) IS NOT NULL
        """);
    public override void DropTexts(long[] articles)
    {
        if (articles.Length > 0)
            Execute("DELETE FROM contents WHERE article = ANY(@articles); DELETE FROM results WHERE article = ANY(@articles)", new { articles });
    }

    public override long WholeTexts() =>
        Value<long>("SELECT whole_partitions(coalesce((SELECT value::bigint FROM settings WHERE name = @Texts), 0))", new { Retention.Texts });

    public override bool GiveBack() => Value<bool>("SELECT drop_partition()");

    protected override void Dispose(bool disposing)
    {
        Rollback();
        connection.Dispose();
    }

    NpgsqlCommand Command(string text) => new(text, connection);

    /// <summary>A parameter with one value for each row.</summary>
    static void Set<TRow, T>(NpgsqlCommand command, string name, NpgsqlDbType type, IReadOnlyList<TRow> rows, Func<TRow, T> value)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = value(rows[i]);
        command.Parameters.Add(new NpgsqlParameter<T[]>(name, NpgsqlDbType.Array | type) { TypedValue = values });
    }
}
