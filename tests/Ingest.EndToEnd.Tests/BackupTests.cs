using System.Text.Json.Nodes;
using Ingest.EndToEnd.Tests.Serve;
using static Ingest.EndToEnd.Tests.Workplace;

namespace Ingest.EndToEnd.Tests;

/// <summary><c>ingest backup</c>, and what followers see when a backup is restored.</summary>
public sealed class BackupTests : IDisposable
{
    readonly Workplace at = new();

    public void Dispose() => at.Dispose();

    [Fact]
    public async Task A_backup_of_a_running_service_is_restored_and_followers_are_told()
    {
        using var serving = Serving.Start(at);
        await serving.Submit(Record("1", "Bree") + Record("2", "Cove"));
        var log = (string)(await serving.Get("/v1/events?after=0"))["log"]!;
        await serving.Events(2);
        var backup = at.Run("backup", "copy.db");
        Assert.Equal((0, "copy.db: 2 articles, 2 decisions; verified.\n", ""), (backup.Exit, backup.Output, backup.Errors));
        Assert.Equal([at.PathTo("copy.db")], Directory.GetFiles(at.Folder, "*copy*"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(at.PathTo("copy.db")).UnixFileMode);
        await serving.Submit(Record("3", "Dorn"));
        await serving.Events(3);

        var refused = at.Run("backup", "copy.db");
        Assert.Equal((2, "ingest: copy.db already exists. Choose another file, or replace it with --overwrite.\n"), (refused.Exit, refused.Errors));
        serving.Kill();
        // As docs/cli.md says.
        File.Delete(at.PathTo("ingest.db-wal"));
        File.Delete(at.PathTo("ingest.db-shm"));
        File.Copy(at.PathTo("copy.db"), at.PathTo("ingest.db"), overwrite: true);
        serving.Start();
        Assert.Equal(log, (string)(await serving.Get($"/v1/events?after=2&log={log}"))["log"]!);
        foreach (var path in (string[])[$"/v1/events?after=3&log={log}", "/v1/events?after=3&wait=60"])
        {
            var beyond = await serving.Ask(path);
            Assert.Equal((409, "beyond-log"), (beyond.Status, beyond.Problem));
        }

        var stream = await serving.Ask("/v1/events", ("Accept", "text/event-stream"), ("Last-Event-ID", "3"));
        Assert.Equal((409, "beyond-log"), (stream.Status, stream.Problem));
        var other = await serving.Ask("/v1/events?after=1&log=00000000-0000-0000-0000-000000000001");
        Assert.Equal((409, "other-log"), (other.Status, other.Problem));
        Assert.Equal(400, (await serving.Ask("/v1/events?log=x")).Status);
        var told = at.Run("events", "--after", "3", "--follow", "--to", serving.Url);
        Assert.Equal((1, ""), (told.Exit, told.Output));
        Assert.Contains("after is 3, but the log ends at position 2", told.Errors, StringComparison.Ordinal);
        Assert.Equal(2, (int)at.Run("events", "--after", "1", "--log", log, "--to", serving.Url).Lines.Single()["position"]!);
        Assert.Contains($"id {log}.\n", at.Run("check", "--url", serving.Url).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_copy_of_a_ledger_that_is_not_there_makes_nothing()
    {
        var refused = at.Run("copy-ledger", "--from", "nothing.db", "--to", "copy.db");
        Assert.Equal(1, refused.Exit);
        Assert.Contains("There is no ledger nothing.db.", refused.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(at.Folder));
    }

    [Fact]
    public async Task A_ledger_that_is_not_sound_makes_no_backup()
    {
        using (var serving = Serving.Start(at))
        {
            await serving.Submit(Record("1", "Bree"));
            await serving.Events(1);
            serving.Stop();
        }

        at.Write("copy.db", "the last one");
        Book.Execute(at.PathTo("ingest.db"), "DELETE FROM results");
        var backup = at.Run("backup", "copy.db", "--overwrite");
        Assert.Equal((1, ""), (backup.Exit, backup.Output));
        Assert.StartsWith("ingest: decided articles without a result: 1. First: position 1.\n", backup.Errors, StringComparison.Ordinal);
        Assert.Equal("the last one", File.ReadAllText(at.PathTo("copy.db")));
        Assert.Equal(["copy.db"], Directory.GetFiles(at.Folder, "*copy*").Select(Path.GetFileName));
        Assert.Equal(1, at.Run("backup", "b.db", "--ledger", "none.db").Exit);
    }
}
