using System.Globalization;

namespace Ingest.Broker.Tests;

/// <summary>The addresses on which processes listen, from /proc.</summary>
static class Listeners
{
    /// <summary>Address and port in the kernel's hexadecimal notation: 127.0.0.1 is 0100007F.</summary>
    public static List<(string Address, int Port)> Of(IReadOnlyList<int> pids)
    {
        var sockets = pids.SelectMany(SocketsOf).ToHashSet();
        return [.. new[] { "/proc/net/tcp", "/proc/net/tcp6" }.Where(File.Exists).SelectMany(File.ReadLines)
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            // Field 3 is the state, 0A a listener; field 9 the inode, by which a process holds its socket.
            .Where(f => f.Length > 9 && f[3] == "0A" && sockets.Contains($"socket:[{f[9]}]"))
            .Select(f => f[1].Split(':')).Select(a => (a[0], int.Parse(a[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture)))];
    }

    static List<string> SocketsOf(int pid)
    {
        try
        {
            return [.. Directory.EnumerateFiles($"/proc/{pid}/fd").Select(f => new FileInfo(f).LinkTarget ?? "")];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has just ended.
            return [];
        }
    }
}
