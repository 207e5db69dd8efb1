using System.Runtime.InteropServices;

namespace Ingest.Core.Deduplication.Window;

/// <summary>
/// A story that shares sampled shingles with an article, and the two of its articles through which most of them were found.
/// </summary>
internal readonly record struct Nomination(int Story, int Votes, uint Article, uint? Second);

/// <summary>The votes of an article's sampled shingles for the stories that have them. A buffer, to be filled again.</summary>
internal sealed class Nominations(StoryWindow window)
{
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
