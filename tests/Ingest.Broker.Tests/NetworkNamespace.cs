using System.Diagnostics;
using System.Net;

namespace Ingest.Broker.Tests;

/// <summary>A test that needs PostgreSQL and a broker, and may take a part of the network away; it says so where it is skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class NetworkFactAttribute : FactAttribute
{
    public NetworkFactAttribute() => Skip = PostgresServer.Missing ?? Broker.Missing ?? NetworkNamespace.Missing;
}

/// <summary>
/// A network namespace and the cable to it: a pair of virtual interfaces, one end here, one there, which can be taken down. Beyond its own loopback nothing there
/// reaches anything but <see cref="Here"/>. It lasts as long as a process in it, and that does not outlive this one; the cable goes with it.
/// </summary>
sealed class NetworkNamespace : IDisposable
{
    const string Ip = "/usr/sbin/ip", Enter = "/usr/bin/nsenter", Unshare = "/usr/bin/unshare";

    static readonly Lazy<string?> missing = new(WhyNot);

    readonly string cable;
    readonly string output = Path.GetTempFileName();
    readonly Leash keeper;

    NetworkNamespace()
    {
        // Of the addresses for tests between networks (RFC 2544): four for each cable.
        var number = Random.Shared.Next(1 << 15);
        cable = $"ingest{number:x4}";
        IPAddress Address(int n) => new([198, (byte)(18 + number / (1 << 14)), (byte)(number / 64 % 256), (byte)(number % 64 * 4 + n)]);
        (Here, There) = (Address(1), Address(2));
        keeper = new Leash(cable, output, new Dictionary<string, string>(StringComparer.Ordinal), Unshare, "--net", "/bin/sleep", "infinity");
        try
        {
            var clock = Stopwatch.StartNew();
            while (keeper.Runs && IsOurs(keeper.Held) && clock.Elapsed < TimeSpan.FromSeconds(10))
                Thread.Sleep(5);
            Run(Ip, "link", "add", cable, "type", "veth", "peer", "name", "cable", "netns", $"{keeper.Held}");
            Run(Ip, "address", "add", $"{Here}/30", "dev", cable);
            RunInside(Ip, "address", "add", $"{There}/30", "dev", "cable");
            RunInside(Ip, "link", "set", "lo", "up");
            RunInside(Ip, "link", "set", "cable", "up");
            Plug();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Why none can be made here; null where one can. It is a right of the machine and not a part that could be installed, so CI may lack it too.</summary>
    public static string? Missing => missing.Value;

    /// <summary>The address of our end.</summary>
    public IPAddress Here { get; }

    /// <summary>The address of the other end.</summary>
    public IPAddress There { get; }

    public static NetworkNamespace Make() => new();

    /// <summary>A command line that runs another one inside.</summary>
    public string[] Inside(params string[] command) => [Enter, "--target", $"{keeper.Held}", "--net", "--", .. command];

    /// <summary>Runs a command inside, and returns what it writes.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public string RunInside(params string[] command) => Run(Inside(command));

    /// <summary>Takes the cable away: what is sent is lost, and nobody is told.</summary>
    public void Unplug() => Run(Ip, "link", "set", cable, "down");

    public void Plug() => Run(Ip, "link", "set", cable, "up");

    public void Dispose()
    {
        keeper.Dispose();
        File.Delete(output);
    }

    /// <summary>Whether a process is in our namespace still: it makes its own after it has started.</summary>
    static bool IsOurs(int pid) => new FileInfo($"/proc/{pid}/ns/net").LinkTarget == new FileInfo("/proc/self/ns/net").LinkTarget;

    static string? WhyNot()
    {
        const string Rights = "needs root's right to make network namespaces (unshare --net, ip link add), and iproute2 and util-linux";
        if (!File.Exists(Ip) || !File.Exists(Enter) || !File.Exists(Unshare))
            return Rights;
        try
        {
            Make().Dispose();
            return null;
        }
        catch (InvalidOperationException)
        {
            return Rights;
        }
    }

    static string Run(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var told = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? told : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}: {errors.Result}");
    }
}
