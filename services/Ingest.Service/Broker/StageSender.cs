using Ingest.Contracts.V1;
using Ingest.Service.Deduplicate;
using MassTransit;

namespace Ingest.Service.Broker;

/// <summary>Hands articles to a stage that another process runs. The articles are in the ledger: a message that is lost only costs time.</summary>
sealed class StageSender(IBus bus, BrokerSettings settings)
{
    public const string AcceptQueue = "ingest.accept", NormaliseQueue = "ingest.normalise", DeduplicateQueue = "ingest.deduplicate";

    /// <summary>Articles in a message: a hop then costs little for each.</summary>
    const int MostInMessage = 64;

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

    /// <summary>No token of the caller's: one that is cancelled within a publish corrupts the client's account of confirms. A time limit of our own instead.</summary>
    async Task Send<T>(string queue, T message)
        where T : class
    {
        var endpoint = await bus.GetSendEndpoint(new Uri($"queue:{queue}"));
        await endpoint.Send(message, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(settings.PublishTimeoutSeconds));
    }
}
