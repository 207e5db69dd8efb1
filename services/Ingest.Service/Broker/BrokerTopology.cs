using Ingest.Contracts.V1;
using Ingest.Service.Operations;
using Ingest.Service.Outcomes;
using RabbitMQ.Client;

namespace Ingest.Service.Broker;

/// <summary>
/// What there is at the broker: the queue of each stage, where messages go that could not be handled, and the exchange of each
/// event. Who consumes, sends, publishes or looks finds the names and arguments here. Each collection has its own, but for the dead letters.
/// </summary>
static class BrokerTopology
{
    public const string AcceptQueue = "ingest.accept", NormaliseQueue = "ingest.normalise", DeduplicateQueue = "ingest.deduplicate";

    /// <summary>The exchange and the queue where messages go that were delivered too often.</summary>
    public const string DeadLetters = "ingest.dead";

    /// <summary>
    /// A queue that one connection at a time may have, for each collection: the broker itself sees to it that one process publishes, and
    /// frees it when that process is gone.
    /// </summary>
    public const string PublishTurn = "ingest.publish";

    /// <summary>Behind the name of a queue: where messages go whose handling failed. The bus declares these when it needs them.</summary>
    const string ErrorSuffix = "_error";

    static readonly (Role Stage, string Queue)[] StagesOfDefault =
        [(Role.Accept, AcceptQueue), (Role.Normalise, NormaliseQueue), (Role.Deduplicate, DeduplicateQueue)];

    /// <summary>The stages that take messages, in the order of the flow, and the queues of a collection.</summary>
    public static IReadOnlyList<(Role Stage, string Queue)> Stages(string collection) =>
        [.. StagesOfDefault.Select(s => (s.Stage, CollectionNames.Of(s.Queue, collection)))];

    /// <summary>The queue that a stage takes messages from.</summary>
    public static string QueueOf(Role stage, string collection) => Stages(collection).First(s => s.Stage == stage).Queue;

    /// <summary>Where messages of a stage's queue go whose handling failed.</summary>
    public static string ErrorsOf(string queue) => queue + ErrorSuffix;

    /// <summary>The queues of messages of a collection that could not be handled, and the dead letters, which are those of all.</summary>
    public static IReadOnlyList<string> Errors(string collection) => [.. Stages(collection).Select(s => ErrorsOf(s.Queue)), DeadLetters];

    /// <summary>
    /// The queue whose failed messages go to this one; null for the dead letters, each of which says itself where it died.
    /// </summary>
    public static string? OriginOf(string errors) =>
        errors.EndsWith(ErrorSuffix, StringComparison.Ordinal) ? errors[..^ErrorSuffix.Length] : null;

    /// <summary>How a type of the contract is called in messages.</summary>
    public static string TypeName(string type) => $"Ingest.Contracts.V1:{type}";

    /// <summary>The exchange of a type of the contract; for the default collection, where consumers with the same contract look for it.</summary>
    public static string Exchange(string type, string collection) => CollectionNames.Of(TypeName(type), collection);

    /// <summary>How the queues of the stages are declared.</summary>
    public static Dictionary<string, object?> QueueArguments(BrokerSettings settings) => settings.QuorumQueues
        ? new(StringComparer.Ordinal)
        {
            ["x-queue-type"] = "quorum",
            ["x-delivery-limit"] = settings.DeliveryLimit,
            ["x-dead-letter-exchange"] = DeadLetters,
            // The broker gives a dead message up only when the dead-letter queue has it.
            ["x-dead-letter-strategy"] = "at-least-once",
            ["x-overflow"] = "reject-publish",
        }
        : [];

    /// <summary>Declares where dead letters go, and the queues of these stages.</summary>
    /// <param name="collections">All that there are: what is sent to one finds its queue, whoever serves it.</param>
    /// <exception cref="RabbitMQ.Client.Exceptions.OperationInterruptedException">One exists and was declared otherwise.</exception>
    public static async Task Declare(
        IConnection connection, BrokerSettings settings, Roles roles, IReadOnlyList<string> collections, CancellationToken cancellation)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        await channel.ExchangeDeclareAsync(DeadLetters, ExchangeType.Fanout, durable: true, cancellationToken: cancellation);
        var dead = settings.QuorumQueues ? new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-queue-type"] = "quorum" } : null;
        await channel.QueueDeclareAsync(DeadLetters, durable: true, exclusive: false, autoDelete: false, dead, cancellationToken: cancellation);
        await channel.QueueBindAsync(DeadLetters, DeadLetters, "", cancellationToken: cancellation);
        foreach (var collection in collections)
        {
            foreach (var (stage, queue) in Stages(collection))
                if (roles.Has(stage))
                    await channel.QueueDeclareAsync(
                        queue, durable: true, exclusive: false, autoDelete: false, QueueArguments(settings), cancellationToken: cancellation);
            if (roles.Has(Role.Accept))
                await DeclareSubmissions(channel, collection, cancellation);
        }
    }

    /// <summary>
    /// Declares how producers with the contract reach the queue: to an exchange of its name they send, to that of the message's type
    /// they publish. The bus declares both too, but when it gets to it; until then what is sent would be lost without a word.
    /// </summary>
    static async Task DeclareSubmissions(IChannel channel, string collection, CancellationToken cancellation)
    {
        var (queue, published) = (QueueOf(Role.Accept, collection), Exchange(nameof(SubmitArticles), collection));
        await channel.ExchangeDeclareAsync(queue, ExchangeType.Fanout, durable: true, cancellationToken: cancellation);
        await channel.ExchangeDeclareAsync(published, ExchangeType.Fanout, durable: true, cancellationToken: cancellation);
        await channel.QueueBindAsync(queue, queue, "", cancellationToken: cancellation);
        await channel.ExchangeBindAsync(queue, published, "", cancellationToken: cancellation);
    }

    /// <summary>Declares where failed messages of a stage's queue go, as MassTransit does.</summary>
    public static Task DeclareErrors(IChannel channel, string queue, BrokerSettings settings) =>
        channel.QueueDeclareAsync(ErrorsOf(queue), durable: true, exclusive: false, autoDelete: false, QueueArguments(settings));

    /// <summary>Declares the exchange of each type of event. Who wants events binds a queue to it.</summary>
    public static async Task DeclareEvents(IChannel channel, string collection, CancellationToken cancellation)
    {
        foreach (var name in Event.Names)
            await channel.ExchangeDeclareAsync(Exchange(name, collection), ExchangeType.Fanout, durable: true, cancellationToken: cancellation);
    }

    /// <summary>Takes the turn to publish the events of a collection, which this connection has until it ends.</summary>
    /// <exception cref="RabbitMQ.Client.Exceptions.OperationInterruptedException">405: another has it.</exception>
    public static Task TakeTurn(IChannel channel, string collection, CancellationToken cancellation) =>
        channel.QueueDeclareAsync(CollectionNames.Of(PublishTurn, collection), durable: false, exclusive: true, autoDelete: false, cancellationToken: cancellation);
}
