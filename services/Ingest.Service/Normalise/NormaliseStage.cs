using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using Ingest.Core.Deduplication.Fingerprints;
using Ingest.Core.Normalisation;
using Ingest.Ledger.Articles;
using Ingest.Service.Accept;
using Ingest.Service.Deduplicate;

namespace Ingest.Service.Normalise;

/// <summary>The stage that cleans: from a raw article to what the lane needs for its decision. Pure; runs on any number of threads.</summary>
sealed class NormaliseStage : IDisposable
{
    readonly Normaliser normaliser;
    readonly ThreadLocal<Fingerprinter> fingerprinters;

    public NormaliseStage(NormaliserOptions options, DeduplicationOptions deduplication)
    {
        normaliser = new Normaliser(options, TimeProvider.System);
        fingerprinters = new ThreadLocal<Fingerprinter>(() => new Fingerprinter(deduplication));
    }

    /// <summary>An article that is not in the ledger yet.</summary>
    public LaneItem Normalise(Submission submission) => Guarded(submission.Article, 0, () =>
        Item(submission.Article, 0, submission.Raw, submission.Rejection is { } rejection ? new NormalisationResult(null, rejection, [], submission.Raw.Notes) : normaliser.Normalise(submission.Raw), submission.Article.Accepted));

    /// <summary>An article of the ledger.</summary>
    public LaneItem Normalise(AcceptedArticle article) => Guarded(null, article.Article, () =>
    {
        var raw = StoredMetadata.Read(article.Submitted, article.Text, article.Metadata);
        return Item(null, article.Article, raw, normaliser.Normalise(raw), article.Accepted);
    });

    /// <summary>An article of the ledger that another process has cleaned.</summary>
    /// <exception cref="StoredResultException">The result cannot be read.</exception>
    public LaneItem Cleaned(AcceptedArticle article, byte[] result) => Guarded(null, article.Article, () =>
    {
        var raw = StoredMetadata.Read(article.Submitted, article.Text, article.Metadata);
        return Item(null, article.Article, raw, StoredResult.Read(result, article.Text), article.Accepted, result);
    });

    public void Dispose() => fingerprinters.Dispose();

    LaneItem Item(NewArticle? article, long number, RawArticle raw, NormalisationResult result, DateTimeOffset accepted, byte[]? stored = null)
    {
        var candidate = Candidate.Of(result.Article, Stories.Arrival(raw, accepted, accepted), fingerprinters.Value!);
        return new LaneItem(article, number, stored ?? StoredResult.Write(result, raw.Text), candidate, result.Rejection?.Reason);
    }

    /// <summary>A fault in cleaning is the article's own: it disturbs no other, and is kept with the article.</summary>
    static LaneItem Guarded(NewArticle? article, long number, Func<LaneItem> normalise)
    {
        try
        {
            return normalise();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new LaneItem(article, number, [], null, null, e);
        }
    }
}
