using Dapper;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger.Articles;
using Microsoft.Data.Sqlite;

namespace Ingest.Ledger.Tests;

/// <summary>A ledger of schema 1, which kept the text of an article and the other fields of its record apart, is brought up to date when it is opened.</summary>
public sealed class EarlierLedgerTests : IDisposable
{
    const string Ferry = "The ferry sailed again.";
    const string Odd = "nul \0, \"quoted\", back\\slash, \ud83d\ude00, line \u2028 separator\r\n\ttab \u007f\u0001.";
    const string Wrong = "read as Windows-1252, as it is not valid UTF-8";

    /// <summary>Rows as the earlier program wrote them; their ids are those that it gave.</summary>
    static readonly Row[] Rows =
    [
        new(1, "ef7f1c4e-5dcb-5051-bd83-bc6599c27773", "kaldvik/2", """
            {"url":"https://kaldvik.example/a?b=1&c=2","feed":"wire","headline":"Größe <b>\"окно\"</b>","bylines":["Anna Weir","Ole Dahl"],"agency":"dpa","publisher":"Kaldvik Post","dateline":"OSLO","published":"2026-03-01","received":"2026-03-01T10:00:00Z","language":"en"}
            """, Ferry),
        new(2, "b089c0a5-66ae-5ce8-8f11-6a7cc02b523a", "o\0dd \"1\"", """{"feed":"wi\u0000re","headline":"He said \"no\" \u2028 \uD83D\uDE00"}""", Odd),
        new(3, "ed95c17b-eb59-5c82-abd3-67ca10499bbb", "kaldvik/6", null, ""),
        new(5, "25bd1555-bcab-5750-a60e-bbdd118e7c26", "kaldvik/4", """{"feed":"wire","notes":["left out \"published\": \"yesterday\" is not an ISO 8601 date"]}""", Ferry),
        new(6, "79ed5670-8cb7-5a97-86d8-58d9a0b44df1", "kaldvik/5", """{"headline":"Größe","notes":["read as Windows-1252, as it is not valid UTF-8"]}""", "Das Café öffnet."),
        new(8, "a794badf-0aeb-563e-aca9-c6d1a89a1475", "news/ferry.txt", null, Ferry),
        new(9, "3b812310-fcb9-5466-9e7c-e20bedc2a054", "3b812310-fcb9-5466-9e7c-e20bedc2a054", """{"feed":"wire"}""", Ferry),
    ];

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ingest-ledger-");

    public void Dispose() => folder.Delete(recursive: true);

    string FilePath => Path.Combine(folder.FullName, "earlier.db");

    [Fact]
    public void Every_article_is_there_with_its_id_and_its_exact_text()
    {
        using var ledger = Opened();
        var articles = new AcceptedArticles(ledger);
        foreach (var row in Rows)
        {
            var found = articles.Find(row.ArticleId)!;
            var read = found.Submission.Read;
            Assert.Equal(row.Number, found.Number.Value);
            Assert.Equal((row.ArticleId, row.Submitted), (found.ArticleId, found.Submission.Id));
            Assert.Equal(row.Text, read.Text);
            Assert.Equal((row.Submitted, null), (read.Id, read.Rejection));
            Assert.Empty(read.Article!.Notes);
            Assert.Equal(row.Known.ToJson(), read.Metadata.ToJson());
            Assert.Equal(row.Known.Feed, found.Feed);
            Assert.Equal((ArticleForm.Record, "unknown"), (found.Submission.Raw.Form, found.Submission.Raw.Sender));
            Assert.Equal(ArticleMetadata.None, found.Submission.Raw.Metadata);
            Assert.Equal(row.Accepted, found.Submission.Accepted);
            Assert.Equal([row.ArticleId], articles.Submitted(row.Submitted, 10));
        }
    }

