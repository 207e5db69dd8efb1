namespace Ingest.Broker.Tests;

/// <summary>A test that needs a broker, and says so where it is skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class BrokerFactAttribute : FactAttribute
{
    public BrokerFactAttribute() => Skip = Broker.Missing;
}

/// <summary>As <see cref="BrokerFactAttribute"/>, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class BrokerTheoryAttribute : TheoryAttribute
{
    public BrokerTheoryAttribute() => Skip = Broker.Missing;
}

/// <summary>A test that takes minutes: it runs where <c>INGEST_LONG</c> is 1.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class LongBrokerFactAttribute : FactAttribute
{
    public LongBrokerFactAttribute() => Skip = Broker.Missing ?? (Asked ? null : "takes minutes: set INGEST_LONG to 1");

    public static bool Asked => Environment.GetEnvironmentVariable("INGEST_LONG") == "1";
}

/// <summary>
/// A running broker for many tests. All classes of <see cref="OneBroker"/> use the same, and all of <see cref="ClientsBroker"/>; a class that breaks its broker takes one of
/// its own with <c>IClassFixture&lt;SharedBroker&gt;</c>. Tests that share one use queues with names of their own.
/// </summary>
public sealed class SharedBroker : IAsyncLifetime
{
    Broker? broker;

    internal Broker Broker => broker ?? throw new InvalidOperationException("The broker did not start.");

    // Also called where all its tests are skipped.
    public async Task InitializeAsync() => broker = Broker.Missing is null ? await Broker.StartNewAsync() : null;

    public async Task DisposeAsync()
    {
        if (broker is not null)
            await broker.DisposeAsync();
    }
}

/// <summary>The classes that share one broker: <c>[Collection(nameof(OneBroker))]</c>. They run one after another.</summary>
[CollectionDefinition(nameof(OneBroker))]
public sealed class OneBroker : ICollectionFixture<SharedBroker>;

/// <summary>The same for those that are not about faults, so that they run beside the others.</summary>
[CollectionDefinition(nameof(ClientsBroker))]
public sealed class ClientsBroker : ICollectionFixture<SharedBroker>;

/// <summary>The classes with a time limit of the broker's or their own that a busy machine would exceed: nothing of this project runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
