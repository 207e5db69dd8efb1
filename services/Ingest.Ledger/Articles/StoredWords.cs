using Ingest.Core.Articles;
using Ingest.Core.Deduplication;

namespace Ingest.Ledger.Articles;

/// <summary>Where handling an article failed.</summary>
public enum FailedStage
{
    Normalise,
    Deduplicate,
}

/// <summary>What is told of a decision.</summary>
public enum EventType
{
    Published,
    Revised,
    Duplicate,
    Rejected,

    /// <summary>Nothing can be told, because what the ledger holds of the article is damaged.</summary>
    Damaged,
}

/// <summary>
/// The words that stand for relations, rejections, stages, forms, events, causes and verdicts in the ledger. What is stored stays for years:
/// only append here, never change or remove. They happen to be those of the contract today; neither follows the other.
/// </summary>
public static class StoredWords
{
    internal static readonly Words<ArticleForm> Forms = new((ArticleForm.Text, "text"), (ArticleForm.Record, "record"), (ArticleForm.Html, "html"));

    internal static readonly Words<Relation> Relations = new(
        (Relation.Exact, "exact"), (Relation.Near, "near"), (Relation.Excerpt, "excerpt"),
        (Relation.Expanded, "expanded"), (Relation.Revision, "revision"));

    internal static readonly Words<RejectionReason> Rejections = new(
        (RejectionReason.Empty, "empty"), (RejectionReason.TooLarge, "too-large"), (RejectionReason.Binary, "binary"),
        (RejectionReason.NoBody, "no-body"), (RejectionReason.TimeBudgetExceeded, "time-budget-exceeded"),
        (RejectionReason.MalformedRecord, "malformed-record"), (RejectionReason.Discarded, "discarded"),
        (RejectionReason.NotAnArticle, "not-an-article"));

    internal static readonly Words<FailedStage> Stages = new(
        (FailedStage.Normalise, "normalise"), (FailedStage.Deduplicate, "deduplicate"));

    internal static readonly Words<EventType> Events = new(
        (EventType.Published, "CanonicalArticlePublished"), (EventType.Revised, "CanonicalArticleRevised"),
        (EventType.Duplicate, "DuplicateDetected"), (EventType.Rejected, "ArticleRejected"), (EventType.Damaged, "damaged"));

    internal static readonly Words<UnsentCause> Causes = new(
        (UnsentCause.Unroutable, "unroutable"), (UnsentCause.Refused, "refused"), (UnsentCause.TooLarge, "too-large"),
        (UnsentCause.Damaged, "damaged"));

    internal static readonly Words<Verdict> Verdicts = new(
        (Verdict.Keep, "keep"), (Verdict.Remove, "remove"), (Verdict.Learnt, "learnt"), (Verdict.Withdrawn, "withdrawn"));
}

/// <summary>Values and their words, both ways.</summary>
sealed class Words<T>(params (T Value, string Word)[] words) where T : struct, Enum
{
    public IReadOnlyList<(T Value, string Word)> All => words;

    /// <exception cref="ArgumentOutOfRangeException">The list lacks the value: a new member of an enum is to be appended.</exception>
    public string Of(T value)
    {
        foreach (var (known, word) in words)
            if (EqualityComparer<T>.Default.Equals(known, value))
                return word;
        throw new ArgumentOutOfRangeException(nameof(value), value, $"{typeof(T).Name} {value} has no word in the ledger. Append it to {nameof(StoredWords)}.");
    }

    /// <exception cref="StoredResultException">The ledger has a word that this program does not know.</exception>
    public T Read(string word)
    {
        foreach (var (value, known) in words)
            if (known == word)
                return value;
        throw new StoredResultException($"The ledger says '{word}' where this program knows {string.Join(", ", words.Select(w => w.Word))}: a newer version of Ingest wrote it, or the row is damaged.");
    }
}
