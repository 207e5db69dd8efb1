using System.Diagnostics;

namespace Ingest.Checker;

/// <summary>One process of the service, with some of its stages. It can be killed as by a power cut.</summary>
sealed class ServedProcess(
    string name, string folder, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> arguments) : IDisposable
{
    Process? process;

    public string Name => name;

    /// <summary>How it ended, where nobody ended it.</summary>
    public int? Fallen => process is { HasExited: true } ? process.ExitCode : null;

    public void Start()
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "ingest"), arguments)
        {
            WorkingDirectory = folder, UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true,
        };
        foreach (var (setting, value) in environment)
            start.Environment[setting] = value;
        process = Process.Start(start)!;
        _ = Keep(process.StandardOutput.BaseStream);
        _ = Keep(process.StandardError.BaseStream);
    }

    /// <summary>The process's own words go into a file. It may be gone, with its pipe and our folder, at any moment.</summary>
    async Task Keep(Stream said)
    {
        try
        {
            var path = Path.Combine(folder, $"{name}.log");
            await using var log = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            await said.CopyToAsync(log);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The end of the process is seen elsewhere.
        }
    }

    public void Kill()
    {
        if (process is null)
            return;
        // Nothing where it has ended already.
        process.Kill();
        process.WaitForExit(TimeSpan.FromSeconds(30));
        process.Dispose();
        process = null;
    }

    public void Dispose() => Kill();
}
