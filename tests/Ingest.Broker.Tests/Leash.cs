using System.Diagnostics;
using System.Globalization;

namespace Ingest.Broker.Tests;

/// <summary>
/// A process that does not outlive this one. A small shell holds it and reads a pipe from us: when we end, however, the pipe closes and the shell kills what it holds.
/// (PR_SET_PDEATHSIG would not do: it fires when the thread that started the process ends, and ours come and go.)
/// </summary>
sealed class Leash : IDisposable
{
    // The shell itself does not carry the mark: whoever kills by mark must not kill it before it has reaped its child.
    const string Script = """
        mark=$1 output=$2; shift 2
        INGEST_BROKER_PART=$mark "$@" </dev/null >>"$output" 2>&1 &
        echo $!
        read -r _
        kill -KILL $! 2>/dev/null
        wait
        """;

    readonly Process shell;

    /// <param name="mark">What the process carries in its environment, for <see cref="Processes"/>.</param>
    /// <param name="output">The file that its output is added to.</param>
    /// <param name="environment">The whole environment: nothing of ours is passed on.</param>
    public Leash(string mark, string output, IReadOnlyDictionary<string, string> environment, params string[] command)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, "leash", mark, output, .. command])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        shell = Process.Start(start)!;
        Held = int.Parse(shell.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
    }

    /// <summary>The id of the process on the leash.</summary>
    public int Held { get; }

    /// <summary>Whether the process still runs. One that ended stays a zombie until the shell reaps it, so that its id is not given to another.</summary>
    public bool Runs
    {
        get
        {
            // The state is the first word after the name, which is in brackets and may hold anything.
            var stat = File.Exists($"/proc/{Held}/stat") ? File.ReadAllText($"/proc/{Held}/stat") : "";
            return stat.LastIndexOf(')') is >= 0 and var end && stat[end + 2] != 'Z';
        }
    }

    public void Dispose()
    {
        shell.StandardInput.Close();
        shell.WaitForExit();
        shell.Dispose();
    }
}