    /// <summary>
    /// So the same article that is sent again is known. But for two kinds: notes on reading counted then, and do not now; and an article without an id of its own is told by its
    /// delivery, which was never stored.
    /// </summary>
    [Fact]
    public void The_id_is_the_one_that_the_earlier_program_gave()
    {
        using var ledger = Opened();
        var articles = new AcceptedArticles(ledger);
        foreach (var row in Rows.Where(r => r.Metadata?.Contains("notes", StringComparison.Ordinal) != true && r.Submitted != r.Id))
        {
            var submission = articles.Find(row.ArticleId)!.Submission;
            Assert.Equal(row.ArticleId, ArticleIds.Of(ArticleIds.DefaultCollection, submission.Raw, submission.Read, "any delivery"));
        }

        using var writer = new AcceptWriter(ledger, DateTimeOffset.UnixEpoch);
        var again = Submission.Of(RawArticle.OfText("news/ferry.txt", Ferry), null, DateTimeOffset.UnixEpoch);
        Assert.Equal([new Acceptance(new ArticleNumber(8), Known: true)], writer.Accept([new AcceptRequest([again])], DateTimeOffset.UnixEpoch, anybody: true)[0]!);
        Assert.Equal(10, writer.Accept([new AcceptRequest([Submission.Of(RawArticle.OfText("new", Ferry), null, DateTimeOffset.UnixEpoch)])], DateTimeOffset.UnixEpoch, anybody: true)[0]![0].Article.Value);
    }

    [Fact]
    public void Results_of_the_first_format_are_read_and_name_the_first_rules()
    {
        using var ledger = Opened();
        var entries = new DecisionLog(ledger).After(LogPosition.Start, 10, Texts.All);
        Assert.Equal([1L, 3, 6, 8], entries.Select(e => e.Decision.Article.Value));
        foreach (var (entry, row) in entries.Zip(Rows.Where(r => r.Number is 1 or 3 or 6 or 8)))
        {
            Assert.Equal(1, entry.Text!.Stored.Span[0]);
            Articles.ResultAssert.Same(row.Result() with { Normaliser = "1" }, entry.Text.Result());
            Assert.Equal(row.Text, entry.Text.Submission.Read.Text);
        }

        Assert.Equal([EventType.Published, EventType.Rejected, EventType.Published, EventType.Duplicate], entries.Select(e => e.Decision.Event));
        Assert.Equal(RejectionReason.Empty, entries[1].Text!.Result().Rejection!.Reason);
        Assert.Equal([Rows[0].ArticleId, null, Rows[4].ArticleId, Rows[0].ArticleId], entries.Select(e => e.Story));
        using var lane = new LaneWriter(ledger);
        Assert.Equal("Das Café öffnet.", lane.ReadStoryArticle(new StoryNumber(2)).Body);
        Assert.Equal([1L, 2, 3], new DecisionLog(ledger).Remembered(null, new StoryNumber(3)).Select(r => r.Number));
    }

    /// <summary>The log's clock never falls, nor does the arrival within a story: an old copy that had taken a story over gives it back.</summary>
    [Fact]
    public void Decisions_get_the_clock_of_their_moment_and_the_latest_arrival_of_their_story()
    {
        Make();
        using (var connection = Connect())
            connection.Execute("""
                UPDATE decisions SET decided = CASE number WHEN 1 THEN 5000999 WHEN 2 THEN 7000000 ELSE 6000000 END;
                UPDATE fingerprints SET arrival = CASE number WHEN 1 THEN 4000 WHEN 2 THEN 9 ELSE 100 END;
                """);
        using var ledger = LedgerFile.Open(FilePath);
        Assert.Equal(
            [(5000u, 4000u), (7000u, 9u), (7000u, 4000u)],
            new DecisionLog(ledger).Remembered(null, new StoryNumber(3)).Select(r => (r.Clock, r.Arrival)));
    }

