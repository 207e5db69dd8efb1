using System.Data.Common;
using Dapper;
using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger.Articles;
using Microsoft.Data.Sqlite;

namespace Ingest.Ledger.Tests;

/// <summary>A ledger in a file, its copy on a server, and the copy of that in a file again.</summary>
[Collection(nameof(OneServer))]
public sealed class CopyTests(OneServer server) : LedgerCase
{
    /// <summary>U+0000, the sign that escapes it, half of a pair, and a character of four bytes.</summary>
    const string Odd = "a\0b\u001b0\ud800c\U0001f30a";

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ingest-copy-");
    readonly string schema = $"t{Guid.NewGuid():N}";

    [Fact]
    public void There_and_back_are_the_same_rows()
    {
        Fill();
        using (var there = Database(copying: true))
        {
            Assert.Empty(Copied(Ledger, there));
            using var back = File("back.db", copying: true);
            Assert.Empty(Copied(there, back));
        }

        Assert.Equal(Rows(Ledger), Rows("back.db"));
        using var again = Database();
        using var file = File("back.db");
        Assert.Equal(LedgerSettings.LogId(Ledger), LedgerSettings.LogId(again));
        Assert.Equal(LedgerSettings.LogId(Ledger), LedgerSettings.LogId(file));
        Assert.Equal(Faults(Ledger), Faults(again));
        Assert.Equal(Faults(Ledger), Faults(file));
        foreach (var ledger in (LedgerStore[])[again, file])
        {
            var failed = Assert.Single(new Errors(ledger).List(10));
            Assert.Equal(Odd.Replace('\ud800', '\ufffd'), failed.Detail);
            Assert.Equal(Odd.Replace('\ud800', '\ufffd'), new AcceptedArticles(ledger).Find(Article(Odd).ArticleId)!.Submission.Id);
        }
    }

