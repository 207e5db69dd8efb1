using RabbitMQ.Client;

namespace Ingest.Service.Broker;

/// <summary>A message that came on a queue and must be settled: acknowledged, or given back.</summary>
/// <param name="tag">The channel's number for it: 1, 2, 3, …</param>
/// <param name="body">The receiver's own copy.</param>
sealed class QueueDelivery(ulong tag, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body)
{
    public ulong Tag => tag;

    public IReadOnlyBasicProperties Properties => properties;

    public ReadOnlyMemory<byte> Body => body;

    public DeliveryState State { get; set; }
}

enum DeliveryState
{
    /// <summary>Its handler has not ended.</summary>
    Open,

    /// <summary>It is handled, and the broker has not been told.</summary>
    Handled,

    /// <summary>It shall go back to its queue, and the broker has not been told.</summary>
    GivenBack,

    /// <summary>The broker has been told.</summary>
    Settled,
}
