using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger.Articles;

namespace Ingest.Ledger.Decisions;

/// <summary>
/// An entry of the log with what is told of it: the article, what the normaliser made of it, and the ids behind the numbers.
/// </summary>
/// <param name="ArticleId">Ours.</param>
/// <param name="Id">The submitter's.</param>
/// <param name="Clock">The log's clock at the decision, to the second; null for a rejected article.</param>
/// <param name="Text">What was submitted and what the normaliser made of it; null where it was not asked for.</param>
/// <param name="Story">Our id of the story's first article, which is the story's; null for a rejected one, as are the next two.</param>
/// <param name="Canonical">Our id of the story's canonical article after this decision.</param>
/// <param name="Matched">Our id of the earlier article that it matched; null for a story's first.</param>
/// <param name="Previous">Where it became the canonical of an older story: our id of the one before.</param>
public sealed record LogEntry(
    DecisionEntry Decision, Guid ArticleId, string Id, string? Feed, DateTimeOffset Accepted,
    DateTimeOffset? Clock, LoggedText? Text, Guid? Story, Guid? Canonical, Guid? Matched, Guid? Previous)
{
    /// <summary>What was submitted is no longer kept, nor what was made of it: see <see cref="Retention"/>. Reading either fails.</summary>
    public bool IsGone { get; init; }

    /// <summary>About what it takes, for those who read many.</summary>
    public long Bytes => 200 + (Text?.Bytes ?? 0) + 2L * (Id.Length + (Feed?.Length ?? 0) + Decision.Characters);
}

/// <summary>
/// What was submitted and what the normaliser made of it. A damaged row is found when it is looked at, so that it stops no other.
/// </summary>
/// <param name="submission">Reads it.</param>
/// <param name="bytes">What the content takes.</param>
/// <param name="stored">In the form of <see cref="StoredResult"/>.</param>
/// <param name="isArticle">
/// False where it was rejected: a record that was rejected for another field has a text, which its result does not lean on.
/// </param>
public sealed class LoggedText(Func<Submission> submission, long bytes, byte[] stored, bool isArticle)
{
    readonly Lazy<Submission> read = new(submission);

    public long Bytes => bytes;

    public ReadOnlyMemory<byte> Stored => stored;

    /// <summary>Whether another holds the same result, in whichever of its forms it is stored.</summary>
    /// <exception cref="StoredResultException">Either cannot be unpacked.</exception>
    public bool HasResultOf(LoggedText other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return StoredResult.Whole(stored).SequenceEqual(StoredResult.Whole(other.Stored.Span));
    }

    /// <exception cref="NoLongerKeptException">It is no longer kept.</exception>
    /// <exception cref="StoredResultException">The ledger's row is damaged.</exception>
    public Submission Submission => read.Value;

    /// <exception cref="StoredResultException">The result cannot be read.</exception>
    public NormalisationResult Result() => StoredResult.Read(stored, isArticle ? RawReader.Text(Submission.Raw) : Submission.Read.Text);
}
