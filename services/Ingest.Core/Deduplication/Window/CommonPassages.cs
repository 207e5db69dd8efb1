using Ingest.Core.Deduplication.Alignment;

namespace Ingest.Core.Deduplication.Window;

/// <summary>
/// The passages that very many stories have: a publisher's legal notice, a newsletter line. They are learned from the stream: around
/// each sampled shingle that the index knows to be common, its neighbours are counted here, and those that keep coming are common too.
/// A fixed 512 KiB; where it is full the rarest neighbour gives way.
/// </summary>
internal sealed class CommonPassages
{
    /// <summary>Neighbours on each side of a common sampled shingle that are counted: about as far as the next sampled one.</summary>
    const int Reach = 20;

    /// <summary>How often a neighbour must have come.</summary>
    const int Often = 6;

    /// <summary>Common shingles in a row that make a passage.</summary>
    const int Run = 6;
    const int Slots = 1 << 16, Ways = 4;

    readonly (uint Tag, byte Times)[] table = new (uint, byte)[Slots];

    public static long Bytes => Slots * 8L;

    /// <summary>Marks the words of a text that stand in common passages.</summary>
    public void Mark(ComparedText text)
    {
        var shingles = text.Shingles;
        for (var i = 0; i < shingles.Length;)
        {
            var run = i;
            while (run < shingles.Length && Contains(shingles[run]))
                run++;
            if (run - i >= Run)
                text.Common[text.StartOf(i)..run].Fill(true);
            i = Math.Max(run, i + 1);
        }
    }

    bool Contains(ulong shingle)
    {
        var tag = Tag(shingle);
        foreach (ref readonly var entry in Set(shingle))
            if (entry.Tag == tag)
                return entry.Times >= Often;
        return false;
    }

    /// <summary>Counts the neighbours of the common shingle that ends at word <paramref name="at"/>, from word <paramref name="from"/> on. Returns the word behind the last that was counted.</summary>
    public int Learn(ReadOnlySpan<ulong> shingles, int at, int from)
    {
        var end = Math.Min(shingles.Length, at + Reach + 1);
        for (var i = Math.Max(from, at - Reach); i < end; i++)
            if (shingles[i] != 0)
                Count(shingles[i]);
        return Math.Max(from, end);
    }

    void Count(ulong shingle)
    {
        var tag = Tag(shingle);
        var set = Set(shingle);
        var rarest = 0;
        for (var i = 0; i < Ways; i++)
        {
            if (set[i].Tag == tag)
            {
                if (set[i].Times < byte.MaxValue)
                    set[i].Times++;
                return;
            }

            if (set[i].Times < set[rarest].Times)
                rarest = i;
        }

        // The rarest of the set ages each time that it is in the way, so that what came once does not stay for ever.
        if (set[rarest].Times > 0)
            set[rarest].Times--;
        else
            set[rarest] = (tag, 1);
    }

    Span<(uint Tag, byte Times)> Set(ulong shingle) => table.AsSpan((int)(shingle >> 1) & (Slots - Ways), Ways);

    static uint Tag(ulong shingle) => (uint)(shingle >> 20) | 1;
}
