namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>One server for all tests that leave it whole.</summary>
public sealed class SharedServing : IDisposable
{
    readonly Workplace at = new();

    public SharedServing() => Server = Serving.Start(at);

    internal Serving Server { get; }

    internal string Ledger => at.PathTo("ingest.db");

    public void Dispose()
    {
        Server.Dispose();
        at.Dispose();
    }

    [CollectionDefinition(Name)]
    public sealed class Tests : ICollectionFixture<SharedServing>
    {
        public const string Name = "one running server";
    }
}
