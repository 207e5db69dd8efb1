using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Ingest.Service.Broker;

/// <summary>MassTransit's JSON envelope: its consumers read it as it is; others find the message in <c>message</c>.</summary>
static class Envelope
{
    public const string ContentType = "application/vnd.masstransit+json";

    /// <param name="type">Name of the contract's record.</param>
    /// <param name="json">The record as UTF-8.</param>
    public static byte[] Of(Guid id, string type, byte[] json)
    {
        var head = $$"""{"messageId":"{{id}}","messageType":["urn:message:{{BrokerTopology.TypeName(type)}}"],"headers":{},"message":""";
        var body = new byte[Encoding.UTF8.GetByteCount(head) + json.Length + 1];
        var at = Encoding.UTF8.GetBytes(head, body);
        json.CopyTo(body, at);
        body[^1] = (byte)'}';
        return body;
    }

    /// <exception cref="JsonException">It is no envelope, or has another message in it.</exception>
    public static T Read<T>(ReadOnlySpan<byte> body, JsonTypeInfo<Enveloped<T>> type)
        where T : class =>
        JsonSerializer.Deserialize(body, type)?.Message ?? throw new JsonException("The envelope has no \"message\".");
}

/// <summary>What is read of an <see cref="Envelope"/>.</summary>
sealed record Enveloped<T>(T? Message)
    where T : class;
