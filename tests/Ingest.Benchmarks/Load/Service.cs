using System.Diagnostics;
using Ingest.Broker.Tests;

namespace Ingest.Benchmarks.Load;

/// <summary>The built <c>ingest</c> as a process in a folder of its own.</summary>
sealed class Service : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ingest-load-");
    Process? process;

    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "ingest");

    /// <summary>What the process finds in its environment beside what this one has.</summary>
    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public int Pid => process!.Id;

    public HttpClient Http { get; private set; } = new();

    public string PathTo(string name) => Path.Combine(folder.FullName, name);

    /// <summary>Runs a command to its end.</summary>
    public void Run(params string[] arguments)
    {
        using var running = Start(arguments);
        running.WaitForExit();
        if (running.ExitCode != 0)
            throw new InvalidOperationException($"ingest {string.Join(' ', arguments)} ended with {running.ExitCode}.");
    }

    /// <summary>Starts <c>ingest serve</c>, and returns when it is ready.</summary>
    public async Task Serve(params string[] options)
    {
        var url = $"http://127.0.0.1:{LoopbackPorts.Free()}";
        Http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromMinutes(10) };
        process = Start(["serve", "--url", url, .. options]);
        for (var tries = 0; ; tries++)
        {
            try
            {
                if ((await Http.GetAsync("/health/ready")).IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException) when (tries < 600)
            {
                // Not up yet.
            }

            await Task.Delay(100);
        }
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        if (process is { HasExited: false })
        {
            process.Kill();
            process.WaitForExit();
        }

        process?.Dispose();
        process = null;
        Http.Dispose();
    }

    public void Dispose()
    {
        Kill();
        folder.Delete(recursive: true);
    }

    Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments)
        {
            WorkingDirectory = folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false
        };
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        var started = Process.Start(start)!;
        started.OutputDataReceived += (_, _) => { };
        started.ErrorDataReceived += (_, _) => { };
        started.BeginOutputReadLine();
        started.BeginErrorReadLine();
        return started;
    }
}
