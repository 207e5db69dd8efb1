using Microsoft.Extensions.Hosting;

namespace Ingest.Service.Tests;

/// <summary>A program that a test stops.</summary>
sealed class FakeLifetime : IHostApplicationLifetime, IDisposable
{
    readonly CancellationTokenSource stopping = new();

    public CancellationToken ApplicationStarted => new(canceled: true);

    public CancellationToken ApplicationStopping => stopping.Token;

    public CancellationToken ApplicationStopped => CancellationToken.None;

    public void StopApplication() => stopping.Cancel();

    public void Dispose() => stopping.Dispose();
}