    [Fact]
    public void What_waited_waits_and_what_failed_has_failed()
    {
        using var ledger = Opened();
        var articles = new AcceptedArticles(ledger);
        Assert.Empty(articles.Open(default, 10));
        Assert.Equal([2L, 9], articles.Unfinished(default, DateTimeOffset.MaxValue, 10).Select(n => n.Value));
        Assert.Equal([2L, 5, 9], articles.Undecided().Select(a => a.Number.Value));
        var error = Assert.Single(new Errors(ledger).List(10));
        Assert.Equal((5L, "kaldvik/4", FailedStage.Normalise, 2, false), (error.Article.Value, error.Id, error.Stage, error.Attempts, error.Waits));
        Assert.True(new Errors(ledger).Retry(error.Article));
        Assert.Equal([5L], articles.Open(default, 10).Select(n => n.Value));
    }

    [Fact]
    public void What_comes_after_follows_it()
    {
        using var ledger = Opened();
        Assert.Equal("as it was", LedgerSettings.Keep(ledger, "fingerprints", "otherwise"));
        using (var publications = new Publications(ledger))
            Assert.Equal(new LogPosition(2), publications.Sent(Destination.Exchanges));
        using var lane = new LaneWriter(ledger);
        Assert.Equal(new LogEnd(new LogPosition(4), new StoryNumber(3)), lane.Begin());
        Assert.False(lane.Claim([new LaneClaim(null, new ArticleNumber(2), Discards: false)])[0].Known);
        lane.Rollback();
        Assert.Empty(new LedgerCheck(ledger).Look().Damage);
    }

    [Fact]
    public void It_is_verified_and_copied_without_being_migrated()
    {
        Make();
        var before = File.ReadAllBytes(FilePath);
        var report = LedgerCheck.Look(FilePath);
        Assert.Equal((1, true, null), (report.Schema, report.IsEarlier, report.LogId));
        Assert.Empty(report.Damage);
        Assert.Equal((7, 4), (report.Articles, report.Decisions));
        using (var unchanged = LedgerFile.OpenUnchanged(FilePath))
            LedgerCopy.Whole(unchanged, FilePath + ".copy");
        Assert.Equal(before, File.ReadAllBytes(FilePath));
        Assert.Equal([FilePath, FilePath + ".copy"], Directory.GetFiles(folder.FullName).Order(StringComparer.Ordinal));
        using var copy = LedgerFile.Open(FilePath + ".copy");
        Assert.Equal(Odd, new AcceptedArticles(copy).Find(Rows[1].ArticleId)!.Submission.Read.Text);
    }

    [Fact]
    public void One_damaged_row_stops_no_other()
    {
        string[] damaged = ["{\"feed\":", "", "[1]", "null", "7", "\"text\""];
        Make();
        using (var connection = Connect())
            for (var i = 0; i < damaged.Length; i++)
                Add(connection, new Row(20 + i, new Guid(i, 1, 1, new byte[8]).ToString(), $"damaged {i}", damaged[i], $"text {i}"));
        using var ledger = LedgerFile.Open(FilePath);
        var articles = new AcceptedArticles(ledger);
        Assert.Equal(Ferry, articles.Find(Rows[0].ArticleId)!.Submission.Read.Text);
        for (var i = 0; i < damaged.Length; i++)
        {
            // Found it is, with those beside it; reading it is what fails.
            var found = articles.Find(new Guid(i, 1, 1, new byte[8]))!.Submission;
            Assert.Equal($"damaged {i}", found.Id);
            var fault = Assert.Throws<StoredResultException>(() => found.Read);
            Assert.Contains($"'damaged {i}'", fault.Message, StringComparison.Ordinal);
        }

        // The text is not lost.
        using var after = Connect();
        Assert.Equal(damaged.Select((_, i) => $"text {i}"), after.Query<string>("SELECT CAST(content AS TEXT) ->> 'text' FROM articles WHERE article >= 20 ORDER BY article"));
    }

