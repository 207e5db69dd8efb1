using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ingest.Core.Deduplication.Text;

/// <summary>
/// Splits a text like <see cref="WordReader"/>, 64 code units at a time. ASCII that is neither letter nor digit always ends a word, so the
/// text falls into stretches between such characters that can be read apart. A stretch of ASCII letters and digits alone is one word; one
/// that has anything else in it goes to the reference.
/// </summary>
/// <remarks>
/// First the bounds of all stretches of a thousand units, then their words. In one loop for each block, as it was at first, the number of
/// words of a block and the length of a word were guessed wrongly so often that splitting took 5.9 instead of 3.7 µs for 3,000 characters.
/// A third of that is for the bounds, the rest for the words, 4.5 ns each: which is why wider registers gain next to nothing.
/// </remarks>
/// <typeparam name="TBlock">The width of the registers.</typeparam>
internal static class BlockReader<TBlock>
    where TBlock : struct, IUnitBlock
{
    /// <summary>Blocks whose stretches are gathered before they are read: as many as keep the bounds on the stack.</summary>
    const int Blocks = 16;

    /// <summary>Bounds that are gathered without a branch.</summary>
    const int Round = 16;

    /// <summary>
    /// Stretches that start or end in so many blocks, at most: every other unit, the one left over from before, and a round to write over.
    /// </summary>
    const int Stretches = Blocks * IUnitBlock.Length / 2 + 1 + Round;

    public static void Read(ReadOnlySpan<char> text, WordSequence words)
    {
        Span<char> rest = stackalloc char[IUnitBlock.Length];
        Span<int> starts = stackalloc int[Stretches], ends = stackalloc int[Stretches];

        // Of the stretch that is open where a block begins: a bit if there is one, a bit if it has foreign units.
        ulong open = 0, openMixed = 0;
        int started = 0, ended = 0;

        // The last block is filled up with NUL, which separates; it may have nothing else, so that every stretch is closed.
        for (var at = 0; at <= text.Length;)
        {
            for (var block = 0; block < Blocks && at <= text.Length; block++, at += IUnitBlock.Length)
            {
                scoped var units = text[at..];
                if (units.Length < IUnitBlock.Length)
                {
                    rest.Clear();
                    units.CopyTo(rest);
                    units = rest;
                }

                var inside = TBlock.Classify(units[..IUnitBlock.Length], out var foreign) | foreign;
                var before = (inside << 1) | open;
                open = inside >> 63;

                // In the sum every foreign unit carries through the rest of its stretch, and sets the bit where that ends.
                var sum = inside + foreign;
                var carried = sum + openMixed;
                openMixed = (sum < inside) | (carried < sum) ? 1UL : 0UL;
                started = Gather(inside & ~before, 0, at, starts, started);
                ended = Gather(before & ~inside, carried, at, ends, ended);
            }

            StretchReader.Read(text, starts[..ended], ends[..ended], words);
            // The one that is still open is the first of the next round.
            starts[0] = starts[ended];
            (started, ended) = (started - ended, 0);
        }
    }

    /// <summary>
    /// Appends the places of the bits, doubled, with the bit of <paramref name="marks"/> in the same place below. Returns the new count.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Gather(ulong bits, ulong marks, int at, Span<int> places, int count)
    {
        var next = count + BitOperations.PopCount(bits);
        // Sixteen at a time, whether there are so many or not: what is too much is written over, and a block of prose has seven to
        // fourteen. Four at a time write less and are guessed wrongly more often: the same speed.
        for (; count < next; count += Round)
        {
            var round = places.Slice(count, Round);
            for (var i = 0; i < Round; i++)
            {
                var place = BitOperations.TrailingZeroCount(bits);
                round[i] = ((at + place) << 1) | (int)((marks >> place) & 1);
                bits &= bits - 1;
            }
        }

        return next;
    }
}
