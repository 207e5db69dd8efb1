using Ingest.Contracts.V1;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger;
using Ingest.Ledger.Articles;
using Ingest.Service.Broker;
using Ingest.Service.Deduplicate;
using Ingest.Service.Operations;

namespace Ingest.Service.Normalise;

/// <summary>
/// Cleans articles and hands them to the lane: some at a time, by their bytes, each time within the budget of memory.
/// </summary>
sealed class Cleaning(
    NormaliseStage stage, Topology topology, LedgerStore ledger, MemoryBudget memory, LaneStage? lane = null, StageSender? sender = null,
    LedgerHandOver? handOver = null)
{
    readonly AcceptedArticles accepted = new(ledger);

    /// <summary>Articles of the ledger; those that have their outcome already are passed over.</summary>
    /// <returns>When the articles have their outcome, or are with the broker or in the ledger for another process.</returns>
    public async Task Run(IEnumerable<ArticleNumber> articles, CancellationToken cancellation)
    {
        // What is read here is not in the budget yet: one portion for each that runs at the same time.
        foreach (var portion in accepted.StillUnfinished(articles, MemoryBudget.InOneGo))
            await Run([.. portion.Select(a => (new LaneClaim(null, a.Number, Discards: false), a.Submission))], cancellation);
    }

    /// <summary>Articles that are not in the ledger yet.</summary>
    public async Task Run(IReadOnlyList<Submission> submissions, CancellationToken cancellation)
    {
        foreach (var portion in submissions.InPortions(submissions.Count, MemoryBudget.InOneGo, s => s.Raw.Content.Length))
            await Run([.. portion.Select(s => (new LaneClaim(s, default, Discards: false), s))], cancellation);
    }

    async Task Run(List<(LaneClaim Claim, Submission Submission)> articles, CancellationToken cancellation)
    {
        var weights = articles.Select(a => Weight.Of(a.Submission.Raw)).ToArray();
        // All are kept until they are decided; one at a time is cleaned.
        using var share = await memory.Cleaning.Take(weights.Sum(w => w.Kept) + weights.Max(w => w.Cleaned), cancellation);
        var items = new LaneItem[articles.Count];
        for (var i = 0; i < items.Length; i++)
            items[i] = stage.Normalise(articles[i].Claim, articles[i].Submission);
        share.ShrinkTo(weights.Sum(w => w.Kept));
        switch (topology.AfterNormalise)
        {
            case HandOver.Memory:
                await lane!.Decide(items, cancellation);
                break;
            case HandOver.Broker:
                await sender!.Deduplicate([.. items.Select(Given).Select(Message)]);
                break;
            case HandOver.Ledger:
                handOver!.GiveOn([.. items.Select(Given)]);
                break;
        }
    }

    static CleanedArticle Given(LaneItem item) => new(
        item.Claim.Number, item.Result, item.Source?.Known.Learnt ?? 0, item.Source?.Known.Ruled ?? 0,
        item.Failure is { } failure ? (failure.Name, failure.Detail) : null);

    static NormalisedArticle Message(CleanedArticle article) => new(article.Article.Value, article.Result)
    {
        Learnt = article.Learnt > 0 ? article.Learnt : null,
        Ruled = article.Ruled > 0 ? article.Ruled : null,
        Fault = article.Fault is { } fault ? new NormalisationFault(fault.Name, fault.Detail) : null,
    };
}
