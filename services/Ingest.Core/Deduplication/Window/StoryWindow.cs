using System.Runtime.CompilerServices;
using Ingest.Core.Deduplication.Fingerprints;

namespace Ingest.Core.Deduplication.Window;

/// <summary>
/// What is remembered of the articles of the window, in memory: their postings, a record each, and their stories. Articles are numbered
/// from 1 in the order of their decisions. In the postings they have the low 32 bits of that number: a window holds less than 2^31.
/// </summary>
internal sealed class StoryWindow
{
    const int ChunkBits = 12;

    /// <summary>A window of fewer articles is swept as if it had as many: its postings are few.</summary>
    const int SmallWindow = 1 << 12;

    /// <summary>Chunks of records, each for 4,096 numbers in a row; a ring, whose length is a power of two.</summary>
    ArticleRecord[]?[] chunks = new ArticleRecord[4][];
    StoryRecord[] stories = new StoryRecord[64];
    int storiesUsed, freeStory = -1, sweptTo;

    /// <summary>The slots of the living stories whose first article has left, by its number.</summary>
    readonly Dictionary<long, int> withoutFirst = [];

    /// <summary>
    /// The number of the oldest article that is not forgotten: <see cref="Oldest"/>, except while an article is being decided.
    /// </summary>
    long kept = 1;
    double sweepsOwed;
    long chunkCount;

    public PostingTable Postings { get; } = new();

    /// <summary>The number of the oldest article in the window.</summary>
    public long Oldest { get; private set; } = 1;

    /// <summary>The number that the next article gets.</summary>
    public long Next { get; private set; } = 1;

    public int Count => (int)(Next - Oldest);

    /// <summary>Bytes in memory, everything included.</summary>
    public long Bytes => Postings.Bytes + chunkCount * (Unsafe.SizeOf<ArticleRecord>() << ChunkBits)
        + (long)stories.Length * Unsafe.SizeOf<StoryRecord>() + chunks.Length * 8L
        + withoutFirst.Capacity * 28L;

    /// <summary>The log's clock at the last article's decision; 0 before the first.</summary>
    public uint Clock { get; private set; }

    /// <summary>No article was ever added.</summary>
    public bool IsUnused => Next == 1;

    public bool Contains(uint article) => article - (uint)Oldest < (uint)Count;

    /// <summary>The whole number of an article in the window.</summary>
    public long Number(uint article) => Oldest + (article - (uint)Oldest);

    public ref ArticleRecord Article(uint article) =>
        ref chunks[(article >> ChunkBits) & (chunks.Length - 1)]![article & ((1 << ChunkBits) - 1)];

    public ref StoryRecord Story(int story) => ref stories[story];

    /// <summary>
    /// Where several stories match an article equally well, it joins the one with the least: that whose latest arrival is nearest to its
    /// own, of equally near ones the oldest. So the copies of a live story stay together, although an archive may bring others that
    /// arrived long before, whose stories creep up to it copy by copy: they never pass it.
    /// </summary>
    public (uint Seconds, long First) Nearness(int story, uint arrival)
    {
        var latest = stories[story].Arrival;
        return (Math.Max(latest, arrival) - Math.Min(latest, arrival), stories[story].First);
    }

    /// <summary>Lets an unused window begin with a later number than 1.</summary>
    public void Begin(long number) => (kept, Oldest, Next) = (number, number, number);

    /// <summary>The slot of a story that has an article in the window, by the number of its first; -1 for none.</summary>
    /// <exception cref="ArgumentException">The article of that number is in the window, and is not the first of a story.</exception>
    public int Find(long first)
    {
        if (first < Oldest)
            return withoutFirst.GetValueOrDefault(first, -1);
        var slot = Article((uint)first).Story;
        return stories[slot].First == first
            ? slot
            : throw new ArgumentException($"There is no story {first}: that article is of story {stories[slot].First}.", nameof(first));
    }

    /// <summary>Opens a story whose first article is the next one to be added, and returns its slot.</summary>
    public int AddStory() => AddStory(Next);

