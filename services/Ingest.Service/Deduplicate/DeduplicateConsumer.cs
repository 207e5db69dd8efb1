using Ingest.Contracts.V1;
using Ingest.Core.Normalisation.Reading;
using Ingest.Core.Normalisation.Sources;
using Ingest.Ledger;
using Ingest.Ledger.Articles;
using Ingest.Service.Operations;
using Microsoft.Extensions.Logging;

namespace Ingest.Service.Deduplicate;

/// <summary>Decides about articles that another process cleaned. Returns when they have their outcome.</summary>
sealed class DeduplicateConsumer(
    LedgerStore ledger, MemoryBudget memory, LaneItems items, LaneStage lane, ILogger<DeduplicateConsumer> logger)
{
    readonly AcceptedArticles articles = new(ledger);

    /// <exception cref="OperationCanceledException">The program stops: the message must stay in the queue.</exception>
    public Task Consume(DeduplicateArticles message, CancellationToken stopping)
    {
        List<CleanedArticle> cleaned = [.. message.Articles.Select(a => new CleanedArticle(
            new ArticleNumber(a.Article), a.Result, a.Learnt ?? 0, a.Ruled ?? 0, a.Fault is { } fault ? (fault.Name, fault.Detail) : null))];
        // While the ledger cannot be read, the message waits: nothing is wrong with it.
        return Perseverance.Until(
            () => Decide(cleaned), e => e is LedgerException { IsPassing: true }, e => logger.NotRead(cleaned.Count, e.Message), stopping);
    }

    /// <exception cref="OperationCanceledException">The program stops: they are to stay where they came from.</exception>
    public async Task Decide(IReadOnlyList<CleanedArticle> cleaned)
    {
        var results = cleaned.ToDictionary(a => a.Article);
        foreach (var portion in articles.StillUnfinished(results.Keys, MemoryBudget.InOneGo))
        {
            using var share = await memory.Cleaning.Take(portion.Sum(a => Weight.Of(a.Submission.Raw).Kept), CancellationToken.None);
            await lane.Decide([.. portion.Select(a => Item(a, results[a.Number]))], CancellationToken.None);
        }
    }

    LaneItem Item(AcceptedArticle article, CleanedArticle cleaned)
    {
        var claim = new LaneClaim(null, article.Number, Discards: false);
        if (cleaned.Fault is { } fault)
            return LaneItem.Failed(claim, new Failure(FailedStage.Normalise, fault.Name, fault.Detail));
        var submission = article.Submission;
        return items.Guarded(
            claim, submission,
            () => (StoredResult.Read(cleaned.Result.Span, submission.Read.Text), new SourceKnowledge(cleaned.Learnt, cleaned.Ruled)),
            cleaned.Result);
    }
}