    [Fact]
    public void What_is_new_gets_the_next_number()
    {
        Fill();
        using (var there = Database(copying: true))
            Copied(Ledger, there);
        using var ledger = Database();
        using var writer = new AcceptWriter(ledger, Now);
        var last = Ledger.Read(c => c.ExecuteScalar<long>("SELECT max(article) FROM articles"));
        Assert.Equal(last + 1, writer.Accept([new AcceptRequest([Article("new")])], Now, anybody: true)[0]![0].Article.Value);
        Assert.True(writer.Accept([new AcceptRequest([Article("1")])], Now, anybody: true)[0]![0].Known);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_copy_that_was_broken_off_goes_on(bool toFile)
    {
        Fill();
        LedgerStore Target(bool copying) => toFile ? File("target.db", copying) : Database(copying);
        var source = Ledger;
        if (toFile)
        {
            source = Database(copying: true);
            Copied(Ledger, source);
        }

        List<string> first = [], second = [];
        using (var target = Target(copying: true))
            Assert.Throws<OperationCanceledException>(() => LedgerCopy.Rows(source, target, part =>
            {
                first.Add(part);
                if (first.Count == 3)
                    throw new OperationCanceledException();
            }));
        Assert.Contains("unfinished copy", Assert.Throws<LedgerException>(() => Target(copying: false)).Message, StringComparison.Ordinal);
        using (var target = Target(copying: true))
        {
            Assert.Empty(LedgerCopy.Rows(source, target, second.Add));
            Assert.DoesNotContain(second, first.Contains);
            Assert.All(LedgerCopy.Compare(source, target), t => Assert.True(t.IsSame, t.Table));
            LedgerCopy.Complete(target);
        }

        Target(copying: false).Dispose();
        if (toFile)
            source.Dispose();
    }

    [Fact]
    public void What_the_source_got_meanwhile_is_copied_when_it_goes_on()
    {
        Fill();
        using var there = Database(copying: true);
        LedgerCopy.Rows(Ledger, there);
        Decide(Article("later"));
        using (var connection = new SqliteConnection($"Data Source={At("ledger.db")};Pooling=False"))
            // As if one with a lower number had been committed after one with a higher.
            connection.Execute("UPDATE articles SET article = 100 WHERE article = 2; UPDATE decisions SET article = 100 WHERE article = 2; UPDATE results SET article = 100 WHERE article = 2");
        Assert.Equal(["articles", "results", "decisions", "fingerprints"],
            LedgerCopy.Compare(Ledger, there).Where(t => !t.IsSame).Select(t => t.Table));
        LedgerCopy.Rows(Ledger, there);
        Assert.Equal(["decisions"], LedgerCopy.Compare(Ledger, there).Where(t => !t.IsSame).Select(t => t.Table));
    }

    [Fact]
    public void A_target_with_rows_of_its_own_is_refused()
    {
        Fill();
        using (var other = Database())
        using (var writer = new AcceptWriter(other, Now))
            writer.Accept([new AcceptRequest([Article("own")])], Now, anybody: true);
        using var there = Database(copying: true);
        Assert.Contains("another ledger: it has articles of its own", Assert.Throws<LedgerException>(() => LedgerCopy.Rows(Ledger, there)).Message, StringComparison.Ordinal);
        using var same = LedgerFile.Open(At("ledger.db"), copying: true);
        Assert.Contains("has this ledger already", Assert.Throws<LedgerException>(() => LedgerCopy.Rows(Ledger, same)).Message, StringComparison.Ordinal);
        Database().Dispose();
    }

    [Fact]
    public void The_unfinished_copy_of_another_ledger_is_refused()
    {
        Fill();
        using var there = Database(copying: true);
        LedgerCopy.Rows(Ledger, there);
        using var other = File("other.db");
        Assert.Contains("unfinished copy of another", Assert.Throws<LedgerException>(() => LedgerCopy.Rows(other, there)).Message, StringComparison.Ordinal);
        using var third = File("third.db", copying: true);
        Assert.Contains("unfinished copy itself", Assert.Throws<LedgerException>(() => LedgerCopy.Rows(there, third)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_rows_are_named_and_copied_as_they_are_read()
    {
        Fill();
        using (var lease = Ledger.Connect())
            lease.Connection.Execute("""
                UPDATE articles SET content = x'0105ffff' WHERE article = 2;
                UPDATE articles SET sender = CAST(x'61ff' AS TEXT) WHERE article = 3;
                UPDATE decisions SET normaliser = CAST(x'610062' AS TEXT) WHERE position = 1;
                """);
        using var there = Database(copying: true);
        var damaged = Copied(Ledger, there);
        Assert.Equal(3, damaged.Count);
        Assert.StartsWith("articles, article 2: The stored content", damaged[0], StringComparison.Ordinal);
        Assert.Equal("articles, article 3: its sender is no text", damaged[1]);
        Assert.Equal("decisions, position 1: its normaliser is no text", damaged[2]);
        using var back = File("back.db", copying: true);
        Assert.Equal("articles, article 2", Assert.Single(Copied(there, back)).Split(':')[0]);
    }

    [Fact]
    public void A_row_that_differs_is_found()
    {
        Fill();
        using var there = Database(copying: true);
        Copied(Ledger, there);
        foreach (var (table, change) in ((string, string)[])
                 [("articles", "UPDATE contents SET content = '\\xff00' WHERE article = 1"), ("decisions", "UPDATE decisions SET resemblance = 0.5 WHERE position = 2"),
                     ("unfinished", "DELETE FROM unfinished"), ("settings", "UPDATE settings SET value = '1' WHERE name = 'log'")])
        {
            using (var lease = there.Connect())
                lease.Connection.Execute(change);
            Assert.Contains(LedgerCopy.Compare(Ledger, there), t => t.Table == table && !t.IsSame);
        }
    }

    [Fact]
    public void Every_column_of_either_store_is_copied()
    {
        _ = Ledger;
        using var there = Database();
        var known = LedgerTable.All.SelectMany(t => t.Columns.Select(c => $"{t.Name}.{c.Name}")).ToHashSet();
        // Whether and how it is packed is the store's own, as are the processes that use it and what they hand to one another: what they have cleaned is
        // cleaned again.
        string[] own = ["articles.packed", "contents.article", "contents.content", "unfinished.holder", "unfinished.cleaned"];
        var file = Ledger.Read(c => c.Query<string>("SELECT m.name || '.' || i.name FROM sqlite_schema m JOIN pragma_table_info(m.name) i WHERE m.type = 'table'").ToList());
        var database = there.Read(c => c.Query<string>("""
            SELECT c.table_name || '.' || c.column_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
            WHERE c.table_schema = @schema AND c.table_name NOT SIMILAR TO '(contents|results)_([0-9]+|held)' AND c.table_name NOT IN ('migrations', 'cleaned', 'processes')
            """, new { schema }).ToList());
        Assert.Empty(file.Except(known).Except(own));
        Assert.Empty(database.Except(known).Except(own));
        Assert.Empty(known.Except(file));
        Assert.Empty(known.Except(database).Except(["articles.content"]));
    }

    [Fact]
    public void The_beginning_of_a_ledger_on_a_server_is_copied()
    {
        Fill();
        using var there = Database(copying: true);
        Copied(Ledger, there);
        using (var part = File("part.db"))
            LedgerCopy.Before(there, part, new LogPosition(3));
        using (var part = File("same.db"))
            LedgerCopy.Before(Ledger, part, new LogPosition(3));
        Assert.Equal(Rows("same.db").Where(r => !r.StartsWith("settings", StringComparison.Ordinal)), Rows("part.db").Where(r => !r.StartsWith("settings", StringComparison.Ordinal)));
        Assert.Equal(2, LedgerCheck.Look(At("part.db")).Decisions);
    }

    [Fact]
    public async Task Of_two_who_migrate_at_once_each_script_runs_once()
    {
        for (var i = 0; i < 5; i++)
        {
            var (path, name) = (At($"m{i}.db"), $"{schema}m{i}");
            var files = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => LedgerFile.Migrate(path, dryRun: false))));
            Assert.Equal(LedgerFile.Migrate(At("none.db"), dryRun: true), files.SelectMany(s => s));
            var databases = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => LedgerDatabase.Migrate(server.Address, dryRun: false, name))));
            Assert.Equal(LedgerDatabase.Migrate(server.Address, dryRun: true, $"{name}none"), databases.SelectMany(s => s));
        }

        Assert.False(System.IO.File.Exists(At("none.db")));
    }

    protected override LedgerStore Open() => File("ledger.db");

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        folder.Delete(recursive: true);
    }

    static IReadOnlyList<string> Copied(LedgerStore from, LedgerStore to)
    {
        var damaged = LedgerCopy.Rows(from, to);
        Assert.All(LedgerCopy.Compare(from, to), t => Assert.True(t.IsSame, t.Table));
        LedgerCopy.Complete(to);
        return damaged;
    }

    LedgerFile File(string name, bool copying = false) => LedgerFile.Open(At(name), copying);

    LedgerDatabase Database(bool copying = false) => LedgerDatabase.Open(server.Address, schema, copying);

    string At(string name) => Path.Combine(folder.FullName, name);

    /// <summary>Something in every table.</summary>
    void Fill()
    {
        Decide(Article("1"));
        Decide(new Plan(Record("2", $"Storm {Odd} over Kaldvik", "AFP"), new PlannedJoin(Relation.Revision, 1, 1, 1, [("a\"\0", "\U0001f30a")])),
            new Plan(Article("3"), Rejection: Rejection.Empty()));
        var accepted = Accept(Article("waits"), Article(Odd));
        Fail(accepted[1].Article, detail: Odd);
        using (var writer = new AcceptWriter(Ledger, Now))
            writer.Accept([new AcceptRequest([Article("keyed")]) { Key = new IdempotencyKey(Odd, new byte[32]) }], Now, anybody: false);
        LedgerSettings.Keep(Ledger, "fingerprints", Odd);
        using var lease = Ledger.Connect();
        lease.Connection.Execute("""
            INSERT INTO sources (source, name) VALUES (3, 'coast');
            INSERT INTO rulings (ruling, source, passage, verdict, made) VALUES (1, 3, CAST(x'611b0062' AS TEXT), 'keep', 5);
            INSERT INTO publications (destination, position) VALUES ('rabbitmq', 2);
            INSERT INTO unsent (destination, position, type, cause, detail, since) VALUES ('rabbitmq', 1, 'duplicate', 'unroutable', CAST(x'001b30' AS TEXT), 7);
            """);
    }

    static List<string> Faults(LedgerStore ledger) => [.. new LedgerCheck(ledger).Look().Faults.Select(f => $"{f.What} {f.Count} {string.Join(", ", f.First)}")];

    List<string> Rows(string name)
    {
        using var ledger = LedgerFile.OpenUnchanged(At(name));
        return Rows(ledger);
    }

    /// <summary>Each row as SQLite tells it, so that what is compared does not come from what is tested.</summary>
    static List<string> Rows(LedgerStore ledger) => ledger.Read(connection => LedgerTable.All.SelectMany(table =>
    {
        var columns = connection.Query<string>($"SELECT name FROM pragma_table_info('{table.Name}')");
        return connection.Query<string>($"SELECT {string.Join(" || '|' || ", columns.Select(c => $"typeof({c}) || hex(CAST({c} AS BLOB))"))} FROM {table.Name} ORDER BY 1").Select(r => $"{table.Name} {r}");
    }).ToList());
}
