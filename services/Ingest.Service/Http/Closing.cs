using Microsoft.Extensions.Hosting;

namespace Ingest.Service.Http;

/// <summary>
/// When the program stops, requests that are complete are answered. Those that wait for their client, to send or to read, are given up
/// a little later: they would keep the program from ending for as long as it may take.
/// </summary>
sealed class Closing : IDisposable
{
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    readonly CancellationTokenSource source = new();

    public Closing(IHostApplicationLifetime lifetime) => lifetime.ApplicationStopping.Register(() => source.CancelAfter(Grace));

    /// <summary>Who waits for a client waits no longer.</summary>
    public CancellationToken Token => source.Token;

    public void Dispose() => source.Dispose();
}
