using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>faults.md, row 12: the ledger locked for 20 s, read-only, disk full; nothing acknowledged, not ready, resumes by itself.</summary>
public sealed class Row12LedgerUnavailableTests
{
    [Fact]
    public async Task Locked_for_20_seconds_by_another()
    {
        using var at = new Workplace();
        using var server = Serving.Start(at);
        var accepted = new List<string> { (string)(await server.Decided("0", Text(0)))["articleId"]! };
        using (var other = Book.Open(at.PathTo("ingest.db")))
        {
            other.Execute("BEGIN IMMEDIATE");
            var clock = Stopwatch.StartNew();
            await Refused(server, "locked");
            while (clock.Elapsed < TimeSpan.FromSeconds(20))
                await Task.Delay(100);
            Assert.Equal(503, (await server.Ask("/health/ready")).Status);
            Assert.Equal(200, (await server.Ask("/health/live")).Status);
            // What is known can be read meanwhile.
            Assert.Single((await server.Get("/v1/events"))["events"]!.AsArray());
            other.Execute("ROLLBACK");
        }

        await Resumes(at, server, accepted);
    }

    [Fact]
    public async Task Locked_between_the_answer_and_the_decision()
    {
        using var at = new Workplace();
        using var accepting = Serving.Start(at, "--roles", "accept");
        var accepted = (await accepting.Submit(string.Concat(Enumerable.Range(0, 300).Select(i => Workplace.RecordOf($"{i}", Text(i / 3)))))).Select(a => (string)a["article"]!["articleId"]!).ToList();
        using var other = Book.Open(at.PathTo("ingest.db"));
        other.Execute("BEGIN IMMEDIATE");
        using var server = Serving.StartUnready(at);
        await server.Until("the lane says that the ledger is locked", async () => await Reason(server) is { } reason && reason.Contains("locked", StringComparison.Ordinal));
        other.Execute("ROLLBACK");
        server.WaitForReady();
        await server.Events(300);
        Assert.Equal(100, Book.Audit(at.PathTo("ingest.db"), accepted).Select(d => d.Story).Distinct().Count());
    }

    [FactOnLinux]
    public async Task Disk_full()
    {
        using var at = new Workplace();
        using var server = Serving.Start(at);
        var accepted = (await server.Submit(string.Concat(Enumerable.Range(0, 300).Select(i => Workplace.RecordOf($"{i}", Text(i / 3)))))).Select(a => (string)a["article"]!["articleId"]!).ToList();
        await server.Events(300);
        // The log of this server has the limit too; it is far below.
        LimitFiles(server.Pid, (ulong)new FileInfo(at.PathTo("ingest.db-wal")).Length);
        await Refused(server, "ingest.db");
        var refused = await server.Submit(Workplace.RecordOf("refused1", Text(9001)) + Workplace.RecordOf("refused2", Text(9002)));
        Assert.All(refused, line => Assert.Equal((503, "/problems/ledger-unavailable"), ((int)line["status"]!, (string)line["problem"]!["type"]!)));
        LimitFiles(server.Pid, ulong.MaxValue);
        await Resumes(at, server, accepted);
    }

    [FactOnLinux]
    public async Task Disk_full_between_the_answer_and_the_decision()
    {
        using var at = new Workplace();
        using var accepting = Serving.Start(at, "--roles", "accept");
        var accepted = (await accepting.Submit(string.Concat(Enumerable.Range(0, 900).Select(i => Workplace.RecordOf($"{i}", Text(i / 3)))))).Select(a => (string)a["article"]!["articleId"]!).ToList();
        accepting.Kill();
        using (var other = Book.Open(at.PathTo("ingest.db")))
        {
            other.Execute("BEGIN IMMEDIATE");
            using var server = Serving.StartUnready(at);
            await server.Until("the lane waits", async () => await Reason(server) is not null);
            // Room for a few decisions, not for a group.
            LimitFiles(server.Pid, (ulong)new FileInfo(at.PathTo("ingest.db-wal")).Length + 20_000);
            other.Execute("ROLLBACK");
            await server.Until("the disk is full", async () => await Reason(server) is { } reason && !reason.Contains("locked", StringComparison.Ordinal) && !reason.Contains("index", StringComparison.Ordinal));
            LimitFiles(server.Pid, ulong.MaxValue);
            server.WaitForReady();
            await server.Events(900);
        }

        Assert.Equal(300, Book.Audit(at.PathTo("ingest.db"), accepted).Select(d => d.Story).Distinct().Count());
    }

