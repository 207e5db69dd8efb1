using Ingest.Contracts.V1;
using Ingest.Service.Deduplicate;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ingest.Service.Broker;

/// <summary>Hands articles to a stage that another process runs. The articles are in the ledger: a message that is lost only costs time.</summary>
sealed class StageSender(IBus bus, BrokerSettings settings, IHostApplicationLifetime lifetime, ILogger<StageSender> logger)
{
    public const string AcceptQueue = "ingest.accept", NormaliseQueue = "ingest.normalise", DeduplicateQueue = "ingest.deduplicate";

    /// <summary>Articles in a message: a hop then costs little for each.</summary>
    const int MostInMessage = 64;

    static readonly TimeSpan LookForReader = TimeSpan.FromSeconds(1);

    public async Task Normalise(IReadOnlyList<long> articles)
    {
        foreach (var some in articles.Chunk(MostInMessage))
            await Send(NormaliseQueue, new NormaliseArticles(some));
    }

    public async Task Deduplicate(IReadOnlyList<LaneItem> items)
    {
        foreach (var some in items.Chunk(MostInMessage))
            await Send(DeduplicateQueue, new DeduplicateArticles([.. some.Select(i => new NormalisedArticle(i.Article, i.Result))]));
    }

    /// <summary>
    /// To the queue's exchange: the queue is declared by the process that reads it, and only that knows how (a <c>queue:</c> address declares a classic one, which a quorum
    /// queue of that name refuses, and the other way round). Until there is one, this waits.
    /// </summary>
    async Task Send<T>(string queue, T message)
        where T : class
    {
        var endpoint = await bus.GetSendEndpoint(new Uri($"exchange:{queue}"));
        for (var told = false; ; told = true)
        {
            try
            {
                // No token of the caller's: one that is cancelled within a publish corrupts the client's account of confirms. A time limit of our own instead.
                await endpoint.Send(message, Pipe.Execute<SendContext<T>>(Mandatory), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(settings.PublishTimeoutSeconds));
                return;
            }
            catch (MessageReturnedException)
            {
                if (!told)
                    logger.NobodyReads(queue);
                await Task.Delay(LookForReader, lifetime.ApplicationStopping);
            }
        }
    }

    static void Mandatory(SendContext context)
    {
        if (context.TryGetPayload<RabbitMqSendContext>(out var sending))
            sending.Mandatory = true;
    }
}
