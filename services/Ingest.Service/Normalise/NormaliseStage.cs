using Ingest.Core.Articles;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Reading;
using Ingest.Core.Normalisation.Sources;
using Ingest.Ledger;
using Ingest.Ledger.Articles;
using Ingest.Service.Deduplicate;

namespace Ingest.Service.Normalise;

/// <summary>
/// The stage that cleans: from a raw article to what the lane needs for its decision. Pure; runs on any number of threads.
/// </summary>
sealed class NormaliseStage(NormaliserOptions options, LaneItems items, SourceBook sources)
{
    readonly Normaliser normaliser = new(options, ThreadTime.Instance);

    /// <exception cref="LedgerException">The ledger cannot be read now: the article is to be given again.</exception>
    public LaneItem Normalise(LaneClaim claim, Submission submission) =>
        items.Guarded(claim, submission, () => Clean(submission));

    /// <summary>Cleans an article with what is known of its source now, and says what that was.</summary>
    /// <exception cref="LedgerException">The ledger cannot be read now.</exception>
    public (NormalisationResult Result, SourceKnowledge Known) Clean(Submission submission)
    {
        var source = Known(submission);
        return (normaliser.Normalise(submission.Read, source), source.Knowledge);
    }

    /// <summary>Where earlier articles of a source are damaged, nothing is known of it: that is no fault of this article.</summary>
    SourceProfile Known(Submission submission)
    {
        try
        {
            return sources.ProfileOf(SourceName.Of(submission.Read.Metadata));
        }
        catch (LedgerException e) when (!e.IsPassing)
        {
            return SourceProfile.Unknown;
        }
    }
}
