using Ingest.Ledger;
using Ingest.Ledger.Decisions;
using Contract = Ingest.Contracts.V1;

namespace Ingest.Service.Deduplicate;

/// <summary>Places in stories, from the log to the words of the contract.</summary>
static class StoryPlaces
{
    /// <summary>How things stood at the decision about an article that has a story, by submitters' ids.</summary>
    /// <param name="name">Gives the ids of the article with a number.</param>
    public static Contract.Story Of(LogEntry entry, Func<long, ArticleName> name)
    {
        var place = entry.Decision.Place!;
        return new Contract.Story(
            entry.Story!.Value,
            place.Canonical == place.Number ? entry.Submitted : name(place.Canonical).Submitted,
            place.Version,
            place.Join?.Relation,
            place.Join?.Resemblance,
            place.Join?.Containment,
            place.Join is null ? null : name(place.Join.Matched).Submitted,
            [.. (place.Join?.Changes ?? []).Select(c => new Contract.Change(c.Before, c.After))]);
    }
}
