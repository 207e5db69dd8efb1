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
    double sweepsOwed;
    long chunkCount;

    public PostingTable Postings { get; } = new();

    /// <summary>The number of the oldest article in the window.</summary>
    public long Oldest { get; private set; } = 1;

    /// <summary>The number that the next article gets.</summary>
    public long Next { get; private set; } = 1;

    public int Count => (int)(Next - Oldest);

    /// <summary>Bytes in memory, everything included.</summary>
    public long Bytes => Postings.Bytes + chunkCount * (Unsafe.SizeOf<ArticleRecord>() << ChunkBits) + (long)stories.Length * Unsafe.SizeOf<StoryRecord>() + chunks.Length * 8L;

    public bool Contains(uint article) => article - (uint)Oldest < (uint)Count;

    /// <summary>The whole number of an article in the window.</summary>
    public long Number(uint article) => Oldest + (article - (uint)Oldest);

    public ref ArticleRecord Article(uint article) =>
        ref chunks[(article >> ChunkBits) & (chunks.Length - 1)]![article & ((1 << ChunkBits) - 1)];

    public ref StoryRecord Story(int story) => ref stories[story];

    /// <summary>Opens a story whose first article is the next one to be added, and returns its slot.</summary>
    public int AddStory()
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

        stories[story] = new StoryRecord { First = Next, Canonical = Next, Version = 1 };
        return story;
    }

    /// <summary>Takes the next article in, without its postings, and returns its number.</summary>
    public uint Add(int story, Fingerprint fingerprint, uint arrival, int hops)
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
        Article(number) = new ArticleRecord
        {
            TextHash = fingerprint.TextHash,
            Arrival = arrival,
            Story = story,
            Sampled = (ushort)fingerprint.Hashes.Length,
            Thinning = (byte)fingerprint.Thinning,
            Hops = (byte)hops,
        };
        stories[story].Members++;
        return number;
    }

    /// <summary>Forgets the articles that arrived before a moment (seconds since 1970), and the oldest beyond a number.</summary>
    public void Expire(uint before, int atMost)
    {
        while (Count > 0 && (Count > atMost || Article((uint)Oldest).Arrival < before))
        {
            var slot = Article((uint)Oldest).Story;
            if (--stories[slot].Members == 0)
                (stories[slot].Members, freeStory) = (freeStory, slot);
            // A shard is swept in its turn, all of them about once while the window's articles are replaced.
            sweepsOwed += (double)Postings.Shards / Math.Max(Count, SmallWindow);
            Oldest++;
            if ((Oldest & ((1 << ChunkBits) - 1)) == 0)
            {
                chunks[((Oldest >> ChunkBits) - 1) & (chunks.Length - 1)] = null;
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

    void GrowRing()
    {
        var larger = new ArticleRecord[chunks.Length * 2][];
        for (var chunk = Oldest >> ChunkBits; chunk <= (Next - 1) >> ChunkBits; chunk++)
            larger[chunk & (larger.Length - 1)] = chunks[chunk & (chunks.Length - 1)]!;
        chunks = larger;
    }
}
