namespace Ingest.Core.Normalisation.Sources;

/// <summary>
/// What a source is known to repeat while its articles come in: a function of its last 256 to 512 articles, so that what it stopped saying
/// is forgotten, and that the same is known again once these are learnt again. Not safe to share among threads.
/// </summary>
public sealed class SourceHistory
{
    /// <summary>A learner starts anew every so many articles, and is asked once the next one starts.</summary>
    public const int Generation = 256;

    SourceLearner asked = new();
    SourceLearner? next;

    /// <summary>A history of a source whose first articles are not known any more.</summary>
    /// <param name="articles">Articles that are passed over: <see cref="Start"/> of those that there are.</param>
    public SourceHistory(int articles = 0) => Articles = articles;

    /// <summary>Articles of the source so far.</summary>
    public int Articles { get; private set; }

    /// <summary>What is known now; made anew as the number of articles doubles, and then from time to time.</summary>
    public SourceProfile Profile { get; private set; } = SourceProfile.Unknown;

    /// <summary>The number of articles before the first that must be learnt, to know what is known after <paramref name="articles"/>.</summary>
    public static int Start(int articles) => Math.Max(0, articles / Generation - 1) * Generation;

    /// <summary>Passages that it remembers, about 60 bytes each.</summary>
    public int Passages => asked.Passages + (next?.Passages ?? 0);

    /// <summary>The last number of articles, up to this one, after which a profile was made.</summary>
    public static int Checkpoint(int articles)
    {
        while (articles > 0 && !IsCheckpoint(articles))
            articles--;
        return articles;
    }

    /// <param name="id">What evidence calls the article.</param>
    public void Learn(SourceText text, string id)
    {
        ArgumentNullException.ThrowIfNull(text);
        asked.Learn(text.Passages, id);
        next?.Learn(text.Passages, id);
        Articles++;
        if (Articles % Generation == 0)
        {
            asked = next ?? asked;
            next = new SourceLearner();
        }

        if (IsCheckpoint(Articles))
            Profile = asked.Profile(Articles);
    }

    /// <summary>1, 2, 3, 4, 6, 8, 12, 16, 24, 32, and every 32 from there: making a profile costs as much as learning some articles.</summary>
    public static bool IsCheckpoint(int articles)
    {
        if (articles >= 32)
            return articles % 32 == 0;
        return articles > 0 && (articles & (articles - 1)) == 0 || articles % 3 == 0 && (articles / 3 & (articles / 3 - 1)) == 0;
    }
}
