using static Ingest.EndToEnd.Tests.Workplace;

namespace Ingest.EndToEnd.Tests;

/// <summary>A run keeps its articles in a temporary file, of which nothing is left however it ends.</summary>
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
        using var process = at.Start(true, "run", "-", "--output", "-");
        process.StandardInput.Write("{\"text\":");
        process.StandardInput.Flush();
        FileSystemInfo? file = null;
        for (var tries = 0; file is null && tries < 500; tries++)
        {
            Thread.Sleep(20);
            file = new DirectoryInfo($"/proc/{process.Id}/fd").GetFileSystemInfos().FirstOrDefault(f => f.LinkTarget?.StartsWith(at.PathTo("tmp/ingest-"), StringComparison.Ordinal) == true);
        }

        Assert.NotNull(file);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.FullName));
        process.Kill();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(20)));
        Assert.Empty(Left());
    }

    [Theory]
    [InlineData("missing", "there is no such folder.")]
    [InlineData("in.jsonl", "there is no such folder.")]
    public void Without_a_temporary_folder_a_run_says_what_to_do(string folder, string reason)
    {
        at.Write("in.jsonl", Record("1", "Bree"));
        at.Environment["TMPDIR"] = at.PathTo(folder);
        var run = at.Run("run", "in.jsonl");
        Assert.Equal((1, ""), (run.Exit, run.Output));
        Assert.Equal($"ingest: cannot keep the run's articles in {at.PathTo(folder)}/: {reason} Set TMPDIR to a folder with room for the articles' text.\n", run.Errors);
    }

    [Fact]
    public async Task A_temporary_folder_without_room_ends_a_run_with_a_named_error()
    {
        if (!OperatingSystem.IsLinux())
            return;
        at.Write("in.jsonl", string.Concat(Enumerable.Range(0, 300).Select(i => RecordOf($"{i}", Text(Paragraphs(i, 40))))));
        // No file of the process may grow beyond 64 blocks; the runtime maps its code through a large one unless it is told not to.
        at.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        using var process = at.StartProgram("/bin/sh", false, "-c", $"trap '' XFSZ; ulimit -f 64; exec '{Executable}' run in.jsonl --format text");
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(1, process.ExitCode);
        Assert.Equal($"ingest: cannot keep the run's articles in {at.PathTo("tmp")}/: no file may grow so large there. Set TMPDIR to a folder with room for the articles' text.\n", await errors);
        Assert.Empty(Left());
    }

    /// <summary>What is in the folder; sockets of the runtime are not ours.</summary>
    IEnumerable<string> Left() => Directory.GetFileSystemEntries(at.PathTo("tmp")).Where(f => !Path.GetFileName(f).StartsWith("dotnet-diagnostic-", StringComparison.Ordinal) && !Path.GetFileName(f).StartsWith("clr-debug-pipe-", StringComparison.Ordinal));
}
