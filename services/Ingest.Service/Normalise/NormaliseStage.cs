using Ingest.Core.Articles;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger;
using Ingest.Ledger.Articles;
using Ingest.Service.Deduplicate;

namespace Ingest.Service.Normalise;

/// <summary>
/// The stage that cleans: from a raw article to what the lane needs for its decision. Pure; runs on any number of threads.
/// </summary>
sealed class NormaliseStage(NormaliserOptions options, LaneItems items)
{
    readonly Normaliser normaliser = new(options, TimeProvider.System);

    /// <summary>An article that is not in the ledger yet.</summary>
    public LaneItem Normalise(Submission submission) => Normalise(new LaneClaim(submission, default, Discards: false), submission);

    /// <summary>An article of the ledger.</summary>
    public LaneItem Normalise(AcceptedArticle article) =>
        Normalise(new LaneClaim(null, article.Number, Discards: false), article.Submission);

    /// <summary>A fault in cleaning is the article's own: it disturbs no other, and is kept with the article.</summary>
    LaneItem Normalise(LaneClaim claim, Submission submission)
    {
        try
        {
            var result = normaliser.Normalise(submission.Read);
            var arrival = Arrival.Of(submission.Read.Metadata.Received, submission.Accepted, submission.Accepted);
            return items.Of(claim, submission, result, arrival);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return LaneItem.Failed(claim, Failure.Of(FailedStage.Normalise, e));
        }
    }
}
