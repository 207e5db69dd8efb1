using System.Globalization;

namespace Ingest.Broker.Tests.Faults;

/// <summary>Row 25: whom a process talks to that is told nothing but its broker.</summary>
[Collection(nameof(OneBroker))]
public sealed class TelemetryTests(SharedBroker shared)
{
    // As the kernel writes them, in IPv4 and as IPv4 within IPv6.
    static readonly string[] loopback = ["0100007F", "0000000000000000FFFF00000100007F"];

    [BrokerFact]
    public async Task It_talks_to_its_broker_and_to_those_who_ask_it_on_loopback()
    {
        await using var desk = await Desk.OpenAsync(shared.Broker);
        var serving = desk.ServeUnready(desk.Address);
        var (http, seen) = (new Uri(serving.Url).Port, new HashSet<string>(StringComparer.Ordinal));
        var ending = false;
        var watching = Task.Run(async () =>
        {
            while (!Volatile.Read(ref ending))
            {
                seen.UnionWith(Strange(serving.Pid, http));
                await Task.Delay(10);
            }
        });
        serving.WaitForReady();
        await desk.PublishAsync(desk.Records("article", 50));
        await serving.Submit(string.Concat(desk.Records("posted", 50)));
        await desk.SettleAsync();
        await Task.Delay(2000);
        // The library tells of its use when the bus stops, too.
        Assert.Equal(0, serving.Stop());
        Volatile.Write(ref ending, true);
        await watching;
        Assert.Empty(seen);
    }

    /// <summary>Sockets of a process that are neither its HTTP on loopback nor connections to the broker.</summary>
    List<string> Strange(int pid, int http)
    {
        try
        {
            var own = Directory.EnumerateFiles($"/proc/{pid}/fd").Select(f => new FileInfo(f).LinkTarget ?? "").ToHashSet(StringComparer.Ordinal);
            return [.. new[] { "tcp", "tcp6", "udp", "udp6" }.SelectMany(kind => File.ReadLines($"/proc/{pid}/net/{kind}").Skip(1)
                .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                // Field 9 is the inode, by which a process holds its socket; field 3 the state, 0A a listener, 07 a socket that is not connected.
                .Where(f => f.Length > 9 && own.Contains($"socket:[{f[9]}]"))
                .Where(f => kind.StartsWith("udp", StringComparison.Ordinal) || !(f[3] == "0A" || Port(f[1]) == http
                    ? IsLoopback(f[1]) && Port(f[1]) == http
                    : f[3] == "07" || IsLoopback(f[2]) && Port(f[2]) == shared.Broker.Port))
                .Select(f => $"{kind} {f[1]} to {f[2]}, state {f[3]}"))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has just ended, or closed what was looked at.
            return [];
        }
    }

    static bool IsLoopback(string address) => loopback.Contains(address.Split(':')[0], StringComparer.Ordinal);

    static int Port(string address) => int.Parse(address.Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
