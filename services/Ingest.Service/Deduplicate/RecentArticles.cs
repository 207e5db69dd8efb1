using Ingest.Core.Deduplication;

namespace Ingest.Service.Deduplicate;

/// <summary>The last articles, by number: so many, and together no more than so many bytes.</summary>
/// <param name="count">A power of two.</param>
sealed class RecentArticles(int count, long mostBytes)
{
    readonly (long Number, StoryArticle? Article)[] articles = new (long, StoryArticle?)[count];

    /// <summary>Where the oldest stands, and where the next will; what lies between is what is held.</summary>
    long oldest, next;
    long bytes;

    /// <param name="number">Greater than those before.</param>
    public void Add(long number, StoryArticle article)
    {
        Remove(number & (count - 1));
        articles[number & (count - 1)] = (number, article);
        bytes += Size(article);
        if (next == 0)
            oldest = number;
        next = number + 1;
        oldest = Math.Max(oldest, next - count);
        // The one just added stays whatever its size: it is what the next is most likely compared with.
        for (; bytes > mostBytes && oldest < number; oldest++)
            Remove(oldest & (count - 1));
    }

    public StoryArticle? Find(long number) => articles[number & (count - 1)] is var (held, article) && held == number ? article : null;

    public void Clear()
    {
        Array.Clear(articles);
        (oldest, next, bytes) = (0, 0, 0);
    }

    void Remove(long at)
    {
        if (articles[at].Article is { } article)
            bytes -= Size(article);
        articles[at] = default;
    }

    static long Size(StoryArticle article) => 200 + (long)sizeof(char) * (article.Body.Length + (article.Headline?.Length ?? 0));
}
