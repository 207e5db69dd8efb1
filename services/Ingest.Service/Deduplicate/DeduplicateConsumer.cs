using Ingest.Contracts.V1;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger;
using Ingest.Ledger.Articles;

namespace Ingest.Service.Deduplicate;

/// <summary>Decides about articles that another process cleaned. Acknowledged when they have their outcome.</summary>
sealed class DeduplicateConsumer(LedgerFile ledger, LaneItems items, LaneStage lane)
{
    readonly AcceptedArticles articles = new(ledger);

    /// <exception cref="OperationCanceledException">The program stops: the message must stay in the queue.</exception>
    public Task Consume(DeduplicateArticles message)
    {
        var results = message.Articles.ToDictionary(a => new ArticleNumber(a.Article));
        var waiting = articles.StillUnfinished(results.Keys);
        return waiting.Count == 0
            ? Task.CompletedTask
            : lane.Decide([.. waiting.Select(a => Item(a, results[a.Number]))], CancellationToken.None);
    }

    LaneItem Item(AcceptedArticle article, NormalisedArticle cleaned)
    {
        var claim = new LaneClaim(null, article.Number, Discards: false);
        if (cleaned.Fault is { } fault)
            return LaneItem.Failed(claim, new Failure(FailedStage.Normalise, fault.Name, fault.Detail));
        try
        {
            var submission = article.Submission;
            return items.Of(
                claim, submission, StoredResult.Read(cleaned.Result.Span, submission.Read.Text),
                Arrival.Of(submission.Read.Metadata.Received, submission.Accepted, submission.Accepted),
                cleaned.Result);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The article's own fault: it disturbs no other, and is kept with the article.
            return LaneItem.Failed(claim, Failure.Of(FailedStage.Normalise, e));
        }
    }
}
