using System.Diagnostics;
using System.Net.Sockets;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>Promise 6, plain to run: no configuration, an empty folder, loopback only, a ledger for its owner only.</summary>
public sealed class Promise6PlainToRunTests
{
    [Fact]
    public async Task With_no_configuration_in_an_empty_folder()
    {
        using var at = new Workplace();
        using var server = Serving.Start(at);
        var state = await server.Decided("first", Workplace.Article("Bree"));
        Assert.Equal("canonical", (string)state["outcome"]!["outcome"]!);
        var listening = Sockets.Of(server.Pid).Where(s => s.Listens).ToList();
        Assert.Equal(new Uri(server.Url).Port, Assert.Single(listening).Port);
        Assert.True(listening[0].IsLoopback);
        foreach (var file in Directory.GetFiles(at.Folder, "ingest.db*"))
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(["ingest.db", "ingest.db-shm", "ingest.db-wal"], Directory.GetFiles(at.Folder).Select(Path.GetFileName).Where(f => !f!.StartsWith("serve-", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(0, server.Stop());
        // A ledger that was closed is one file.
        Assert.Equal(["ingest.db"], Directory.GetFiles(at.Folder, "ingest.db*").Select(Path.GetFileName));
        Assert.Contains($"Ingest listens on {server.Url}", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_option_it_listens_on_port_8080_of_loopback()
    {
        using var at = new Workplace();
        using var process = at.Start(false, "serve");
        try
        {
            var said = process.StandardError.ReadToEndAsync();
            var clock = Stopwatch.StartNew();
            while (!process.HasExited && !Sockets.Of(process.Id).Any(s => s.Listens) && clock.Elapsed < TimeSpan.FromMinutes(1))
                await Task.Delay(50);
            if (process.HasExited)
            {
                // Somebody else has it: then it says which.
                Assert.Contains("127.0.0.1:8080: address already in use", await said, StringComparison.Ordinal);
                return;
            }

            var listening = Assert.Single(Sockets.Of(process.Id), s => s.Listens);
            Assert.Equal((8080, true), (listening.Port, listening.IsLoopback));
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }
    }

    [Theory]
    [InlineData("http://localhost:{port}", true)]
    [InlineData("http://[::1]:{port}", true)]
    [InlineData("http://0.0.0.0:{port}", false)]
    public async Task It_listens_where_it_is_told_and_nowhere_else(string url, bool loopback)
    {
        if (url.Contains("::", StringComparison.Ordinal) && !Socket.OSSupportsIPv6)
            return;
        using var at = new Workplace();
        var port = Ingest.Broker.Tests.LoopbackPorts.Free();
        using var process = at.Start(false, "serve", "--url", url.Replace("{port}", $"{port}", StringComparison.Ordinal));
        try
        {
            var clock = Stopwatch.StartNew();
            while (!process.HasExited && !Sockets.Of(process.Id).Any(s => s.Listens) && clock.Elapsed < TimeSpan.FromMinutes(1))
                await Task.Delay(50);
            var listening = Sockets.Of(process.Id).Where(s => s.Listens).ToList();
            Assert.NotEmpty(listening);
            Assert.All(listening, s => Assert.Equal((port, loopback), (s.Port, s.IsLoopback)));
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }
    }
}