    /// <summary>The same for a story whose first article may have left the window before it began.</summary>
    public int AddStory(long first)
    {
        var story = freeStory;
        if (story >= 0)
            freeStory = stories[story].Members;
        else
        {
            if (storiesUsed == stories.Length)
                Array.Resize(ref stories, stories.Length + stories.Length / 8 + 64);
            story = storiesUsed++;
        }

        stories[story] = new StoryRecord { First = first, Canonical = first, Version = 1 };
        if (first < Oldest)
            withoutFirst.Add(first, story);
        return story;
    }

    /// <summary>Takes the next article in, without its postings, and returns its number.</summary>
    public uint Add(int story, Fingerprint fingerprint, uint arrival, uint clock, int hops) => Add(new ArticleRecord
    {
        TextHash = fingerprint.TextHash,
        Arrival = arrival,
        Clock = clock,
        Story = story,
        Sampled = (ushort)fingerprint.Hashes.Length,
        Thinning = (byte)fingerprint.Thinning,
        Hops = (byte)hops,
    });

    public uint Add(in ArticleRecord record)
    {
        var number = (uint)Next;
        var at = (number >> ChunkBits) & (chunks.Length - 1);
        if (chunks[at] is null || (number & ((1 << ChunkBits) - 1)) == 0)
        {
            if (chunks[at] is not null)
                GrowRing();
            chunks[(number >> ChunkBits) & (chunks.Length - 1)] = new ArticleRecord[1 << ChunkBits];
            chunkCount++;
        }

        Next++;
        Article(number) = record;
        Clock = Math.Max(Clock, record.Clock);
        ref var story = ref stories[record.Story];
        (story.Members, story.Arrival) = (story.Members + 1, record.Arrival);
        return number;
    }

    /// <summary>
    /// Forgets the articles decided before a moment of the log's clock (seconds since 1970), and the oldest beyond a number.
    /// </summary>
    public void Expire(uint before, int atMost)
    {
        Hide(before, atMost);
        Forget();
    }

    /// <summary>The same, but what leaves the window can be shown again, until it is forgotten.</summary>
    public void Hide(uint before, int atMost)
    {
        while (Count > 0 && (Count > atMost || Article((uint)Oldest).Clock < before))
            Oldest++;
    }

    public void ShowHidden() => Oldest = kept;

    /// <summary>Forgets the articles before a number, which is at most <see cref="Next"/>. What has left stays away.</summary>
    public void ExpireTo(long oldest)
    {
        Oldest = Math.Max(Oldest, oldest);
        Forget();
    }

    /// <summary>Forgets what is hidden.</summary>
    public void Forget()
    {
        for (; kept < Oldest; kept++)
        {
            Leave(kept, Article((uint)kept).Story);
            // A shard is swept in its turn, all of them about once while the window's articles are replaced.
            sweepsOwed += (double)Postings.Shards / Math.Max(Next - kept, SmallWindow);
            if (((kept + 1) & ((1 << ChunkBits) - 1)) == 0)
            {
                chunks[(kept >> ChunkBits) & (chunks.Length - 1)] = null;
                chunkCount--;
            }
        }

        if (Count == 0)
            sweepsOwed = Postings.Shards;
        for (sweepsOwed = Math.Min(sweepsOwed, Postings.Shards); sweepsOwed >= 1; sweepsOwed--)
        {
            Postings.Sweep(sweptTo, (uint)Oldest);
            sweptTo = (sweptTo + 1) % Postings.Shards;
        }
    }

    void Leave(long number, int slot)
    {
        ref var story = ref stories[slot];
        if (--story.Members > 0)
        {
            if (story.First == number)
                withoutFirst.Add(number, slot);
            return;
        }

        if (story.First != number)
            withoutFirst.Remove(story.First);
        (story.Members, freeStory) = (freeStory, slot);
    }

    void GrowRing()
    {
        var larger = new ArticleRecord[chunks.Length * 2][];
        for (var chunk = Oldest >> ChunkBits; chunk <= (Next - 1) >> ChunkBits; chunk++)
            larger[chunk & (larger.Length - 1)] = chunks[chunk & (chunks.Length - 1)]!;
        chunks = larger;
    }
}
