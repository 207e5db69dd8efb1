using System.Diagnostics;
using Ingest.Broker.Tests;

namespace Ingest.Checker;

/// <summary>What is checked: a service that runs somewhere, or one of our own, which may then be killed.</summary>
sealed class Deployment : IDisposable
{
    readonly DirectoryInfo? folder;
    readonly string[] arguments = [];
    Process? process;

    /// <param name="url">The service; null to start one.</param>
    /// <param name="broker">For one of our own.</param>
    public Deployment(string? url, Uri? broker)
    {
        Url = new Uri(url ?? $"http://127.0.0.1:{LoopbackPorts.Free()}");
        if (url is not null)
            return;
        folder = Directory.CreateTempSubdirectory("ingest-checker-");
        arguments = ["serve", "--url", Url.ToString(), .. broker is null ? [] : new[] { "--rabbitmq", broker.ToString() }];
    }

    public Uri Url { get; }

    public bool IsOurs => folder is not null;

    public void Start()
    {
        if (folder is null)
            return;
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "ingest"), arguments)
        {
            WorkingDirectory = folder.FullName, UseShellExecute = false, RedirectStandardError = true
        };
        process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text)
                File.AppendAllText(Path.Combine(folder.FullName, "serve.log"), text + "\n");
        };
        process.BeginErrorReadLine();
    }

    /// <summary>Kills it as a power cut would, and starts it again.</summary>
    public void KillAndStart()
    {
        process!.Kill();
        process.WaitForExit();
        process.Dispose();
        Start();
    }

    public void Dispose()
    {
        if (process is { HasExited: false })
        {
            process.Kill();
            process.WaitForExit();
        }

        process?.Dispose();
        folder?.Delete(recursive: true);
    }
}
