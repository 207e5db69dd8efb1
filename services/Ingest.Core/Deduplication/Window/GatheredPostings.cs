namespace Ingest.Core.Deduplication.Window;

/// <summary>Postings for many shards of the table, to be merged into it at once.</summary>
internal sealed class GatheredPostings
{
    /// <summary>The bits of a hash in the upper half, below them the article.</summary>
    ulong[] postings = new ulong[64];
    ulong[] sorted = [];
    int count;

    public ReadOnlySpan<ulong> All => postings.AsSpan(0, count);

    public void Add(uint bits, uint article)
    {
        if (count == postings.Length)
            Array.Resize(ref postings, count * 2);
        postings[count++] = (ulong)bits << 32 | article;
    }

    public void Clear() => count = 0;

    /// <param name="buffer">The table's buffer for this thread.</param>
    public void Merge(StoryWindow window, int buffer)
    {
        Sort();
        for (int from = 0, to = 0; from < count; from = to)
        {
            while (to < count && PostingTable.ShardOf((uint)(postings[to] >> 32)) == PostingTable.ShardOf((uint)(postings[from] >> 32)))
                to++;
            window.Postings.Merge(postings.AsSpan(from, to - from), window, buffer);
        }
    }

    /// <summary>By shard and then by tag, in four passes over a byte each; what shares both stays in its order.</summary>
    void Sort()
    {
        if (sorted.Length < count)
            sorted = new ulong[postings.Length];
        Span<int> starts = stackalloc int[256];
        // The lower byte of the tag first, the upper one of the shard last.
        foreach (var shift in (ReadOnlySpan<int>)[48, 56, 32, 40])
        {
            starts.Clear();
            foreach (var posting in All)
                starts[(int)(posting >> shift) & 255]++;
            for (int i = 0, start = 0; i < starts.Length; i++)
                (starts[i], start) = (start, start + starts[i]);
            foreach (var posting in All)
                sorted[starts[(int)(posting >> shift) & 255]++] = posting;
            (postings, sorted) = (sorted, postings);
        }
    }
}
