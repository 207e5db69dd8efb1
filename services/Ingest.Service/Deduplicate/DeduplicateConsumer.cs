using Ingest.Contracts.V1;
using Ingest.Ledger;
using Ingest.Service.Normalise;

namespace Ingest.Service.Deduplicate;

/// <summary>Decides about articles that another process cleaned. Acknowledged when they have their outcome.</summary>
sealed class DeduplicateConsumer(LedgerFile ledger, NormaliseStage normalise, LaneStage lane)
{
    readonly AcceptedArticles articles = new(ledger);

    /// <exception cref="OperationCanceledException">The program stops: the message must stay in the queue.</exception>
    public Task Consume(DeduplicateArticles message)
    {
        var results = message.Articles.ToDictionary(a => a.Article, a => a.Result);
        var waiting = articles.StillUnfinished(results.Keys);
        return waiting.Count == 0
            ? Task.CompletedTask
            : lane.Decide([.. waiting.Select(a => results[a.Article] is { IsEmpty: false } result ? normalise.Cleaned(a, result.ToArray()) : normalise.Normalise(a))], CancellationToken.None);
    }
}
