using Ingest.Core.Deduplication;
using Ingest.Ledger;
using Ingest.Ledger.Decisions;
using Contract = Ingest.Contracts.V1;

namespace Ingest.Service.Outcomes;

/// <summary>Places in stories, from the core's decision to the ledger's entry to the words of the contract.</summary>
static class StoryPlaces
{
    public static DecidedPlace Of(Decision decision) => new(
        new StoryNumber(decision.Number), new StoryNumber(decision.Story), new StoryNumber(decision.Canonical), decision.Version,
        Join(decision.Match));

    /// <summary>The place that an article would have; it has no number yet, and none stands for it.</summary>
    /// <param name="isBetter">It would be the canonical.</param>
    public static DecidedPlace Of(NearStory joins, bool isBetter) => new(
        default, new StoryNumber(joins.Story), isBetter ? default : new StoryNumber(joins.Canonical), isBetter ? joins.Version + 1 : joins.Version,
        Join(joins.Match));

    static DecidedJoin? Join(Match? match) => match is null
        ? null
        : new DecidedJoin(
            match.Relation, new StoryNumber(match.Article),
            OutcomeMapper.Rounded(match.Similarity.Resemblance), OutcomeMapper.Rounded(match.Similarity.Containment),
            [.. match.Changes.Select(c => (c.Before, c.After))]);

    /// <summary>How things stood at the decision about an article.</summary>
    /// <param name="story">Our id of its story.</param>
    /// <param name="own">The names of the article itself: most are the canonical of their own story.</param>
    /// <param name="named">Gives the names of the article with a number.</param>
    public static Contract.Story ToContract(Guid story, DecidedPlace place, ArticleName own, Func<StoryNumber, ArticleName> named)
    {
        var canonical = place.Canonical == place.Number ? own : named(place.Canonical);
        var matched = place.Join is { } join ? named(join.Matched) : (ArticleName?)null;
        return new Contract.Story(
            story,
            canonical.Id,
            place.Version,
            place.Join is null ? null : OutcomeMapper.Word(place.Join.Relation),
            place.Join?.Resemblance,
            place.Join?.Containment,
            matched?.Id,
            [.. (place.Join?.Changes ?? []).Select(c => new Contract.Change(c.Before, c.After))])
        {
            CanonicalArticleId = canonical.ArticleId,
            MatchedArticleId = matched?.ArticleId,
        };
    }
}
