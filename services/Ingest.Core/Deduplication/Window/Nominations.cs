using System.Runtime.InteropServices;
using Ingest.Core.Deduplication.Fingerprints;

namespace Ingest.Core.Deduplication.Window;

/// <summary>
/// A story that shares sampled shingles with an article, and the two of its articles through which most of them were found.
/// </summary>
internal readonly record struct Nomination(int Story, int Votes, uint Article, uint? Second);

/// <summary>A story to compare an article with, as the window has it now.</summary>
/// <param name="Slot">In the window.</param>
/// <param name="Nearness">See <see cref="StoryWindow.Nearness"/>.</param>
/// <param name="Members">
/// Its articles to compare with, each once, and the articles between it and the canonical: the canonical first, then those through which the
/// story was found, and its first.
/// </param>
internal readonly record struct Nominee(
    int Slot, long First, long Canonical, int Version, (uint Seconds, long First) Nearness, IReadOnlyList<(long Number, int Hops)> Members);

/// <summary>The votes of an article's sampled shingles for the stories that have them. A buffer, to be filled again.</summary>
internal sealed class Nominations(StoryWindow window)
{
    /// <summary>A story is a candidate if it has this share of the sampled shingles that it could have.</summary>
    const double Enough = 0.12;

    /// <summary>A vote: the slot of the story in the upper half, the article in the lower, so that sorting groups them.</summary>
    readonly List<ulong> votes = [];
    readonly List<Nomination> stories = [];

    public bool IsEmpty => votes.Count == 0;

    public void Clear() => votes.Clear();

    public void Vote(int story, uint article) => votes.Add((ulong)(uint)story << 32 | article);

    /// <summary>
    /// The stories, the most votes first; of equal ones the nearest. Slots say nothing: after a restart a story has another one.
    /// </summary>
    /// <param name="arrival">Of the article, in seconds since 1970.</param>
    public ReadOnlySpan<Nomination> Ranked(uint arrival)
    {
        stories.Clear();
        var sorted = CollectionsMarshal.AsSpan(votes);
        sorted.Sort();
        while (!sorted.IsEmpty)
        {
            var story = sorted[0] >> 32;
            var length = 1;
            while (length < sorted.Length && sorted[length] >> 32 == story)
                length++;
            stories.Add(Count((int)story, sorted[..length]));
            sorted = sorted[length..];
        }

        stories.Sort((x, y) =>
            x.Votes != y.Votes
                ? y.Votes.CompareTo(x.Votes)
                : window.Nearness(x.Story, arrival).CompareTo(window.Nearness(y.Story, arrival)));
        return CollectionsMarshal.AsSpan(stories);
    }

    /// <summary>The stories of which enough of the sampled shingles voted to be compared, the most votes first; of equal ones the nearest.</summary>
    /// <param name="arrival">Of the article, in seconds since 1970.</param>
    /// <param name="most">Stories at most.</param>
    public List<Nominee> Nominees(Fingerprint fingerprint, uint arrival, int most)
    {
        var nominees = new List<Nominee>();
        foreach (var nomination in Ranked(arrival))
        {
            if (nomination.Votes < Enough * Possible(fingerprint, window.Article(nomination.Article)))
                continue;
            if (nominees.Count == most)
                break;
            nominees.Add(Nominee(nomination.Story, arrival, nomination.Article, nomination.Second));
        }

        return nominees;
    }

    /// <summary>A story as it is compared.</summary>
    /// <param name="article">One of it in the window, and perhaps another.</param>
    public Nominee Nominee(int slot, uint arrival, uint article, uint? other = null)
    {
        ref var story = ref window.Story(slot);
        var members = new List<(long Number, int Hops)>(4) { (story.Canonical, 0) };
        Add(window.Number(article));
        if (other is { } second)
            Add(window.Number(second));
        Add(story.First);
        return new Nominee(slot, story.First, story.Canonical, story.Version, window.Nearness(slot, arrival), members);

        void Add(long number)
        {
            if (!members.Exists(m => m.Number == number))
                members.Add((number, number < window.Oldest ? 1 : window.Article((uint)number).Hops + 1));
        }
    }

    /// <summary>How many sampled shingles the two could share at most, by the coarser of their samples.</summary>
    static double Possible(Fingerprint fingerprint, in ArticleRecord earlier) => Math.Max(1, Math.Min(
        fingerprint.Hashes.Length >> Math.Max(0, earlier.Thinning - fingerprint.Thinning),
        earlier.Sampled >> Math.Max(0, fingerprint.Thinning - earlier.Thinning)));

    static Nomination Count(int story, ReadOnlySpan<ulong> sorted)
    {
        (uint Article, int Votes) first = default, second = default;
        for (var i = 0; i < sorted.Length;)
        {
            var run = i;
            while (i < sorted.Length && sorted[i] == sorted[run])
                i++;
            var one = ((uint)sorted[run], i - run);
            if (one.Item2 > first.Votes)
                (second, first) = (first, one);
            else if (one.Item2 > second.Votes)
                second = one;
        }

        return new Nomination(story, sorted.Length, first.Article, second.Votes > 0 ? second.Article : null);
    }
}
