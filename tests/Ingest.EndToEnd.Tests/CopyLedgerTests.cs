using static Ingest.EndToEnd.Tests.Workplace;

namespace Ingest.EndToEnd.Tests;

/// <summary><c>ingest copy-ledger</c> beside a service that has the file open.</summary>
public sealed class CopyLedgerTests : IDisposable
{
    readonly Workplace at = new();

    public void Dispose() => at.Dispose();

    /// <summary>A service that has nothing to do just then would go on in the old ledger, and nothing would tell.</summary>
    [Fact]
    public async Task A_file_that_a_service_uses_is_copied_and_the_copy_stays_closed_until_it_has_ended()
    {
        using var serving = Serving.Start(at);
        await serving.Submit(Record("1", "Bree"));
        await serving.Events(1);
        for (var time = 0; time < 2; time++)
        {
            var refused = at.Run("copy-ledger", "--from", "ingest.db", "--to", "copy.db");
            Assert.Equal(1, refused.Exit);
            Assert.Contains("ingest.db is in use by another process ('fuser ingest.db' says which), so copy.db is no ledger yet. Stop every process", refused.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("From now on", refused.Output, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("unfinished copy", at.Run("errors", "list", "--ledger", "copy.db").Errors, StringComparison.Ordinal);
        }

        // It was not disturbed.
        await serving.Submit(Record("2", "Cove"));
        await serving.Events(2);
        Assert.Equal(0, serving.Stop());
        AssertCopied("ingest.db", "copy.db");
    }

    /// <summary>What a killed process leaves is in no use.</summary>
    [Fact]
    public async Task A_file_of_a_service_that_was_killed_is_copied()
    {
        using (var serving = Serving.Start(at))
        {
            await serving.Submit(Record("1", "Bree"));
            await serving.Events(1);
            serving.Kill();
        }

        Assert.True(File.Exists(at.PathTo("ingest.db-wal")));
        AssertCopied("ingest.db", "copy.db");
    }

    [Fact]
    public void A_file_that_may_only_be_read_is_copied()
    {
        at.Write("a.txt", Article("Bree"));
        Assert.Equal(0, at.Run("run", "a.txt", "--ledger", "ingest.db", "--output", "out.jsonl").Exit);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(at.PathTo("ingest.db"), UnixFileMode.UserRead);
        AssertCopied("ingest.db", "copy.db");
    }

    void AssertCopied(string from, string to)
    {
        var copied = at.Run("copy-ledger", "--from", from, "--to", to);
        Assert.Equal((0, ""), (copied.Exit, copied.Errors));
        Assert.Contains($"{to} has all of {from}.", copied.Output, StringComparison.Ordinal);
        Assert.Equal("", at.Run("errors", "list", "--ledger", to).Errors);
    }
}
