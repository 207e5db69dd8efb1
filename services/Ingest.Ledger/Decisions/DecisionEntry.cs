namespace Ingest.Ledger.Decisions;

/// <summary>One entry of the log of decisions.</summary>
/// <param name="Position">Its place in the log, from 1, without gaps.</param>
/// <param name="Article">Number of the article in the order of acceptance.</param>
/// <param name="Place">Its place in its story; null for a rejected article.</param>
/// <param name="Rejection">The reason; null for an article that has a story.</param>
/// <param name="Arrival">When the article arrived, which decides when it leaves the window.</param>
/// <param name="Normaliser">Version of the rules that cleaned it.</param>
public sealed record DecisionEntry(
    long Position, long Article, DateTimeOffset Decided, DecidedPlace? Place, string? Rejection, DateTimeOffset Arrival, string Normaliser,
    string? Headline, string? Agency, string? Publisher);

/// <summary>An article's place in its story, by the numbers that count the articles with a story.</summary>
/// <param name="Story">Number of the story's first article.</param>
/// <param name="Canonical">Number of its canonical after this decision.</param>
/// <param name="Join">Why it joined; null for a story's first article.</param>
public sealed record DecidedPlace(long Number, long Story, long Canonical, int Version, DecidedJoin? Join);

/// <param name="Relation">As in the contract.</param>
/// <param name="Matched">Number of the earlier article that it matched.</param>
/// <param name="Changes">For a revision, what reads otherwise: before and after.</param>
public sealed record DecidedJoin(string Relation, long Matched, double Resemblance, double Containment, IReadOnlyList<(string Before, string After)> Changes);
