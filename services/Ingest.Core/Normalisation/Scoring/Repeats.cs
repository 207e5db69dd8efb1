using System.Buffers;
using System.Numerics;
using Ingest.Core.Normalisation.Text;

namespace Ingest.Core.Normalisation.Scoring;

/// <summary>What a line has in common with other lines: all its words, or the content words that the prose has too. One hash table each.</summary>
internal static class Repeats
{
    /// <summary>How many lines have exactly the words of each line, and how many of them stand before it.</summary>
    public static void Copies(ReadOnlySpan<Segment> lines, WordList words, Span<float> copies, Span<float> before)
    {
        using var table = new CountTable(lines.Length);
        var slots = ArrayPool<int>.Shared.Rent(lines.Length);
        for (var i = 0; i < lines.Length; i++)
        {
            slots[i] = table.Slot(Key(words.Of(lines[i])));
            before[i] = table.Counts[slots[i]]++;
        }

        for (var i = 0; i < lines.Length; i++)
            copies[i] = table.Counts[slots[i]];
        ArrayPool<int>.Shared.Return(slots);
    }

    /// <summary>Of each line's content words, the share that stands in other prose lines (-1 without any), and the mean number of such lines, 10 at most.</summary>
    public static void Shared(ReadOnlySpan<Segment> lines, WordList words, ReadOnlySpan<bool> prose, Span<float> shared, Span<float> sharedLines)
    {
        var total = 0;
        for (var i = 0; i < lines.Length; i++)
            if (prose[i])
                total += lines[i].WordCount;
        using var table = new CountTable(total);
        for (var i = 0; i < lines.Length; i++)
        {
            if (!prose[i])
                continue;
            foreach (var word in words.Of(lines[i]))
            {
                if ((word & WordList.Content) == 0)
                    continue;
                var slot = table.Slot(word);
                // A line counts once, however often it has the word.
                if (table.Seen[slot] == i + 1)
                    continue;
                table.Seen[slot] = i + 1;
                table.Counts[slot]++;
            }
        }

        for (var i = 0; i < lines.Length; i++)
        {
            int content = 0, found = 0, times = 0;
            var own = prose[i] ? 1 : 0;
            foreach (var word in words.Of(lines[i]))
            {
                if ((word & WordList.Content) == 0)
                    continue;
                content++;
                var others = table.Count(word) - own;
                if (others <= 0)
                    continue;
                found++;
                times += Math.Min(others, 10);
            }

            shared[i] = content == 0 ? -1 : (float)found / content;
            sharedLines[i] = content == 0 ? -1 : (float)times / content;
        }
    }

    static uint Key(ReadOnlySpan<uint> words)
    {
        var key = (uint)words.Length;
        foreach (var word in words)
            key = (BitOperations.RotateLeft(key, 5) ^ word) * 0x9e3779b1;
        return key;
    }

    /// <summary>Counts by key in rented arrays, open addressing.</summary>
    readonly struct CountTable : IDisposable
    {
        readonly uint[] keys;
        readonly int mask;

        public CountTable(int capacity)
        {
            var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, capacity * 2));
            mask = size - 1;
            keys = ArrayPool<uint>.Shared.Rent(size);
            Counts = ArrayPool<int>.Shared.Rent(size);
            Seen = ArrayPool<int>.Shared.Rent(size);
            Array.Clear(keys, 0, size);
            Array.Clear(Counts, 0, size);
            Array.Clear(Seen, 0, size);
        }

        public int[] Counts { get; }
        public int[] Seen { get; }

        public int Slot(uint key)
        {
            key = Spread(key);
            var slot = (int)(key >> 3) & mask;
            while (keys[slot] != 0 && keys[slot] != key)
                slot = (slot + 1) & mask;
            keys[slot] = key;
            return slot;
        }

        public int Count(uint key)
        {
            key = Spread(key);
            var slot = (int)(key >> 3) & mask;
            while (keys[slot] != 0)
            {
                if (keys[slot] == key)
                    return Counts[slot];
                slot = (slot + 1) & mask;
            }

            return 0;
        }

        public void Dispose()
        {
            ArrayPool<uint>.Shared.Return(keys);
            ArrayPool<int>.Shared.Return(Counts);
            ArrayPool<int>.Shared.Return(Seen);
        }

        /// <summary>Zero marks an empty slot.</summary>
        static uint Spread(uint key)
        {
            key *= 0x85ebca6b;
            return (key ^ key >> 15) | 1;
        }
    }
}
