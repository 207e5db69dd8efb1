using Ingest.Contracts.V1;
using Ingest.Ledger;
using Ingest.Service.Broker;
using Ingest.Service.Normalise;
using MassTransit;

namespace Ingest.Service.Deduplicate;

/// <summary>Decides about articles that another process cleaned. Acknowledged when they have their outcome.</summary>
sealed class DeduplicateConsumer(LedgerFile ledger, NormaliseStage normalise, LaneStage lane) : IConsumer<DeduplicateArticles>
{
    readonly AcceptedArticles articles = new(ledger);

    public Task Consume(ConsumeContext<DeduplicateArticles> context)
    {
        var results = context.Message.Articles.ToDictionary(a => a.Article, a => a.Result);
        var waiting = articles.StillUnfinished(results.Keys);
        return waiting.Count == 0
            ? Task.CompletedTask
            : Unacknowledged.IfCutOff(lane.Decide([.. waiting.Select(a => results[a.Article] is { IsEmpty: false } result ? normalise.Cleaned(a, result.ToArray()) : normalise.Normalise(a))], CancellationToken.None));
    }
}
