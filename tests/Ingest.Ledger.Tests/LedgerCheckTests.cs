using Dapper;
using Ingest.Core.Articles;
using Microsoft.Data.Sqlite;

namespace Ingest.Ledger.Tests;

/// <summary>What must hold in every ledger, and a look that changes nothing.</summary>
public sealed class LedgerCheckTests : LedgerCase
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ingest-ledger-");

    string At => Path.Combine(folder.FullName, "a.db");

    protected override LedgerFile Open() => LedgerFile.Open(At);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("DELETE FROM decisions WHERE position = 2", "positions that are missing in the log: 1 (position 2)")]
    [InlineData("DELETE FROM decisions WHERE position = 2", "numbers that are missing in the order of decisions: 1 (number 2)")]
    [InlineData("DELETE FROM articles WHERE article = 2", "decisions about articles that are not stored: 1 (position 2)")]
    [InlineData("DELETE FROM results WHERE article = 2", "decided articles without a result: 1 (position 2)")]
    [InlineData("INSERT INTO unfinished (article) VALUES (1)", "decided articles that still wait for an outcome: 1 (position 1)")]
    [InlineData("INSERT INTO errors VALUES (1, 'normalise', 'Fault', '', 1, 1)", "decided articles that are among the errors: 1 (position 1)")]
    [InlineData("UPDATE decisions SET matched = 9, story = 8 WHERE position = 3", "decisions that name an article without a decision: 1 (position 3)")]
    [InlineData("DELETE FROM fingerprints WHERE number = 3", "decisions without a fingerprint: 1 (position 3)")]
    [InlineData("DELETE FROM decisions WHERE position > 1", "fingerprints without a decision: 2 (number 2, number 3)")]
    [InlineData("DELETE FROM decisions WHERE position > 1", "results of articles without a decision: 2 (article number 2, article number 3)")]
    [InlineData("INSERT INTO unfinished (article) VALUES (77)", "articles that wait or failed but are not stored: 1 (article number 77)")]
    [InlineData("INSERT INTO publications VALUES ('rabbitmq', 4)", "events that were sent from beyond the end of the log: 1 (rabbitmq up to 4)")]
    [InlineData("INSERT INTO unsent VALUES ('rabbitmq', 4, 'ArticleRejected', 'unroutable', '', 1)", "events set aside from beyond the end of the log: 1 (ArticleRejected at 4)")]
    public void What_does_not_hold_is_counted_with_the_first_cases(string damage, string fault)
    {
        Fill();
        Execute(damage);
        var report = LedgerCheck.Look(At);
        Assert.Contains(fault, report.Faults.Select(f => $"{f.What}: {f.Count} ({string.Join(", ", f.First)})"));
        Assert.Empty(report.Damage);
        Assert.False(report.IsSound);
    }

    [Fact]
    public void An_article_without_decision_and_a_result_that_cannot_be_read_are_named()
    {
        Fill();
        var id = Log.After(LogPosition.Start, 9, Texts.All)[2].ArticleId;
        Execute("DELETE FROM decisions WHERE position = 3; UPDATE results SET result = x'ff' WHERE article = 1");
        var faults = LedgerCheck.Look(At).Faults.ToDictionary(f => f.What, f => f.First, StringComparer.Ordinal);
        Assert.Equal([$"article {id}"], faults["articles that are not decided, failed or waiting"]);
        Assert.StartsWith("position 1 (", Assert.Single(faults["results that cannot be read, or have changed"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_look_leaves_the_folder_as_it_was()
    {
        Fill();
        Ledger.Dispose();
        var before = Files();
        var report = LedgerCheck.Look(At);
        Assert.True(report.IsSound && report.IsWritable);
        Assert.Equal((3, 3, 3L), (report.Articles, report.Decisions, report.End.Value));
        Assert.Equal(before, Files());
    }

    [Theory]
    [InlineData(0, "is empty.")]
    [InlineData(4096, "is a SQLite file without any data.")]
    public void A_file_that_holds_nothing_stays_so(int bytes, string word)
    {
        if (bytes == 0)
            File.WriteAllBytes(At, []);
        else
            Execute("PRAGMA journal_mode = WAL");
        var before = Files();
        Assert.Contains(word, Assert.Throws<LedgerException>(() => LedgerCheck.Look(At)).Message, StringComparison.Ordinal);
        Assert.Equal(before, Files());
    }

    [Fact]
    public void A_copy_is_whole_while_others_write_and_has_the_same_id()
    {
        Fill();
        Accept(Article("waits"));
        using (var other = new SqliteConnection($"Data Source={At};Pooling=False"))
        {
            other.Open();
            other.Execute("BEGIN IMMEDIATE; DELETE FROM articles");
            using var unchanged = LedgerFile.OpenUnchanged(At);
            LedgerCopy.Whole(unchanged, At + ".copy");
            other.Execute("ROLLBACK");
        }

        Assert.Equal([At + ".copy"], Directory.GetFiles(folder.FullName, "*.copy*"));
        var report = LedgerCheck.Look(At + ".copy");
        Assert.True(report.IsSound);
        Assert.Equal((4, 3, 1), (report.Articles, report.Decisions, report.Unfinished));
        Assert.Equal(LedgerSettings.LogId(Ledger), report.LogId);
        using var copy = LedgerFile.Open(At + ".copy");
        Assert.Equal(LedgerSettings.LogId(Ledger), LedgerSettings.LogId(copy));
    }

    [Fact]
    public void A_ledger_that_was_decided_again_has_another_id()
    {
        Fill();
        using var again = LedgerFile.Open(At + ".again");
        LedgerCopy.Before(Ledger, again, new LogPosition(3));
        Assert.Equal(2, new DecisionLog(again).End().Position.Value);
        Assert.NotEqual(LedgerSettings.LogId(Ledger), LedgerSettings.LogId(again));
    }

    void Fill() => Decide(Article("1"), Article("2"), Article("3"));

    void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={At};Pooling=False");
        connection.Open();
        connection.Execute(sql);
    }

    List<string> Files() =>
        [.. folder.GetFiles().OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => $"{f.Name} {f.LastWriteTimeUtc:O} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f.FullName)))}")];
}
