using Ingest.Broker.Tests;

namespace Ingest.Ledger.Tests;

/// <summary>A server for all tests of this assembly that need one; each has a schema of its own.</summary>
public sealed class OneServer : IDisposable
{
    readonly PostgresServer? server = PostgresServer.Missing is null ? new PostgresServer() : null;

    public string Address => server!.Address();

    public void RunScript(string file, params string[] variables) => server!.RunScript(file, variables);

    public void Dispose() => server?.Dispose();
}

[CollectionDefinition(nameof(OneServer))]
public sealed class OneServerDefinition : ICollectionFixture<OneServer>;

/// <summary>A ledger on a server.</summary>
[Collection(nameof(OneServer))]
public sealed class PostgresLedgerTests(OneServer server) : SharedLedgerConformance
{
    readonly string schema = $"t{Guid.NewGuid():N}";

    protected override LedgerStore Open() => LedgerDatabase.Open(server.Address, schema);

    protected override LedgerStore OpenAgain() => LedgerDatabase.Open(server.Address, schema);
}
