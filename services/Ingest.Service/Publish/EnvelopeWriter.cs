using System.Text;
using RabbitMQ.Client;

namespace Ingest.Service.Publish;

/// <summary>An event as a message: MassTransit's JSON envelope, which is plain JSON with the event in <c>message</c>, or the event alone.</summary>
static class EnvelopeWriter
{
    public const string EnvelopeType = "application/vnd.masstransit+json", PlainType = "application/json";

    /// <summary>The exchange of a type of event, where MassTransit's consumers look for it.</summary>
    public static string Exchange(string type) => $"Ingest.Contracts.V1:{type}";

    public static ReadOnlyMemory<byte> Body(Event told, Broker.EventFormat format)
    {
        if (format == Broker.EventFormat.Plain)
            return told.Json;
        var id = told.Id.ToString();
        var head = $$"""{"messageId":"{{id}}","messageType":["urn:message:{{Exchange(told.Type)}}"],"headers":{},"message":""";
        var body = new byte[Encoding.UTF8.GetByteCount(head) + told.Json.Length + 1];
        var at = Encoding.UTF8.GetBytes(head, body);
        told.Json.CopyTo(body, at);
        body[^1] = (byte)'}';
        return body;
    }

    public static BasicProperties Properties(Event told, Broker.EventFormat format) => new()
    {
        MessageId = told.Id.ToString(),
        Type = told.Type,
        ContentType = format == Broker.EventFormat.Plain ? PlainType : EnvelopeType,
        DeliveryMode = DeliveryModes.Persistent,
        Headers = new Dictionary<string, object?>(StringComparer.Ordinal) { ["ingest-position"] = told.Position },
    };
}
