using Ingest.Ledger.Articles;
using Ingest.Service.Broker;
using Ingest.Service.Deduplicate;

namespace Ingest.Service.Normalise;

/// <summary>Cleans articles of the ledger and hands them to the lane: in memory where this process has it, else by a message.</summary>
sealed class Cleaning(NormaliseStage stage, LaneStage? lane = null, StageSender? sender = null)
{
    /// <returns>When the articles have their outcome, or are with the broker.</returns>
    public async Task Run(IReadOnlyList<AcceptedArticle> articles, CancellationToken cancellation)
    {
        if (articles.Count == 0)
            return;
        var items = new LaneItem[articles.Count];
        for (var i = 0; i < items.Length; i++)
            items[i] = stage.Normalise(articles[i]);
        if (lane is not null)
            await lane.Decide(items, cancellation);
        else if (sender is not null)
            // One that failed goes without a result: the lane's process cleans it again, and records why it fails.
            await sender.Deduplicate(items);
    }
}
