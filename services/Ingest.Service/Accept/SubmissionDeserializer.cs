using System.Net.Mime;
using System.Text;
using Ingest.Contracts.V1;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.Serialization;

namespace Ingest.Service.Accept;

/// <summary>
/// Lets every message on <c>ingest.accept</c> reach its consumer, which reads the bytes itself: the library would stumble over JSON that is no object, and would read each message
/// twice. To the library each is an empty <see cref="SubmitArticles"/>.
/// </summary>
sealed class SubmissionDeserializer(ContentType contentType) : ISerializerFactory, IMessageDeserializer
{
    static readonly MessageBody Nothing = new BytesMessageBody(Encoding.UTF8.GetBytes("""{"articles":[]}"""));

    readonly SystemTextJsonRawMessageSerializerFactory library = new(RawSerializerOptions.AnyMessageType);

    public ContentType ContentType => contentType;

    public IMessageSerializer CreateSerializer() => library.CreateSerializer();

    public IMessageDeserializer CreateDeserializer() => this;

    public ConsumeContext Deserialize(ReceiveContext receiveContext) => new BodyConsumeContext(receiveContext, Deserialize(Nothing, receiveContext.TransportHeaders, receiveContext.InputAddress));

    public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null) => library.CreateDeserializer().Deserialize(Nothing, headers, destinationAddress);

    public MessageBody GetMessageBody(string text) => library.CreateDeserializer().GetMessageBody(text);

    public void Probe(ProbeContext context) => context.CreateScope("submission").Add("contentType", contentType.MediaType);
}
