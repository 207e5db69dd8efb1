using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using Ingest.Core.Normalisation.Sources;

namespace Ingest.Ledger.Decisions;

/// <summary>One entry of the log of decisions.</summary>
/// <param name="Place">Its place in its story; null for a rejected article.</param>
/// <param name="Rejection">The reason; null for an article that has a story.</param>
/// <param name="Arrival">When the article arrived, by which it was compared: as its submitter says, or the log's clock.</param>
/// <param name="Normaliser">Version of the rules that cleaned it.</param>
public sealed record DecisionEntry(
    LogPosition Position, ArticleNumber Article, DateTimeOffset Decided, DecidedPlace? Place,
    RejectionReason? Rejection, DateTimeOffset Arrival,
    string Normaliser, string? Headline, string? Agency, string? Publisher)
{
    /// <summary>Null for a rejected article, for one that names no source, and for what was decided before sources were known.</summary>
    public DecidedSource? Source { get; init; }

    /// <summary>Characters of its texts.</summary>
    public int Characters => (Headline?.Length ?? 0) + (Agency?.Length ?? 0) + (Publisher?.Length ?? 0)
        + (Place?.Join?.Changes.Sum(c => c.Before.Length + c.After.Length) ?? 0);

    /// <summary>What is told of it.</summary>
    public Articles.EventType Event => Place switch
    {
        null => Articles.EventType.Rejected,
        { Join: null } => Articles.EventType.Published,
        { } place => place.Canonical == place.Number ? Articles.EventType.Revised : Articles.EventType.Duplicate,
    };
}

/// <summary>The source of an article.</summary>
/// <param name="Number">The how-many-th of the source's articles it is, from 1. The lane gives it; 0 before.</param>
/// <param name="Known">With which knowledge of the source it was cleaned.</param>
public sealed record DecidedSource(string Name, int Number, SourceKnowledge Known);

/// <summary>An article's place in its story.</summary>
/// <param name="Story">Number of the story's first article.</param>
/// <param name="Canonical">Number of its canonical after this decision.</param>
/// <param name="Join">Why it joined; null for a story's first article.</param>
public sealed record DecidedPlace(StoryNumber Number, StoryNumber Story, StoryNumber Canonical, int Version, DecidedJoin? Join);

/// <param name="Matched">Number of the earlier article that it matched.</param>
/// <param name="Changes">For a revision, what reads otherwise: before and after.</param>
public sealed record DecidedJoin(
    Relation Relation, StoryNumber Matched, double Resemblance, double Containment, IReadOnlyList<(string Before, string After)> Changes);
