using Ingest.Contracts.V1;
using Ingest.Core.Normalisation.Reading;
using Ingest.Core.Normalisation.Sources;
using Ingest.Ledger;
using Ingest.Ledger.Articles;
using Ingest.Service.Operations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ingest.Service.Deduplicate;

/// <summary>Decides about articles that another process cleaned. Returns when they have their outcome.</summary>
sealed class DeduplicateConsumer(
    LedgerStore ledger, MemoryBudget memory, LaneItems items, LaneStage lane, IHostApplicationLifetime lifetime, ILogger<DeduplicateConsumer> logger)
{
    static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);

    readonly AcceptedArticles articles = new(ledger);

    /// <exception cref="OperationCanceledException">The program stops: the message must stay in the queue.</exception>
    public async Task Consume(DeduplicateArticles message)
    {
        List<CleanedArticle> cleaned = [.. message.Articles.Select(a => new CleanedArticle(
            new ArticleNumber(a.Article), a.Result, a.Learnt ?? 0, a.Ruled ?? 0, a.Fault is { } fault ? (fault.Name, fault.Detail) : null))];
        while (true)
        {
            try
            {
                await Decide(cleaned);
                return;
            }
            catch (LedgerException e) when (e.IsPassing)
            {
                // While the ledger cannot be read, the message waits: nothing is wrong with it.
                logger.NotRead(cleaned.Count, e.Message);
                await Task.Delay(TryAgainAfter, lifetime.ApplicationStopping);
            }
        }
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
