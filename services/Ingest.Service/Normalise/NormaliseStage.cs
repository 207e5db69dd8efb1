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
    readonly Normaliser normaliser = new(options, TimeProvider.System);

    public LaneItem Normalise(LaneClaim claim, Submission submission) =>
        items.Guarded(claim, submission, () =>
        {
            var source = sources.ProfileOf(SourceName.Of(submission.Read.Metadata));
            return (normaliser.Normalise(submission.Read, source), source.Knowledge);
        });
}
