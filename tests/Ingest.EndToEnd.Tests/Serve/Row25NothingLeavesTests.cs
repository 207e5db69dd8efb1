using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>faults.md, row 25: default configuration, network watched; no telemetry leaves the process. Embedded.</summary>
public sealed class Row25NothingLeavesTests
{
    [FactWithStrace]
    public async Task No_connection_is_even_tried()
    {
        using var at = new Workplace();
        var port = Ingest.Broker.Tests.LoopbackPorts.Free();
        // -D: strace is the grandchild, so that the process is ours.
        using var process = at.StartProgram("strace", false, "-D", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg,sendmmsg,bind", "-o", at.PathTo("calls"), Workplace.Executable, "serve", "--url", $"http://127.0.0.1:{port}");
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            var clock = Stopwatch.StartNew();
            while (true)
            {
                try
                {
                    if ((await client.GetAsync("/health/ready")).IsSuccessStatusCode)
                        break;
                }
                catch (HttpRequestException)
                {
                    Assert.False(process.HasExited);
                }

                Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1));
                await Task.Delay(100);
            }

            using var body = new StringContent(Workplace.Record("1", "Bree"), null, "application/json");
            Assert.Equal(202, (int)(await client.PostAsync("/v1/articles", body)).StatusCode);
            await client.GetStringAsync("/v1/events?wait=5");
            Assert.All(Sockets.Of(process.Id), s => Assert.True(s.IsLoopback, $"{s}"));
            Assert.DoesNotContain(Sockets.Of(process.Id), s => s.Protocol.StartsWith("udp", StringComparison.Ordinal) || s.Protocol.StartsWith("raw", StringComparison.Ordinal));
            // What is told at the end is told then too.
            Ingest.Broker.Tests.Processes.Signal([process.Id], Ingest.Broker.Tests.Processes.Terminate);
            Assert.True(process.WaitForExit(TimeSpan.FromMinutes(1)));
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
            process.WaitForExit();
        }

        var calls = File.ReadAllText(at.PathTo("calls"));
        Assert.Contains("127.0.0.1", calls, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"connect\(.*AF_INET", calls);
        Assert.DoesNotMatch(@"sin_port=htons\(53\)", calls);
        Assert.All(Address().Matches(calls), a => Assert.Equal("127.0.0.1", a.Groups["address"].Value));
    }

    static Regex Address() => new(@"(inet_addr|inet_pton)\((AF_INET6, )?""(?<address>[^""]*)""", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));

    sealed class FactWithStraceAttribute : FactAttribute
    {
        public FactWithStraceAttribute() => Skip = File.Exists("/usr/bin/strace") ? null : "strace is not installed";
    }
}
