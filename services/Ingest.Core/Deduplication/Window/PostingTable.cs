using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ingest.Core.Deduplication.Window;

/// <summary>
/// The inverted index: which articles of the window have a shingle. A hash table of 6-byte postings in 65,536 small shards that grow
/// one at a time, so that it is always about four fifths full and never pauses to grow as a whole.
/// </summary>
/// <remarks>
/// Bits of a shingle's hash: 16 choose the shard, 16 are the tag that is stored. Two shingles share both once in 4 billion pairs, which
/// nominates a stranger now and then; verification turns it away. In a shard the postings lie in the order of their tags, each at or
/// behind the slot that its tag points at (linear probing that stays sorted): a search ends at the first greater tag.
/// </remarks>
internal sealed class PostingTable
{
    const int ShardBits = 16;
    const int ArrayHeader = 24;

    readonly Shard[] shards = new Shard[1 << ShardBits];

    /// <summary>The living postings of the shard that is laid out anew; one buffer for each of two threads.</summary>
    readonly Posting[][] buffers = [[], []];
    long count, bytes = (1L << ShardBits) * 16;

    /// <summary>Postings in the table, those of expired articles included until their shard is swept.</summary>
    public long Count => count;

    /// <summary>Bytes of the table's arrays.</summary>
    public long Bytes => bytes;

    /// <summary>
    /// Reads the memory that <see cref="Find"/> will need. Done for all shingles of an article first, the cache misses overlap.
    /// The sum that it returns only keeps the reads from being optimised away.
    /// </summary>
    public uint Touch(ReadOnlySpan<ulong> hashes)
    {
        var sum = 0u;
        foreach (var hash in hashes)
        {
            ref var shard = ref shards[ShardOf(hash)];
            if (shard.Slots is { } slots)
                sum += slots[Home(TagOf(hash), shard.Homes)].Article;
        }

        return sum;
    }

    /// <summary>
    /// Writes the articles that have the shingle, from <paramref name="oldest"/> on, into <paramref name="articles"/>, as many
    /// as it takes, and returns how many.
    /// </summary>
    public int Find(ulong hash, uint oldest, Span<uint> articles)
    {
        ref var shard = ref shards[ShardOf(hash)];
        if (shard.Slots is not { } slots)
            return 0;
        var tag = TagOf(hash);
        var found = 0;
        for (var at = Home(tag, shard.Homes);
            at < slots.Length && found < articles.Length && slots[at].Article != 0 && slots[at].Tag <= tag;
            at++)
            if (slots[at].Tag == tag && IsAlive(slots[at].Article, oldest))
                articles[found++] = slots[at].Article;
        return found;
    }

    /// <summary>
    /// The bits of a shingle's hash that the table knows: the shard below, the tag above. The lowest of every hash is set
    /// and does not count.
    /// </summary>
    public static uint BitsOf(ulong hash) => (uint)(hash >> 1);

    /// <summary>A hash with these bits: to the table, the same one.</summary>
    public static ulong HashOf(uint bits) => (ulong)bits << 1 | 1;

    /// <summary>Which half of the shards these bits belong to: 0 or 1.</summary>
    public static int HalfOf(uint bits) => (int)(bits >> (ShardBits - 1)) & 1;

    public static int ShardOf(uint bits) => (int)(bits & ((1 << ShardBits) - 1));

    /// <summary>
    /// Adds a posting, unless it was the last that was added of this shingle. <paramref name="oldest"/> is the oldest article still in the
    /// window: a full shard drops older ones before it grows.
    /// </summary>
    public void Add(ulong hash, uint article, uint oldest)
    {
        ref var shard = ref shards[ShardOf(hash)];
        if (shard.Slots is null || shard.Count >= shard.Homes - shard.Homes / 8)
            MakeRoom(ref shard, oldest);
        while (!Insert(ref shard, new Posting(article, TagOf(hash))))
            MakeRoom(ref shard, oldest, atLeast: shard.Slots!.Length + 8);
    }

    /// <summary>Lets a later article of the same story stand for an earlier one: the posting lives as long as the later one.</summary>
    public void Replace(ulong hash, uint article, uint by)
    {
        ref var shard = ref shards[ShardOf(hash)];
        var (slots, tag) = (shard.Slots!, TagOf(hash));
        for (var at = Home(tag, shard.Homes); at < slots.Length && slots[at].Article != 0 && slots[at].Tag <= tag; at++)
            if (slots[at].Tag == tag && slots[at].Article == article)
            {
                slots[at] = new Posting(by, tag);
                return;
            }
    }

    /// <summary>
    /// Drops the postings of expired articles from one shard and gives its memory back. Called in turn for all shards,
    /// expiry costs nothing noticeable.
    /// </summary>
    public void Sweep(int shard, uint oldest)
    {
        ref var swept = ref shards[shard];
        if (swept.Slots is null || !AnyExpired(swept.Slots, oldest))
            return;
        MakeRoom(ref swept, oldest);
        if (swept.Count > 0)
            return;
        bytes -= swept.Slots!.Length * (long)Unsafe.SizeOf<Posting>() + ArrayHeader;
        swept = default;
    }

    /// <summary>Shards in the table, for <see cref="Sweep"/>.</summary>
    public int Shards => shards.Length;

