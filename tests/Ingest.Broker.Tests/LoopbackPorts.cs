using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Ingest.Broker.Tests;

/// <summary>Free ports below the range from which the kernel takes the ports of outgoing connections.</summary>
/// <remarks>
/// A client that retries a dead port inside of that range can meet itself: TCP connects it to its own socket, and the broker finds its port taken when it comes back.
/// </remarks>
static class LoopbackPorts
{
    static readonly HashSet<int> taken = [];

    public static int Free()
    {
        var range = File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range").Split('\t', ' ');
        var end = Math.Max(12_000, int.Parse(range[0], CultureInfo.InvariantCulture));
        lock (taken)
        {
            for (var tries = 0; tries < 1000; tries++)
            {
                // No two test processes should try the same ports in the same order.
                var port = Random.Shared.Next(10_000, end);
                if (!taken.Contains(port) && IsFree(port) && taken.Add(port))
                    return port;
            }
        }

        throw new InvalidOperationException($"No free loopback port from 10000 to {end}.");
    }

    static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
