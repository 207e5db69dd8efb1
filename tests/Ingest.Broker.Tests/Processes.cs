using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Ingest.Broker.Tests;

/// <summary>Processes found by a mark in their environment, which their children inherit even after a parent has died.</summary>
static class Processes
{
    public const int Kill = 9, Terminate = 15, Continue = 18, Stop = 19;

    /// <summary>The name of the variable that holds the mark.</summary>
    public const string Mark = "INGEST_BROKER_PART";

    /// <summary>The processes that carry the mark, or one that begins with it. Those that ended and wait to be reaped are not among them.</summary>
    public static List<int> Carrying(string mark)
    {
        var wanted = Encoding.UTF8.GetBytes($"{Mark}={mark}");
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid))
                continue;
            try
            {
                if (File.ReadAllBytes(Path.Combine(folder, "environ")).AsSpan().IndexOf(wanted) >= 0)
                    found.Add(pid);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has just ended, or is another user's.
            }
        }

        return found;
    }

    public static List<int> ChildrenOf(int parent)
    {
        var children = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            try
            {
                // The parent is the second word after the name, which is in brackets and may hold anything.
                if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid)
                    && File.ReadAllText(Path.Combine(folder, "stat")) is var stat
                    && stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == parent.ToString(CultureInfo.InvariantCulture))
                    children.Add(pid);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has just ended.
            }
        }

        return children;
    }

    public static void Signal(IEnumerable<int> pids, int signal)
    {
        foreach (var pid in pids)
            _ = SendSignal(pid, signal);
    }

    /// <summary>Kills all that carry the mark, again until none is left: one may have started another in between.</summary>
    public static void KillCarrying(string mark)
    {
        var clock = Stopwatch.StartNew();
        for (var pids = Carrying(mark); pids.Count > 0; pids = Carrying(mark))
        {
            if (clock.Elapsed > TimeSpan.FromSeconds(10))
                throw new InvalidOperationException($"Processes {string.Join(", ", pids)} survive SIGKILL.");
            Signal(pids, Kill);
            Thread.Sleep(10);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int SendSignal(int pid, int signal);
}
