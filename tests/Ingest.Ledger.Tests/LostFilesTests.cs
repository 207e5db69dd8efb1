using Dapper;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger.Articles;
using Microsoft.Data.Sqlite;

namespace Ingest.Ledger.Tests;

/// <summary>The files of an open ledger are deleted, moved, replaced or cut off: it is noticed, and nothing is written into the void.</summary>
public sealed class LostFilesTests : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ingest-ledger-");

    string At => Path.Combine(folder.FullName, "a.db");

    public void Dispose() => folder.Delete(recursive: true);

    [FactOnLinux]
    public void A_file_that_was_moved_is_missed_and_is_used_again_when_it_is_back()
    {
        using var ledger = LedgerFile.Open(At);
        Accept(ledger, 1);
        Assert.Null(ledger.Look());
        File.Move(At, At + ".elsewhere");
        // Already before somebody looks.
        Assert.Contains("was moved or deleted", Assert.Throws<LedgerException>(() => Accept(ledger, 2)).Message, StringComparison.Ordinal);
        Assert.False(ledger.Look()!.NeedsRestart);
        Assert.True(Assert.Throws<LedgerException>(() => new AcceptedArticles(ledger).CountUnfinished()).IsPassing);
        File.Move(At + ".elsewhere", At);
        Assert.Null(ledger.Look());
        Accept(ledger, 2);
        Assert.Equal(2, new AcceptedArticles(ledger).CountUnfinished());
    }

    [FactOnLinux]
    public void Another_ledger_in_its_place_is_neither_read_nor_written()
    {
        using (var other = LedgerFile.Open(At + ".new"))
            Accept(other, 7);
        using var ledger = LedgerFile.Open(At);
        Accept(ledger, 1);
        File.Move(At + ".new", At, overwrite: true);
        Assert.Contains($"delete {At}-wal and its -shm", ledger.Look()!.Reason, StringComparison.Ordinal);
        Assert.Throws<LedgerException>(() => Accept(ledger, 2));
        Assert.Throws<LedgerException>(() => new AcceptedArticles(ledger).CountUnfinished());
    }

    [TheoryOnLinux]
    [InlineData("-wal")]
    [InlineData("-shm")]
    public void What_a_deleted_companion_held_is_saved(string ending)
    {
        using var ledger = LedgerFile.Open(At);
        Accept(ledger, 1, 2, 3);
        File.Delete(At + ending);
        var loss = ledger.Look()!;
        Assert.True(loss.NeedsRestart);
        Assert.Contains($"What it held is saved in {At}.", loss.Reason, StringComparison.Ordinal);
        Assert.Throws<LedgerException>(() => Accept(ledger, 4));
        // As it would be after a kill.
        File.Copy(At, At + ".copy");
        using var copy = LedgerFile.Open(At + ".copy");
        Assert.Equal(3, new AcceptedArticles(copy).CountUnfinished());
    }

    [TheoryOnLinux]
    [InlineData("", 0)]
    [InlineData("", 8192)]
    [InlineData("-wal", 0)]
    [InlineData("-wal", 8192)]
    public void A_file_that_was_cut_off_is_noticed_for_good(string ending, long bytes)
    {
        using var ledger = LedgerFile.Open(At);
        Accept(ledger, 1);
        if (ending.Length == 0)
            Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        Assert.Null(ledger.Look());
        using (var file = new FileStream(At + ending, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(bytes);
        Assert.Contains($"{At}{ending} was cut off", ledger.Look()!.Reason, StringComparison.Ordinal);
        Assert.Throws<LedgerException>(() => Accept(ledger, 2));
        Assert.NotNull(ledger.Look());
    }

    [FactOnLinux]
    public void What_other_programs_do_to_an_open_ledger_is_no_loss()
    {
        using var ledger = LedgerFile.Open(At);
        for (var round = 0; round < 3; round++)
        {
            Accept(ledger, [.. Enumerable.Range(round * 50, 50)]);
            Assert.Null(ledger.Look());
            foreach (var work in (string[])["PRAGMA wal_checkpoint(PASSIVE)", "PRAGMA wal_checkpoint(TRUNCATE)", "DELETE FROM articles WHERE article > 20; DELETE FROM unfinished WHERE article > 20", "VACUUM", "PRAGMA wal_checkpoint(RESTART)"])
            {
                Execute(work);
                for (var look = 0; look < 3; look++)
                    Assert.Null(ledger.Look());
            }
        }
    }

    [FactOnLinux]
    public void A_ledger_behind_a_link_is_one_like_any_other()
    {
        File.CreateSymbolicLink(At, "real.db");
        using (var ledger = LedgerFile.Open(At))
        {
            Accept(ledger, 1);
            Assert.Null(ledger.Look());
            Assert.True(File.Exists(Path.Combine(folder.FullName, "real.db-wal")));
            using var unchanged = LedgerFile.OpenUnchanged(At);
            Assert.Equal(1, new AcceptedArticles(unchanged).CountUnfinished());
        }

        Assert.Equal(["a.db", "real.db"], folder.GetFiles().Select(f => f.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_left_of_a_ledger_is_not_taken_for_a_new_one()
    {
        File.WriteAllBytes(At, []);
        Assert.StartsWith($"{At} is empty.", Assert.Throws<LedgerException>(() => LedgerFile.Open(At)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(At + "-wal", new byte[5000]);
        Assert.Contains("-wal holds the latest part", Assert.Throws<LedgerException>(() => LedgerFile.Open(At)).Message, StringComparison.Ordinal);
        File.Delete(At);
        Assert.Contains("-wal holds the latest part", Assert.Throws<LedgerException>(() => LedgerFile.Open(At)).Message, StringComparison.Ordinal);
        Assert.Equal(5000, new FileInfo(At + "-wal").Length);
        File.Delete(At + "-wal");
        using (var ledger = LedgerFile.Open(At))
            Accept(ledger, 1);
        using (var file = new FileStream(At, FileMode.Open))
            file.SetLength(file.Length / 2);
        Assert.Contains("smaller than its first page says", Assert.Throws<LedgerException>(() => LedgerFile.Open(At)).Message, StringComparison.Ordinal);
    }

    static void Accept(LedgerFile ledger, params int[] names)
    {
        using var writer = new AcceptWriter(ledger, DateTimeOffset.UnixEpoch);
        writer.Accept(
            [new AcceptRequest([.. names.Select(n => Submission.Of(RawArticle.OfText($"{n}", new string('x', 5000)), null, DateTimeOffset.UnixEpoch))])],
            DateTimeOffset.UnixEpoch, anybody: true);
    }

    void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={At};Pooling=False");
        connection.Open();
        connection.Execute(sql);
    }

    sealed class FactOnLinuxAttribute : FactAttribute
    {
        public FactOnLinuxAttribute() => Skip = OperatingSystem.IsLinux() ? null : "files are told apart on Linux only";
    }

    sealed class TheoryOnLinuxAttribute : TheoryAttribute
    {
        public TheoryOnLinuxAttribute() => Skip = OperatingSystem.IsLinux() ? null : "files are told apart on Linux only";
    }
}
