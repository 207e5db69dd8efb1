using Ingest.Service.Broker;
using Ingest.Service.Outcomes;
using RabbitMQ.Client;

namespace Ingest.Service.Publish;

/// <summary>
/// An event as a message: an <see cref="Envelope"/>, which is plain JSON with the event in <c>message</c>, or the event alone.
/// </summary>
static class EventMessage
{
    const string PlainType = "application/json";

    public static ReadOnlyMemory<byte> Body(Event told, EventFormat format) =>
        format == EventFormat.Plain ? told.Json : Envelope.Of(told.Id, told.Name, told.Json);

    public static BasicProperties Properties(Event told, EventFormat format, string collection) => new()
    {
        MessageId = told.Id.ToString(),
        Type = told.Name,
        ContentType = format == EventFormat.Plain ? PlainType : Envelope.ContentType,
        DeliveryMode = DeliveryModes.Persistent,
        Headers = new Dictionary<string, object?>(StringComparer.Ordinal) { ["ingest-position"] = told.Position, [QueuedMessage.CollectionHeader] = collection },
    };
}
