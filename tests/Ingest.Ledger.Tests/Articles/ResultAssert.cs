using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using Ingest.Core.Normalisation;
using Ingest.Ledger.Articles;

namespace Ingest.Ledger.Tests.Articles;

/// <summary>Round trips, compared field by field.</summary>
static class ResultAssert
{
    static readonly Normaliser Normaliser = new();

    public static NormalisationResult Normalised(string text) => Normaliser.Normalise(new ArticleText(text));

    /// <summary>What is read is what was written, by both readers. Returns the blob.</summary>
    public static byte[] RoundTrips(NormalisationResult result, string text)
    {
        var stored = StoredResult.Write(result, text);
        var read = StoredResult.Read(stored, text);
        Same(result, read);
        Assert.Equal(result.Normaliser, read.Normaliser);
        if (result.Article is { } article)
            Assert.Equal(StoryArticle.Of(article, DateTimeOffset.UnixEpoch), StoredResult.ReadStoryArticle(stored, text, DateTimeOffset.UnixEpoch));
        else
            Assert.Throws<InvalidOperationException>(() => StoredResult.ReadStoryArticle(stored, text, DateTimeOffset.UnixEpoch));
        return stored;
    }

    public static void Same(NormalisationResult expected, NormalisationResult actual)
    {
        Assert.Equal(expected.Normaliser, actual.Normaliser);
        Assert.Equal(expected.Rejection, actual.Rejection);
        Assert.Equal(expected.Blocks.AsEnumerable(), actual.Blocks);
        Assert.Equal(expected.Notes.AsEnumerable(), actual.Notes);
        Assert.Equal(expected.Article is null, actual.Article is null);
        if (expected.Article is null)
            return;
        // Every property, also one that is added later; lists by their items.
        foreach (var property in typeof(Article).GetProperties())
        {
            var (before, after) = (property.GetValue(expected.Article), property.GetValue(actual.Article));
            if (before is System.Collections.IEnumerable list and not string)
                Assert.Equal(list.Cast<object>(), ((System.Collections.IEnumerable)after!).Cast<object>());
            else
                Assert.Equal(before, after);
        }
    }
}
