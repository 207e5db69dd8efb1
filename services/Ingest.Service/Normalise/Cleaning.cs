using Ingest.Contracts.V1;
using Ingest.Ledger.Articles;
using Ingest.Service.Broker;
using Ingest.Service.Deduplicate;
using Ingest.Service.Operations;

namespace Ingest.Service.Normalise;

/// <summary>Cleans articles of the ledger and hands them to the lane.</summary>
sealed class Cleaning(NormaliseStage stage, Topology topology, LaneStage? lane = null, StageSender? sender = null)
{
    /// <returns>When the articles have their outcome, or are with the broker.</returns>
    public async Task Run(IReadOnlyList<AcceptedArticle> articles, CancellationToken cancellation)
    {
        if (articles.Count == 0)
            return;
        var items = new LaneItem[articles.Count];
        for (var i = 0; i < items.Length; i++)
            items[i] = stage.Normalise(articles[i]);
        if (topology.AfterNormalise == HandOver.Memory)
            await lane!.Decide(items, cancellation);
        else
            await sender!.Deduplicate([.. items.Select(Message)]);
    }

    static NormalisedArticle Message(LaneItem item) => new(item.Claim.Number.Value, item.Result)
    {
        Fault = item.Failure is { } failure ? new NormalisationFault(failure.Name, failure.Detail) : null,
    };
}
