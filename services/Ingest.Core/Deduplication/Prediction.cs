using Ingest.Core.Deduplication.Alignment;
using Ingest.Core.Deduplication.Window;

namespace Ingest.Core.Deduplication;

/// <summary>
/// The stories with which an article would be compared if it were decided now, as the window has them: nothing of it changes, and the
/// comparison needs no window any more.
/// </summary>
public sealed class Nominated
{
    /// <param name="exact">Those with an article of the same words, the nearest first: the story, and that article.</param>
    /// <param name="ranked">Those with shingles of it, the most first.</param>
    /// <param name="common">The same of its common shingles, where most are common.</param>
    internal Nominated(int words, IReadOnlyList<Nominee> exact, IReadOnlyList<Nominee> ranked, IReadOnlyList<Nominee> common) =>
        (Words, Exact, Ranked, Common) = (words, exact, ranked, common);

    internal int Words { get; }

    internal IReadOnlyList<Nominee> Exact { get; }

    internal IReadOnlyList<Nominee> Ranked { get; }

    internal IReadOnlyList<Nominee> Common { get; }
}

/// <summary>A story that an article was compared with.</summary>
/// <param name="Story">The number of its first article.</param>
/// <param name="Canonical">The number of its canonical article.</param>
/// <param name="Version">How many canonical articles it has had.</param>
/// <param name="Article">The number of the article that the comparison is with: the one that would be matched, else the nearest of those compared.</param>
/// <param name="Match">Why the article could join it; null where it could not.</param>
public sealed record NearStory(long Story, long Canonical, int Version, long Article, Similarity Similarity, Match? Match);

/// <summary>What would be decided about an article.</summary>
/// <param name="Joins">The story that it would join; null for one of its own.</param>
/// <param name="IsBetter">It would take the canonical's place.</param>
/// <param name="Near">All stories that it was compared with: the one that it would join, then the most similar first.</param>
public sealed record Prediction(NearStory? Joins, bool IsBetter, IReadOnlyList<NearStory> Near);

/// <summary>
/// Says what a <see cref="Deduplicator"/> with the same options would decide about an article, by the same comparisons, and without it. For
/// one thread.
/// </summary>
/// <param name="read">Gives an earlier article by its number.</param>
public sealed class Predictor(DeduplicationOptions options, Func<long, StoryArticle> read)
{
    readonly Verifier verifier = new(options, read);

    /// <param name="nominated">By <see cref="Deduplicator.Nominate"/>.</param>
    public Prediction Of(StoryArticle article, Nominated nominated)
    {
        ArgumentNullException.ThrowIfNull(nominated);
        verifier.Begin(article);
        var near = new List<NearStory>();
        var joining = Exact(nominated) ?? verifier.Best(nominated.Ranked, near) ?? verifier.Best(nominated.Common, near);
        var joins = joining is { Story: var story, Match: var match } ? Near(story, match) : null;
        return new Prediction(joins, joining?.IsBetter == true,
        [
            .. joins is null ? Array.Empty<NearStory>() : [joins],
            .. near.Where(n => n.Story != joins?.Story).OrderByDescending(n => n.Similarity.Score).DistinctBy(n => n.Story),
        ]);
    }

    Joining? Exact(Nominated nominated)
    {
        foreach (var nominee in nominated.Exact)
            if (verifier.Exact(nominee, nominated.Words) is { } joining)
                return joining;
        return null;
    }

    static NearStory Near(in Nominee nominee, Match match) =>
        new(nominee.First, nominee.Canonical, nominee.Version, match.Article, match.Similarity, match);
}
