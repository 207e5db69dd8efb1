using System.Globalization;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>The sockets of a process, from /proc.</summary>
static class Sockets
{
    /// <param name="Protocol">tcp, tcp6, udp, udp6, raw or raw6.</param>
    /// <param name="Local">The address in the kernel's hexadecimal notation: 127.0.0.1 is 0100007F.</param>
    /// <param name="Unread">Bytes that arrived and were not read.</param>
    public sealed record Socket(string Protocol, string Local, int Port, string Remote, int RemotePort, int State, long Unread)
    {
        public bool Listens => State == 0x0a && Protocol.StartsWith("tcp", StringComparison.Ordinal);

        public bool IsConnected => State == 1;

        public bool WasRead => Unread == 0;

        public bool IsLoopback => IsLoopbackAddress(Local) && (Listens || State == 7 || IsLoopbackAddress(Remote));

        static bool IsLoopbackAddress(string address) => address.EndsWith("7F", StringComparison.Ordinal) && (address.Length == 8 || address.StartsWith("0000000000000000FFFF0000", StringComparison.Ordinal))
            || address == "00000000000000000000000001000000";
    }

    public static List<Socket> Of(int pid)
    {
        HashSet<string> own;
        try
        {
            own = [.. Directory.EnumerateFiles($"/proc/{pid}/fd").Select(f => new FileInfo(f).LinkTarget ?? "")];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has just ended.
            return [];
        }

        return [.. from protocol in (string[])["tcp", "tcp6", "udp", "udp6", "raw", "raw6"]
                   where File.Exists($"/proc/{pid}/net/{protocol}")
                   from line in File.ReadLines($"/proc/{pid}/net/{protocol}").Skip(1)
                   let f = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                   where own.Contains($"socket:[{f[9]}]")
                   let local = f[1].Split(':')
                   let remote = f[2].Split(':')
                   select new Socket(protocol, local[0], Hex(local[1]), remote[0], Hex(remote[1]), Hex(f[3]), Hex(f[4].Split(':')[1]))];
    }

    static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