    [FactWithImmutableFiles]
    public async Task Read_only_while_it_runs()
    {
        using var at = new Workplace();
        using var server = Serving.Start(at);
        var accepted = new List<string> { (string)(await server.Decided("0", Text(0)))["articleId"]! };
        string[] files = [at.PathTo("ingest.db"), at.PathTo("ingest.db-wal")];
        try
        {
            Assert.True(FactWithImmutableFilesAttribute.Change("+i", files));
            await Refused(server, "ingest.db");
        }
        finally
        {
            FactWithImmutableFilesAttribute.Change("-i", files);
        }

        await Resumes(at, server, accepted);
    }

    [FactWithImmutableFiles]
    public async Task Read_only_when_it_starts()
    {
        using var at = new Workplace();
        using (var server = Serving.Start(at))
        {
            await server.Decided("0", Text(0));
            Assert.Equal(0, server.Stop());
        }

        try
        {
            Assert.True(FactWithImmutableFilesAttribute.Change("+i", at.PathTo("ingest.db")));
            var refused = at.Run("serve", "--url", "http://127.0.0.1:1");
            Assert.Equal(1, refused.Exit);
            Assert.Contains("ingest.db is read-only", refused.Errors, StringComparison.Ordinal);
        }
        finally
        {
            FactWithImmutableFilesAttribute.Change("-i", at.PathTo("ingest.db"));
        }
    }

    static string Text(int seed) => Workplace.Text(Workplace.Paragraphs(seed));

    static async Task<string?> Reason(Serving server)
    {
        try
        {
            return await server.Ask("/health/ready") is { Status: 503 } answer ? answer.Json["reasons"]!.ToJsonString() : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Nothing is acknowledged, and the server says why.</summary>
    static async Task Refused(Serving server, string word)
    {
        var answer = await server.Article("refused", Text(9000));
        Assert.Equal(503, answer.Status);
        Assert.Equal("ledger-unavailable", answer.Problem);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Contains(word, (string)answer.Json["detail"]!, StringComparison.Ordinal);
        var ready = await server.Ask("/health/ready");
        Assert.Equal(503, ready.Status);
        Assert.Contains(word, (string)ready.Json["reasons"]!["accept"]!, StringComparison.Ordinal);
    }

    /// <summary>Ready again although nobody sends anything; what comes then is decided, and what was refused is not there.</summary>
    static async Task Resumes(Workplace at, Serving server, List<string> accepted)
    {
        server.WaitForReady();
        accepted.Add((string)(await server.Decided("later", Text(8000)))["articleId"]!);
        accepted.Add((string)(await server.Decided("refused", Text(9000)))["articleId"]!);
        Book.Audit(at.PathTo("ingest.db"), accepted);
        server.Restart();
        Book.Audit(at.PathTo("ingest.db"), accepted);
    }

    /// <summary>The process can make no file longer than this, as if the disk had no more room.</summary>
    static void LimitFiles(int pid, ulong bytes)
    {
        var limit = new Limit { Soft = bytes, Hard = ulong.MaxValue };
        const int FileSize = 1;
        Assert.Equal(0, SetLimit(pid, FileSize, ref limit, 0));
    }

    [StructLayout(LayoutKind.Sequential)]
    struct Limit
    {
        public ulong Soft, Hard;
    }

    [DllImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int SetLimit(int pid, int resource, ref Limit limit, nint before);

    sealed class FactOnLinuxAttribute : FactAttribute
    {
        public FactOnLinuxAttribute() => Skip = OperatingSystem.IsLinux() ? null : "the limit of a process's files is set by Linux's prlimit";
    }

    /// <summary>Root writes what nobody may write, so files are made immutable, which binds root too.</summary>
    sealed class FactWithImmutableFilesAttribute : FactAttribute
    {
        static readonly Lazy<bool> can = new(() =>
        {
            var file = Path.GetTempFileName();
            try
            {
                return Change("+i", file);
            }
            finally
            {
                Change("-i", file);
                File.Delete(file);
            }
        });

        public FactWithImmutableFilesAttribute() => Skip = can.Value ? null : "files cannot be made immutable here (chattr +i, by root, on a file system that knows it)";

        public static bool Change(string flag, params string[] files)
        {
            try
            {
                using var process = Process.Start(new ProcessStartInfo("chattr", [flag, .. files]) { RedirectStandardError = true, UseShellExecute = false })!;
                process.StandardError.ReadToEnd();
                process.WaitForExit();
                return process.ExitCode == 0;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }
    }
}
