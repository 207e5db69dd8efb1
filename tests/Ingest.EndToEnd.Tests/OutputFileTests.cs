using System.Diagnostics;
using Ingest.Broker.Tests;
using static Ingest.EndToEnd.Tests.Workplace;

namespace Ingest.EndToEnd.Tests;

/// <summary>What a run writes appears whole or not at all, and never over what it reads.</summary>
public sealed class OutputFileTests : IDisposable
{
    readonly Workplace at = new();

    public void Dispose() => at.Dispose();

    [Theory]
    [InlineData("run in.jsonl -o ./in.jsonl", "--output ./in.jsonl is also an input (in.jsonl)")]
    [InlineData("run in.jsonl -o soft.jsonl", "--output soft.jsonl is also an input (in.jsonl)")]
    [InlineData("run in.jsonl -o hard.jsonl", "--output hard.jsonl is also an input (in.jsonl)")]
    [InlineData("run folder -o folder/feed.jsonl", "--output folder/feed.jsonl is also an input (folder/feed.jsonl)")]
    [InlineData("run - -o in.jsonl < in.jsonl", "--output in.jsonl is also an input (standard input)")]
    [InlineData("run folder -o - >> folder/feed.jsonl", "standard output is also an input (folder/feed.jsonl)")]
    [InlineData("run in.jsonl --ledger hard.jsonl", "--ledger hard.jsonl is also an input (in.jsonl)")]
    [InlineData("run in.jsonl --ledger soft.db -o mine.db", "--output mine.db is a file of the ledger soft.db")]
    [InlineData("run in.jsonl --ledger new.db -o new.db-wal", "--output new.db-wal is a file of the ledger new.db")]
    [InlineData("backup soft.db --ledger mine.db --overwrite", "soft.db is a file of the ledger mine.db itself.")]
    public void What_is_read_is_not_written_over(string command, string message)
    {
        at.Write("in.jsonl", Record("1", "Bree"));
        at.Write("folder/feed.jsonl", Record("2", "Cove"));
        at.Write("mine.db", "");
        Shell("ln -s in.jsonl soft.jsonl && ln in.jsonl hard.jsonl && ln -s mine.db soft.db");
        var before = Files();
        var (exit, _, errors) = Shell($"'{Executable}' {command}");
        Assert.Equal(2, exit);
        Assert.StartsWith($"ingest: {message}", errors, StringComparison.Ordinal);
        Assert.Equal(before, Files());
    }

    [Fact]
    public void An_output_keeps_its_links_and_permissions()
    {
        at.Write("in.jsonl", Record("1", "Bree"));
        at.Write("old.jsonl", "old");
        Shell("chmod 640 old.jsonl && ln -s old.jsonl soft.jsonl && ln -s new.jsonl dangling.jsonl");
        Assert.Equal((0, "", ""), Shell($"'{Executable}' run in.jsonl -o soft.jsonl && '{Executable}' run in.jsonl -o dangling.jsonl"));
        Assert.Equal(File.ReadAllText(at.PathTo("new.jsonl")), File.ReadAllText(at.PathTo("old.jsonl")));
        Assert.Equal("old.jsonl", new FileInfo(at.PathTo("soft.jsonl")).LinkTarget);
        Assert.Equal("new.jsonl", new FileInfo(at.PathTo("dangling.jsonl")).LinkTarget);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, new FileInfo(at.PathTo("old.jsonl")).UnixFileMode);
    }

    [Fact]
    public void Pipes_and_devices_are_written_as_they_are()
    {
        at.Write("in.jsonl", Record("1", "Bree"));
        var (exit, output, errors) = Shell($"mkfifo pipe && cat pipe & sleep 0.2; '{Executable}' run in.jsonl -o pipe && '{Executable}' run in.jsonl -o /dev/null && '{Executable}' run in.jsonl -o /dev/stdout && wait");
        Assert.Equal((0, ""), (exit, errors));
        Assert.Equal(2, output.Split("\"id\":\"1\"").Length - 1);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(Processes.Terminate)]
    [InlineData(Processes.Kill)]
    public void What_was_there_stays_when_a_run_is_ended(int signal)
    {
        at.Write("in.jsonl", Record("1", "Bree"));
        at.Write("out.jsonl", "old");
        Shell("mkfifo pipe.jsonl");
        // Nobody ever writes into the pipe.
        using var run = at.Start(false, "run", "in.jsonl", "pipe.jsonl", "--output", "out.jsonl");
        var clock = Stopwatch.StartNew();
        while (Files().TrueForAll(f => !f.StartsWith(".out.jsonl.", StringComparison.Ordinal)))
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1) && !run.HasExited);
            Thread.Sleep(20);
        }

        Processes.Signal([run.Id], signal);
        Assert.True(run.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.NotEqual(0, run.ExitCode);
        Assert.Equal("old", File.ReadAllText(at.PathTo("out.jsonl")));
        if (signal != Processes.Kill)
            Assert.DoesNotContain(Files(), f => f.StartsWith(".out", StringComparison.Ordinal));
        // What a kill leaves behind is no input of the next run.
        File.Delete(at.PathTo("pipe.jsonl"));
        File.Delete(at.PathTo("out.jsonl"));
        Assert.Single(at.Run("run", ".", "--output", "-").Lines);
    }

    [Fact]
    public void A_replay_that_fails_leaves_no_ledger()
    {
        at.Write("in.jsonl", Record("1", "Bree") + Record("2", "Cove"));
        Assert.Equal(0, at.Run("run", "in.jsonl", "--ledger", "mine.db", "-o", "out.jsonl").Exit);
        var before = Files();
        Assert.Equal(1, at.Run("replay", "--ledger", "mine.db", "--to", "again.db", "--from", "2", "--sample", "7").Exit);
        Assert.Equal(before, Files());
        Assert.Equal(0, at.Run("replay", "--ledger", "mine.db", "--to", "again.db").Exit);
        Assert.Equal([.. before.Where(f => f.StartsWith("mine.db", StringComparison.Ordinal))], Files().Where(f => f.StartsWith("mine.db", StringComparison.Ordinal)));
        Assert.Equal(before.Count + 1, Files().Count);
    }

    List<string> Files() =>
    [
        .. new DirectoryInfo(at.Folder).GetFiles("*", SearchOption.AllDirectories).OrderBy(f => f.FullName, StringComparer.Ordinal)
            .Select(f => $"{f.Name} {f.Length}"),
    ];

    (int Exit, string Output, string Errors) Shell(string command)
    {
        using var shell = at.StartProgram("/bin/sh", false, "-c", command);
        var errors = shell.StandardError.ReadToEndAsync();
        var output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return (shell.ExitCode, output, errors.GetAwaiter().GetResult());
    }
}
