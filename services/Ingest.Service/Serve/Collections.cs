using Ingest.Ledger;
using Microsoft.Extensions.Hosting;

namespace Ingest.Service.Serve;

/// <summary>The collections that this process serves.</summary>
sealed class Collections : IHostedService, IAsyncDisposable
{
    readonly Dictionary<string, CollectionStages> named;

    /// <param name="ledgers">One for each. They stay the caller's.</param>
    public Collections(IServiceProvider shared, ServiceSettings settings, IReadOnlyList<LedgerStore> ledgers)
    {
        All = [.. ledgers.Select(l => new CollectionStages(shared, settings.Of(l.Collection), l))];
        named = All.ToDictionary(c => c.Name, StringComparer.Ordinal);
    }

    public IReadOnlyList<CollectionStages> All { get; }

    /// <returns>Null where this process does not serve it.</returns>
    public CollectionStages? Find(string name) => named.GetValueOrDefault(name);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var collection in All)
            await collection.Start(cancellationToken);
    }

    /// <summary>All at once: what is under way in one is not waited for by the others.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(All.Select(c => c.Stop(cancellationToken)));

    public async ValueTask DisposeAsync()
    {
        foreach (var collection in All)
            await collection.DisposeAsync();
    }
}