    [Fact]
    public void Many_processes_may_open_it_at_once()
    {
        Make();
        Parallel.For(0, 8, _ =>
        {
            using var ledger = LedgerFile.Open(FilePath);
            Assert.Equal(Odd, new AcceptedArticles(ledger).Find(Rows[1].ArticleId)!.Submission.Read.Text);
        });
    }

    LedgerFile Opened()
    {
        Make();
        return LedgerFile.Open(FilePath);
    }

    /// <summary>What the earlier program left behind.</summary>
    void Make()
    {
        using var connection = Connect();
        using (var script = new StreamReader(typeof(LedgerFile).Assembly.GetManifestResourceStream("Sqlite/0001-ledger.sql")!))
            connection.Execute("PRAGMA journal_mode = WAL;" + script.ReadToEnd() + "PRAGMA application_id = 0x494E4753; PRAGMA user_version = 1;");
        foreach (var row in Rows)
            Add(connection, row);
        connection.Execute("INSERT INTO unfinished (article) VALUES (2), (9)");
        connection.Execute("INSERT INTO errors VALUES (5, 'normalise', 'SomeFault', 'What was wrong.', 1, 2)");
        connection.Execute("INSERT INTO settings VALUES ('fingerprints', 'as it was')");
        connection.Execute("INSERT INTO publications VALUES ('rabbitmq', 2)");
        Decide(connection, 1, Rows[0], number: 1, story: 1, matched: null);
        Decide(connection, 2, Rows[2], number: null, story: null, matched: null);
        Decide(connection, 3, Rows[4], number: 2, story: 2, matched: null);
        Decide(connection, 4, Rows[5], number: 3, story: 1, matched: 1);
    }

    static void Add(SqliteConnection connection, Row row) => connection.Execute(
        "INSERT INTO articles (article, id, submitted, accepted, metadata, text) VALUES (@Number, @id, @Submitted, @accepted, @metadata, @Text)",
        new { row.Number, id = row.ArticleId.ToByteArray(bigEndian: true), row.Submitted, accepted = row.Accepted.ToUnixTimeMilliseconds(), metadata = row.Metadata?.Trim(), row.Text });

    static void Decide(SqliteConnection connection, int position, Row row, int? number, int? story, int? matched)
    {
        var second = StoredResult.Write(row.Result(), row.Text);
        // The first format has no version of the rules behind that of the format.
        byte[] first = [1, .. second[(2 + (second[1] >> 3))..]];
        connection.Execute("INSERT INTO results VALUES (@Number, @first)", new { row.Number, first });
        connection.Execute(
            """
            INSERT INTO decisions (position, article, decided, number, story, canonical, version, relation, matched, resemblance, containment, rejection, arrival, normaliser)
            VALUES (@position, @Number, @position, @number, @story, @story, @version, @relation, @matched, @score, @score, @rejection, @position, '1')
            """,
            new
            {
                position, row.Number, number, story, matched, version = number is null ? (int?)null : 1, relation = matched is null ? null : "near", score = matched is null ? (double?)null : 0.5,
                rejection = number is null ? "empty" : null,
            });
        if (number is not null)
            connection.Execute("INSERT INTO fingerprints VALUES (@number, @story, @story, 1, 1, 0, 1, 0, 1, 1, x'01000000')", new { number, story });
    }

    SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={FilePath};Pooling=False;Default Timeout=5");
        connection.Open();
        return connection;
    }

    sealed record Row(long Number, string Id, string Submitted, string? Metadata, string Text)
    {
        public Guid ArticleId => new(Id);

        public DateTimeOffset Accepted => new DateTimeOffset(2026, 2, 1, 8, 0, 0, 123, TimeSpan.Zero).AddMinutes(Number);

        public ArticleMetadata Known => ArticleMetadata.FromJson(Metadata);

        public NormalisationResult Result() => new Normaliser().Normalise(new ArticleText(Text, Known, Number == 6 ? [Wrong] : []));
    }
}
