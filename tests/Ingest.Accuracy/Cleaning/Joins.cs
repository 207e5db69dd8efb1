using Ingest.Core.Articles;
using Ingest.Core.Deduplication;

namespace Ingest.Accuracy.Cleaning;

/// <summary>
/// Which articles of the sites are joined with which, and whether their true bodies are copies: furniture that stays joins strangers.
/// </summary>
static class Joins
{
    /// <summary>True bodies that share so many of the shorter one's runs of three words are copies.</summary>
    const double Copies = 0.3;

    public static (int All, int Wrong) Of(CleaningSet set, NormalisationResult?[] results)
    {
        var articles = new List<(int Index, StoryArticle Story)>();
        var deduplicator = new Deduplicator(new DeduplicationOptions(), n => articles[(int)n - 1].Story);
        int all = 0, wrong = 0;
        for (var i = 0; i < results.Length; i++)
        {
            if (set.Articles[i].Set != CleaningData.Sites || results[i]?.Article is not { } article)
                continue;
            articles.Add((i, StoryArticle.Of(article, DateTimeOffset.UnixEpoch)));
            var decision = deduplicator.Decide(articles[^1].Story, DateTimeOffset.UnixEpoch);
            if (decision.Match is not { } match)
                continue;
            all++;
            wrong += Contained(set.GoldWords[i], set.GoldWords[articles[(int)match.Article - 1].Index]) < Copies ? 1 : 0;
        }

        return (all, wrong);
    }

    static double Contained(int[] one, int[] other)
    {
        var (first, second) = (Runs(one), Runs(other));
        return (double)first.Count(second.Contains) / Math.Max(1, Math.Min(first.Count, second.Count));
    }

    static HashSet<(int, int, int)> Runs(int[] words) =>
        [.. Enumerable.Range(0, Math.Max(0, words.Length - 2)).Select(i => (words[i], words[i + 1], words[i + 2]))];
}
