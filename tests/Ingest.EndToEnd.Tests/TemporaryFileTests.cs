using static Ingest.EndToEnd.Tests.Workplace;

namespace Ingest.EndToEnd.Tests;

/// <summary>A run without a ledger of its own keeps its articles in a temporary one, of which nothing is left however it ends.</summary>
public sealed class TemporaryFileTests : IDisposable
{
    readonly Workplace at = new();

    public TemporaryFileTests()
    {
        Directory.CreateDirectory(at.PathTo("tmp"));
        at.Environment["TMPDIR"] = at.PathTo("tmp");
    }

    public void Dispose() => at.Dispose();

    [Fact]
    public void Nothing_is_left_of_it_after_a_run()
    {
        at.Write("in.jsonl", Record("1", "Bree") + Record("2", "Cove"));
        Assert.Equal(0, at.Run("run", "in.jsonl", "--output", "-").Exit);
        Assert.Empty(Left());
    }

    [Fact]
    public void Only_its_owner_may_read_it_and_nothing_is_left_of_it_after_a_kill()
    {
        if (!OperatingSystem.IsLinux())
            return;
        // More than is kept in memory.
        at.Write("in.jsonl", Many());
        using var process = at.Start(true, "run", "in.jsonl", "-", "--output", "-");
        _ = process.StandardOutput.ReadToEndAsync();
        FileSystemInfo? file = null;
        for (var tries = 0; file is null && tries < 1500; tries++)
        {
            Thread.Sleep(20);
            file = new DirectoryInfo($"/proc/{process.Id}/fd").GetFileSystemInfos().FirstOrDefault(f => f.LinkTarget is { } target && target.StartsWith(at.PathTo("tmp/"), StringComparison.Ordinal) && target.EndsWith(" (deleted)", StringComparison.Ordinal));
        }

        Assert.NotNull(file);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.FullName));
        process.Kill();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(20)));
        Assert.Empty(Left());
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("in.jsonl")]
    public void Without_a_temporary_folder_a_run_says_what_to_do(string folder)
    {
        at.Write("in.jsonl", Record("1", "Bree"));
        at.Environment["TMPDIR"] = at.PathTo(folder);
        var run = at.Run("run", "in.jsonl");
        Assert.Equal((1, ""), (run.Exit, run.Output));
        Assert.Equal($"ingest: There is no folder {at.PathTo(folder)}/ for the run's temporary ledger. Set TMPDIR to a folder with room for the articles' text.\n", run.Errors);
    }

    [Fact]
    public async Task A_temporary_folder_without_room_ends_a_run_with_a_named_error()
    {
        if (!OperatingSystem.IsLinux())
            return;
        at.Write("in.jsonl", Many());
        // No file of the process may grow beyond 64 blocks; the runtime maps its code through a large one unless it is told not to.
        at.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        using var process = at.StartProgram("/bin/sh", false, "-c", $"trap '' XFSZ; ulimit -f 64; exec '{Executable}' run in.jsonl --format text");
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(1, process.ExitCode);
        var said = await errors;
        Assert.StartsWith($"ingest: the temporary ledger in {at.PathTo("tmp")}/ cannot be written", said, StringComparison.Ordinal);
        Assert.EndsWith("Set TMPDIR to a folder with room for the articles' text.\n", said, StringComparison.Ordinal);
        Assert.Empty(Left());
    }

    /// <summary>Some 40 MB.</summary>
    static string Many() => string.Concat(Enumerable.Range(0, 4000).Select(i => RecordOf($"{i}", Text(Paragraphs(i, 70)))));

    /// <summary>What is in the folder; sockets of the runtime are not ours.</summary>
    IEnumerable<string> Left() => Directory.GetFileSystemEntries(at.PathTo("tmp")).Where(f => !Path.GetFileName(f).StartsWith("dotnet-diagnostic-", StringComparison.Ordinal) && !Path.GetFileName(f).StartsWith("clr-debug-pipe-", StringComparison.Ordinal));
}
