using System.Net.Mime;
using System.Text;
using Ingest.Contracts.V1;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.Serialization;

namespace Ingest.Service.Serve;

/// <summary>
/// Lets every message on <c>ingest.accept</c> reach its consumer, which reads the bytes itself: to the library each is an empty
/// <see cref="SubmitArticles"/>. Its own raw deserializer would read each message too, and sends a list, a null or a number to the
/// error queue (measured with 8.5.12), where such a record is a rejected article, with a name for what is wrong.
/// </summary>
sealed class SubmissionDeserializer(ContentType contentType) : ISerializerFactory, IMessageDeserializer
{
    static readonly MessageBody Nothing = new BytesMessageBody(Encoding.UTF8.GetBytes("""{"articles":[]}"""));

    readonly SystemTextJsonRawMessageSerializerFactory library = new(RawSerializerOptions.AnyMessageType);

    public ContentType ContentType => contentType;

    public IMessageSerializer CreateSerializer() => library.CreateSerializer();

    public IMessageDeserializer CreateDeserializer() => this;

    public ConsumeContext Deserialize(ReceiveContext receiveContext) =>
        new BodyConsumeContext(receiveContext, Deserialize(Nothing, receiveContext.TransportHeaders, receiveContext.InputAddress));

    public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null) =>
        library.CreateDeserializer().Deserialize(Nothing, headers, destinationAddress);

    public MessageBody GetMessageBody(string text) => library.CreateDeserializer().GetMessageBody(text);

    public void Probe(ProbeContext context) => context.CreateScope("submission").Add("contentType", contentType.MediaType);
}