    /// <summary>
    /// Adds many postings of one shard at once: an article takes the place of an earlier one of its story. Posted one by one, each shard
    /// would be laid out anew a dozen times.
    /// </summary>
    /// <param name="added">
    /// The bits of a hash in the upper half, the article in the lower; in the order of their tags, and of one tag in that of the articles.
    /// </param>
    /// <param name="buffer">0 or 1: two threads may merge into different shards at a time, each with another buffer.</param>
    public void Merge(ReadOnlySpan<ulong> added, StoryWindow window, int buffer)
    {
        ref var shard = ref shards[ShardOf((uint)(added[0] >> 32))];
        var (old, oldest) = (shard.Slots ?? [], (uint)window.Oldest);
        var gathered = Buffer(buffer, shard.Count + added.Length);
        var (live, next) = (0, 0);
        for (var i = 0; i < added.Length;)
        {
            var tag = TagOf(added[i] >> 31);
            var first = live;
            for (; next < old.Length && (old[next].Article == 0 || old[next].Tag <= tag); next++)
                if (old[next].Article != 0 && IsAlive(old[next].Article, oldest))
                {
                    gathered[live++] = old[next];
                    if (old[next].Tag < tag)
                        first = live;
                }

            for (; i < added.Length && TagOf(added[i] >> 31) == tag; i++)
                if (window.Contains((uint)added[i]))
                {
                    var place = Place((uint)added[i], gathered.AsSpan(first, live - first), window);
                    gathered[first + place] = new Posting((uint)added[i], tag);
                    live = Math.Max(live, first + place + 1);
                }
        }

        for (; next < old.Length; next++)
            if (old[next].Article != 0 && IsAlive(old[next].Article, oldest))
                gathered[live++] = old[next];
        LayOut(ref shard, gathered.AsSpan(0, live), 0, inPlace: live >= shard.Count && live < shard.Homes - shard.Homes / 8);
    }

    /// <summary>The place of an article among those of its shingle: that of the article of its story, or behind them.</summary>
    static int Place(uint article, ReadOnlySpan<Posting> ofShingle, StoryWindow window)
    {
        if (ofShingle.IsEmpty)
            return 0;
        var (story, place) = (window.Article(article).Story, 0);
        while (place < ofShingle.Length && window.Article(ofShingle[place].Article).Story != story)
            place++;
        return place;
    }

    void MakeRoom(ref Shard shard, uint oldest, int atLeast = 0)
    {
        var gathered = Buffer(0, shard.Count);
        var live = 0;
        foreach (var posting in shard.Slots ?? [])
            if (posting.Article != 0 && IsAlive(posting.Article, oldest))
                gathered[live++] = posting;
        LayOut(ref shard, gathered.AsSpan(0, live), atLeast, inPlace: false);
    }

    Posting[] Buffer(int buffer, int postings)
    {
        if (buffers[buffer].Length < postings)
            buffers[buffer] = new Posting[postings + postings / 4 + 64];
        return buffers[buffer];
    }

    /// <summary>Lets a shard have these postings, which lie in the order of their tags.</summary>
    void LayOut(ref Shard shard, ReadOnlySpan<Posting> postings, int atLeast, bool inPlace)
    {
        var live = postings.Length;
        var old = shard.Slots ?? [];
        // A third more than is alive, and a tail behind the last home for what is pushed beyond it. A quarter more takes 5 % less memory,
        // but then a posting is moved about ten times in its life instead of six.
        var homes = inPlace ? shard.Homes : live + live / 3 + 4;
        var slots = inPlace ? old : new Posting[Math.Max(homes + 4 + homes / 16, atLeast)];
        if (inPlace)
            slots.AsSpan().Clear();
        var next = 0;
        foreach (var posting in postings)
        {
            next = Math.Max(next, Home(posting.Tag, homes));
            if (next == slots.Length)
                Array.Resize(ref slots, slots.Length + 8);
            slots[next++] = posting;
        }

        Interlocked.Add(ref count, live - shard.Count);
        Interlocked.Add(ref bytes, (slots.Length - old.Length) * (long)Unsafe.SizeOf<Posting>() + (old.Length == 0 ? ArrayHeader : 0));
        shard = new Shard { Slots = slots, Homes = homes, Count = live };
    }

    static bool AnyExpired(Posting[] slots, uint oldest)
    {
        foreach (var posting in slots)
            if (posting.Article != 0 && !IsAlive(posting.Article, oldest))
                return true;
        return false;
    }

    bool Insert(ref Shard shard, Posting posting)
    {
        var slots = shard.Slots!;
        var at = Home(posting.Tag, shard.Homes);
        while (at < slots.Length && slots[at].Article != 0 && slots[at].Tag <= posting.Tag)
            at++;
        // Two shingles of the article that share all bits here.
        if (at > 0 && slots[at - 1].Tag == posting.Tag && slots[at - 1].Article == posting.Article)
            return true;
        var free = at;
        while (free < slots.Length && slots[free].Article != 0)
            free++;
        if (free == slots.Length)
            return false;
        slots.AsSpan(at, free - at).CopyTo(slots.AsSpan(at + 1));
        slots[at] = posting;
        shard.Count++;
        count++;
        return true;
    }

    static int ShardOf(ulong hash) => ShardOf(BitsOf(hash));

    static ushort TagOf(ulong hash) => (ushort)(BitsOf(hash) >> ShardBits);

    static bool IsAlive(uint article, uint oldest) => article - oldest < int.MaxValue;

    static int Home(ushort tag, int homes) => (int)((uint)tag * (ulong)homes >> 16);

    struct Shard
    {
        public Posting[]? Slots;

        /// <summary>Slots that tags point at; those behind are the tail.</summary>
        public int Homes;
        public int Count;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 2, Size = 6)]
    readonly struct Posting(uint article, ushort tag)
    {
        /// <summary>The article's number in the window; 0 for an empty slot.</summary>
        public readonly uint Article = article;
        public readonly ushort Tag = tag;
    }
}
