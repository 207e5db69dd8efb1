using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using Ingest.Core.Deduplication.Fingerprints;
using Ingest.Core.Normalisation.Reading;
using Ingest.Core.Normalisation.Sources;
using Ingest.Ledger;
using Ingest.Ledger.Articles;
using Ingest.Ledger.Decisions;

namespace Ingest.Service.Deduplicate;

/// <summary>Why an article could not be handled.</summary>
/// <param name="Name">Of the kind of fault.</param>
/// <param name="Cause">Null where another process met it.</param>
sealed record Failure(FailedStage Stage, string Name, string Detail, Exception? Cause = null)
{
    public static Failure Of(FailedStage stage, Exception cause) => new(stage, cause.GetType().Name, cause.Message, cause);
}

/// <summary>A cleaned article that waits for its decision.</summary>
/// <param name="Claim">
/// The article: to be accepted and decided at once, where a queue still holds it or a run will read it again; otherwise its number.
/// </param>
/// <param name="Result">What the normaliser made of it, as it is stored.</param>
/// <param name="Normaliser">Version of the rules that made it.</param>
/// <param name="Stated">When it arrived, as its submitter says; null where nobody says.</param>
/// <param name="Candidate">
/// What the deduplicator compares; null for a rejected article, and for a failed one. The lane gives it its arrival.
/// </param>
/// <param name="Rejection">Why it is rejected.</param>
/// <param name="Failure">Why it could not be cleaned: it gets no decision, and goes to the errors.</param>
/// <param name="Clock">The log's clock at its decision, where that is known already; null for the lane's own.</param>
sealed record LaneItem(
    LaneClaim Claim, ReadOnlyMemory<byte> Result, string Normaliser, DateTimeOffset? Stated,
    Candidate? Candidate, RejectionReason? Rejection, Failure? Failure = null, DateTimeOffset? Clock = null)
{
    /// <summary>Whose habits the article shares; null where it names no source, and for a rejected one.</summary>
    public DecidedSource? Source { get; init; }

    public static LaneItem Failed(LaneClaim claim, Failure failure) =>
        new(claim, ReadOnlyMemory<byte>.Empty, "", null, null, null, failure);
}

/// <summary>Makes items for the lane; on any number of threads.</summary>
sealed class LaneItems(DeduplicationOptions options) : IDisposable
{
    readonly ThreadLocal<Fingerprinter> fingerprinters = new(() => new Fingerprinter(options));

    /// <param name="known">With which knowledge of its source it was cleaned.</param>
    /// <param name="stored">The result as it is stored, where that is known already.</param>
    public LaneItem Of(
        LaneClaim claim, Submission submission, NormalisationResult result, DateTimeOffset? stated, SourceKnowledge known,
        ReadOnlyMemory<byte>? stored = null)
    {
        var candidate = CandidateOf(result);
        return new LaneItem(
            claim, stored ?? StoredResult.Write(result, submission.Read.Text), result.Normaliser, stated, candidate, result.Rejection?.Reason)
        {
            Source = candidate is not null && SourceName.Of(submission.Read.Metadata) is { } source ? new DecidedSource(source, 0, known) : null,
        };
    }

    /// <summary>What is compared of a cleaned article; null for a rejected one.</summary>
    public Candidate? CandidateOf(NormalisationResult result)
    {
        if (result.Article is null)
            return null;
        var compared = StoryArticle.Of(result.Article, arrival: default);
        return new Candidate(compared, fingerprinters.Value!.Compute(compared.Body));
    }

    /// <summary>
    /// An item for an accepted article. A fault in cleaning it, or in reading what another process cleaned, is the article's own: it
    /// disturbs no other, and is kept with the article.
    /// </summary>
    /// <param name="clean">Cleans it, and says with which knowledge of its source.</param>
    /// <param name="stored">The result as it is stored, where that is known already.</param>
    /// <exception cref="LedgerException">The ledger cannot be read now: the article is to be given again.</exception>
    public LaneItem Guarded(
        LaneClaim claim, Submission submission, Func<(NormalisationResult Result, SourceKnowledge Known)> clean, ReadOnlyMemory<byte>? stored = null)
    {
        try
        {
            var (result, known) = clean();
            return Of(claim, submission, result, Arrival.Stated(submission.Read.Metadata.Received), known, stored);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or LedgerException { IsPassing: true }))
        {
            return LaneItem.Failed(claim, Failure.Of(FailedStage.Normalise, e));
        }
    }

    public void Dispose() => fingerprinters.Dispose();
}

/// <summary>What became of an item of the lane. It is durable.</summary>
/// <param name="Position">Of its decision; the start where there is none because it failed.</param>
/// <param name="Known">It had its outcome before; nothing was decided now.</param>
/// <param name="Decision">The decision just made; null for a known, failed or rejected one.</param>
sealed record LaneOutcome(ArticleNumber Article, LogPosition Position, bool Known, Decision? Decision, Failure? Failure = null);
