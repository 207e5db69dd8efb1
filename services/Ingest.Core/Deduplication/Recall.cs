using Ingest.Core.Deduplication.Window;

namespace Ingest.Core.Deduplication;

/// <summary>
/// Puts articles that were decided before, or by another process, into the window. Their records go in at once; their postings are
/// gathered and posted shard by shard, millions at a time, because a million articles have a hundred million and each in its turn would
/// miss the caches and move many others.
/// </summary>
/// <remarks>
/// Why the window is then what deciding would have left. A shingle's living postings are a set: of each story that posted it, the latest
/// article that did, if that is in the window. It depends neither on the order of the postings (a shingle's articles are voted for or asked
/// for the oldest story, never taken in turn), nor on when those of expired articles are dropped (none finds them), nor on where among the
/// later ones an article is posted (a story's articles still come in their order). No more than the limit of a look-up are ever alive: what
/// has as many is not posted. Slots of stories differ, but nothing is decided by them. The same holds for 32 bits that two shingles share.
/// </remarks>
/// <param name="found">Room for the articles of one shingle.</param>
/// <param name="most">Postings gathered at most: 16 bytes of memory each while they are sorted, given back at the end.</param>
internal sealed class Recall(StoryWindow window, uint[] found, int most)
{
    /// <summary>About 250 for each shard, each of which is laid out anew each time.</summary>
    public const int Most = 1 << 24;

    /// <summary>Fewer are posted one by one.</summary>
    const int Few = 1 << 10;

    /// <summary>One for each half of the shards: two threads.</summary>
    readonly GatheredPostings[] halves = [new(), new()];
    int count;

    /// <exception cref="ArgumentException">
    /// It is not the next article, or its record contradicts the window. Nothing has changed but that articles may have left.
    /// </exception>
    public void Take(Remembered article)
    {
        if (!article.IsSound)
            throw new ArgumentException($"The record of article {article.Number} is damaged: {article}.", nameof(article));
        if (window.IsUnused)
            window.Begin(article.Number);
        if (article.Number != window.Next)
            throw new ArgumentException(
                $"Article {article.Number} cannot be remembered: the next one is {window.Next}. Articles follow each other without gaps.",
                nameof(article));
        window.ExpireTo(article.Oldest);
        var slot = article.Story == article.Number ? window.AddStory() : window.Find(article.Story);
        if (slot < 0)
            slot = window.AddStory(article.Story);
        var number = window.Add(article.Record(slot));
        ref var story = ref window.Story(slot);
        (story.Canonical, story.Version) = (article.Canonical, article.Version);
        if (count > 0 && count + article.Posted.Length > most)
            Post();
        foreach (var bits in article.Posted)
            halves[PostingTable.HalfOf(bits)].Add(bits, number);
        count += article.Posted.Length;
    }

    /// <summary>Posts what was gathered.</summary>
    public void Post()
    {
        if (count >= Few)
            Parallel.For(0, halves.Length, half => halves[half].Merge(window, half));
        else
            foreach (var half in halves)
                foreach (var posting in half.All)
                    Post((uint)(posting >> 32), (uint)posting);
        foreach (var half in halves)
            half.Clear();
        count = 0;
    }

    void Post(uint bits, uint number)
    {
        if (!window.Contains(number))
            return;
        var (hash, oldest) = (PostingTable.HashOf(bits), (uint)window.Oldest);
        var slot = window.Article(number).Story;
        // A story's first article replaces none.
        if (window.Story(slot).First != window.Number(number))
            foreach (var having in found.AsSpan(0, window.Postings.Find(hash, oldest, found)))
                if (window.Article(having).Story == slot)
                {
                    window.Postings.Replace(hash, having, number);
                    return;
                }

        window.Postings.Add(hash, number, oldest);
    }
}
