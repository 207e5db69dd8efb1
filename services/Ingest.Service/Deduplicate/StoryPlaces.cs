using Ingest.Core.Deduplication;
using Ingest.Ledger.Decisions;
using Ingest.Service.Normalise;
using Contract = Ingest.Contracts.V1;

namespace Ingest.Service.Deduplicate;

/// <summary>Places in stories, from the core's decision to the ledger's entry to the words of the contract.</summary>
static class StoryPlaces
{
    public static DecidedPlace Of(Decision decision) => new(decision.Number, decision.Story, decision.Canonical, decision.Version, decision.Match is not { } match
        ? null
        : new DecidedJoin(OutcomeMapper.Name(match.Relation), match.Article, OutcomeMapper.Rounded(match.Similarity.Resemblance), OutcomeMapper.Rounded(match.Similarity.Containment), [.. match.Changes.Select(c => (c.Before, c.After))]));

    /// <summary>How things stood at the decision about an article, by submitters' ids.</summary>
    /// <param name="story">Id of its story.</param>
    /// <param name="submitted">Its own submitter's id: most articles are the canonical of their own story.</param>
    /// <param name="named">Gives the submitter's id of the article with a number.</param>
    public static Contract.Story ToContract(Guid story, DecidedPlace place, string submitted, Func<long, string> named) => new(
        story,
        place.Canonical == place.Number ? submitted : named(place.Canonical),
        place.Version,
        place.Join?.Relation,
        place.Join?.Resemblance,
        place.Join?.Containment,
        place.Join is null ? null : named(place.Join.Matched),
        [.. (place.Join?.Changes ?? []).Select(c => new Contract.Change(c.Before, c.After))]);
}
