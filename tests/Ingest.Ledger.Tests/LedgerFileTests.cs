using Dapper;
using Microsoft.Data.Sqlite;

namespace Ingest.Ledger.Tests;

/// <summary>What may be a ledger, and what may not.</summary>
public sealed class LedgerFileTests : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ingest-ledger-");

    public void Dispose() => folder.Delete(recursive: true);

    string At(string name) => Path.Combine(folder.FullName, name);

    [Fact]
    public void A_new_ledger_can_be_read_by_its_owner_only()
    {
        using var ledger = LedgerFile.Open(At("new.db"));
        using var lease = ledger.Connect();
        var connection = lease.Connection;
        connection.Execute("INSERT INTO unfinished (article) VALUES (1)");
        if (!OperatingSystem.IsWindows())
            Assert.All(folder.EnumerateFiles(), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode));
        Assert.Equal("wal", connection.ExecuteScalar<string>("PRAGMA journal_mode"));
        Assert.Equal(2, connection.ExecuteScalar<int>("PRAGMA synchronous"));
    }

    [Fact]
    public void Migrations_run_once_in_their_order()
    {
        LedgerFile.Open(At("a.db")).Dispose();
        using var ledger = LedgerFile.Open(At("a.db"));
        using var lease = ledger.Connect();
        var connection = lease.Connection;
        Assert.Equal(9, connection.ExecuteScalar<int>("PRAGMA user_version"));
        Assert.Equal("ok", connection.ExecuteScalar<string>("PRAGMA integrity_check"));
    }

    [Fact]
    public void Many_processes_may_make_it_at_once() => Parallel.For(0, 8, _ => LedgerFile.Open(At("at-once.db")).Dispose());

    [Fact]
    public void A_ledger_of_a_newer_program_is_refused_and_left_as_it_is()
    {
        LedgerFile.Open(At("newer.db")).Dispose();
        using (var connection = new SqliteConnection($"Data Source={At("newer.db")};Pooling=False"))
            connection.Execute("PRAGMA user_version = 99");
        var fault = Assert.Throws<LedgerException>(() => LedgerFile.Open(At("newer.db")));
        Assert.Contains("has schema 99; this program knows schemas up to 9", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_programs_database_is_refused()
    {
        using (var connection = new SqliteConnection($"Data Source={At("other.db")};Pooling=False"))
            connection.Execute("CREATE TABLE songs (title TEXT)");
        Assert.Contains("not an Ingest ledger", Assert.Throws<LedgerException>(() => LedgerFile.Open(At("other.db"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused()
    {
        File.WriteAllText(At("text.db"), string.Concat(Enumerable.Repeat("This is a text about something else. ", 50)));
        Assert.Contains("not an Ingest ledger", Assert.Throws<LedgerException>(() => LedgerFile.Open(At("text.db"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_folder_is_named() =>
        Assert.Contains("its folder does not exist",
            Assert.Throws<LedgerException>(() => LedgerFile.Open(At("missing/a.db"))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_ledger_that_must_be_there_is_not_made()
    {
        Assert.Contains("There is no ledger", Assert.Throws<LedgerException>(() => LedgerFile.OpenExisting(At("none.db"))).Message,
            StringComparison.Ordinal);
        Assert.Empty(folder.EnumerateFiles());
    }
}
