using Ingest.Core.Deduplication;
using Ingest.Service.Deduplicate;

namespace Ingest.Service.Tests.Deduplicate;

public sealed class RecentArticlesTests
{
    [Fact]
    public void The_last_are_kept_as_far_as_count_and_bytes_reach()
    {
        var recent = new RecentArticles(8, mostBytes: 10_000);
        for (var number = 5L; number <= 25; number++)
            recent.Add(number, Article(10));
        Assert.Equal(Enumerable.Range(18, 8).Select(n => (long)n), Enumerable.Range(0, 40).Select(n => (long)n).Where(n => recent.Find(n) is not null));
        // 8,200 bytes: there is room for little beside it.
        recent.Add(26, Article(4000));
        Assert.NotNull(recent.Find(26));
        Assert.NotNull(recent.Find(25));
        Assert.Null(recent.Find(18));
        recent.Add(27, Article(6000));
        Assert.Equal([27L], Enumerable.Range(0, 40).Select(n => (long)n).Where(n => recent.Find(n) is not null));
        recent.Add(28, Article(10));
        Assert.Equal([28L], Enumerable.Range(0, 40).Select(n => (long)n).Where(n => recent.Find(n) is not null));
        recent.Clear();
        recent.Add(3, Article(10));
        Assert.NotNull(recent.Find(3));
    }

    static StoryArticle Article(int characters) => new(new string('a', characters), DateTimeOffset.UnixEpoch);
}
