using System.Text;

namespace Ingest.Service.Broker;

/// <summary>MassTransit's JSON envelope: its consumers read it as it is; others find the message in <c>message</c>.</summary>
static class Envelope
{
    public const string ContentType = "application/vnd.masstransit+json";

    /// <param name="type">Name of the contract's record.</param>
    /// <param name="json">The record as UTF-8.</param>
    public static byte[] Of(Guid id, string type, byte[] json)
    {
        var head = $$"""{"messageId":"{{id}}","messageType":["urn:message:{{BrokerTopology.Exchange(type)}}"],"headers":{},"message":""";
        var body = new byte[Encoding.UTF8.GetByteCount(head) + json.Length + 1];
        var at = Encoding.UTF8.GetBytes(head, body);
        json.CopyTo(body, at);
        body[^1] = (byte)'}';
        return body;
    }
}
