using Ingest.Core.Deduplication;

namespace Ingest.Service.Deduplicate;

/// <summary>The last so many articles, by number.</summary>
/// <param name="count">A power of two.</param>
sealed class RecentArticles(int count)
{
    readonly (long Number, StoryArticle? Article)[] articles = new (long, StoryArticle?)[count];

    public void Add(long number, StoryArticle article) => articles[number & (count - 1)] = (number, article);

    public StoryArticle? Find(long number) => articles[number & (count - 1)] is var (held, article) && held == number ? article : null;

    public void Clear() => Array.Clear(articles);
}
