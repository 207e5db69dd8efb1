using System.Buffers;
using System.Numerics;
using Ingest.Core.Normalisation.Lines;
using Ingest.Core.Normalisation.Words;

namespace Ingest.Core.Normalisation.Scoring;

/// <summary>
/// What a line has in common with other lines: all its words, or the content words that the prose has too. One hash table each.
/// </summary>
internal static class Repeats
{
    /// <summary>How many lines have exactly the words of each line, and how many of them stand before it.</summary>
    public static void Copies(ReadOnlySpan<Segment> lines, WordList words, Span<float> copies, Span<float> before)
    {
        using var table = new CountTable(lines.Length);
        var slots = ArrayPool<int>.Shared.Rent(lines.Length);
        for (var i = 0; i < lines.Length; i++)
        {
            slots[i] = table.Slot(WordList.Key(words.Of(lines[i].Words)));
            before[i] = table[slots[i]].Count++;
        }

        for (var i = 0; i < lines.Length; i++)
            copies[i] = table[slots[i]].Count;
        ArrayPool<int>.Shared.Return(slots);
    }

    /// <summary>
    /// Of each line's content words, the share that stands in other prose lines (-1 without any), and the mean number of
    /// such lines, 10 at most.
    /// </summary>
    public static void Shared(ReadOnlySpan<Segment> lines, WordList words,
        ReadOnlySpan<bool> prose, Span<float> shared, Span<float> sharedLines)
    {
        var total = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            if (!prose[i])
                continue;
            // Most words are function words: without them the table fits in a cache twice as small.
            foreach (var word in words.Of(lines[i].Words))
                total += (word & WordList.Content) != 0 ? 1 : 0;
        }

        using var table = new CountTable(total);
        // The prose's own slots, in order: asked a second time below.
        var slots = ArrayPool<int>.Shared.Rent(total);
        var known = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            if (!prose[i])
                continue;
            foreach (var word in words.Of(lines[i].Words))
            {
                if ((word & WordList.Content) == 0)
                    continue;
                var slot = table.Slot(word);
                slots[known++] = slot;
                ref var cell = ref table[slot];
                // A line counts once, however often it has the word.
                if (cell.Line == i + 1)
                    continue;
                cell.Line = (ushort)(i + 1);
                cell.Count++;
            }
        }

        known = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            int content = 0, found = 0, times = 0;
            foreach (var word in words.Of(lines[i].Words))
            {
                if ((word & WordList.Content) == 0)
                    continue;
                content++;
                var others = prose[i] ? table[slots[known++]].Count - 1 : table.Count(word);
                if (others <= 0)
                    continue;
                found++;
                times += Math.Min(others, 10);
            }

            shared[i] = content == 0 ? -1 : (float)found / content;
            sharedLines[i] = content == 0 ? -1 : (float)times / content;
        }

        ArrayPool<int>.Shared.Return(slots);
    }

    struct Cell
    {
        public uint Key;
        public ushort Count;

        /// <summary>The line that counted last, from 1.</summary>
        public ushort Line;
    }

    /// <summary>Counts by key in a rented array, open addressing.</summary>
    readonly struct CountTable : IDisposable
    {
        readonly Cell[] cells;
        readonly int mask;

        /// <param name="keys">At most so many different keys; most tables have far fewer.</param>
        public CountTable(int keys)
        {
            var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, keys + keys / 4));
            mask = size - 1;
            cells = ArrayPool<Cell>.Shared.Rent(size);
            Array.Clear(cells, 0, size);
        }

        public ref Cell this[int slot] => ref cells[slot];

        /// <summary>The place of a key, which is made where it is not.</summary>
        public int Slot(uint key)
        {
            key = Spread(key);
            var slot = (int)(key >> 3) & mask;
            while (cells[slot].Key != 0 && cells[slot].Key != key)
                slot = (slot + 1) & mask;
            cells[slot].Key = key;
            return slot;
        }

        public int Count(uint key)
        {
            key = Spread(key);
            var slot = (int)(key >> 3) & mask;
            while (cells[slot].Key != 0)
            {
                if (cells[slot].Key == key)
                    return cells[slot].Count;
                slot = (slot + 1) & mask;
            }

            return 0;
        }

        public void Dispose() => ArrayPool<Cell>.Shared.Return(cells);

        /// <summary>Zero marks an empty cell.</summary>
        static uint Spread(uint key)
        {
            key *= 0x85ebca6b;
            return (key ^ key >> 15) | 1;
        }
    }
}
