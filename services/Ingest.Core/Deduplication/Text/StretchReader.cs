using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ingest.Core.Deduplication.Text;

/// <summary>
/// Reads the words of stretches that <see cref="BlockReader{TBlock}"/> found: one of up to sixteen letters at once, any
/// other as the reference does.
/// </summary>
internal static class StretchReader
{
    /// <summary>Letters that are hashed without a loop.</summary>
    const int Short = 16;

    /// <summary>From a place on: bytes that keep as far as the middle, then bytes that clear.</summary>
    static ReadOnlySpan<byte> Keep =>
    [
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    /// <param name="text">The whole text.</param>
    /// <param name="starts">Where each stretch starts, doubled.</param>
    /// <param name="ends">Where each ends, doubled; odd if it is not all ASCII.</param>
    /// <param name="words">Where the words are added.</param>
    public static void Read(ReadOnlySpan<char> text, ReadOnlySpan<int> starts, ReadOnlySpan<int> ends, WordSequence words)
    {
        for (var i = 0; i < starts.Length; i++)
        {
            i += ReadShort(text, starts[i..], ends[i..], words);
            if (i < starts.Length)
                WordReader.Read(text, starts[i] >>> 1, ends[i] >>> 1, words);
        }
    }

    /// <summary>
    /// Reads stretches up to one that is not a short word. Returns how many. A loop for ASCII and one for the others was no faster where
    /// they come in long runs, and slower by an eighth where every tenth word has a curly quotation mark.
    /// </summary>
    static int ReadShort(ReadOnlySpan<char> text, ReadOnlySpan<int> starts, ReadOnlySpan<int> ends, WordSequence words)
    {
        words.Room(starts.Length, out var hashes, out var newStarts, out var newEnds);
        // Sixteen units are loaded, whatever stands behind the word: not where that is beyond the text. The slices below see to it; without
        // them, by references alone, it was faster by a fiftieth.
        var lastLoad = text.Length - Short;
        var i = 0;
        for (; i < starts.Length; i++)
        {
            var (start, end) = (starts[i] >>> 1, ends[i] >>> 1);
            if (end - start > Short || start > lastLoad)
                break;
            if ((ends[i] & 1) == 0)
                hashes[i] = HashAscii(text.Slice(start, Short), end - start);
            else if (!TryHash(text.Slice(start, Short), end - start, out hashes[i]))
                break;
            (newStarts[i], newEnds[i]) = (start, end);
        }

        words.Take(i);
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ref ushort Units(ReadOnlySpan<char> sixteen) => ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(sixteen));

    /// <summary>The hash of up to 16 ASCII letters and digits. Bit 0x20 folds letters, and digits have it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong HashAscii(ReadOnlySpan<char> sixteen, int length)
    {
        ref var units = ref Units(sixteen);
        var letters = Vector128.NarrowWithSaturation(Vector128.LoadUnsafe(ref units), Vector128.LoadUnsafe(ref units, 8))
            | Vector128.Create((byte)0x20);
        var low = (letters & Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(Keep), (nuint)(Short - length))).AsUInt64();
        var one = WordHash.Absorb(0, low.GetElement(0), 0);
        var two = WordHash.Absorb(one, low.GetElement(1), 0);
        return WordHash.Finish(OneOrTwo(length, one, two));
    }

    /// <summary>The hash of up to 16 letters of any script, if each folds to one letter and they are one word.</summary>
    static bool TryHash(ReadOnlySpan<char> sixteen, int length, out ulong hash)
    {
        ref var units = ref Units(sixteen);
        ref var table = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(Folding.Table));
        var first = Fold(ref table, ref units);
        var second = length > 8 ? Fold(ref table, ref Unsafe.Add(ref units, 8)) : default;
        var keep = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(Keep), (nuint)(Short - length));

        // Anything else goes to the reference. Hangul, Georgian capitals and the like go there too: few texts have them,
        // and the test stays short.
        var plain = Vector128.NarrowWithSaturation(IsPlain(first), IsPlain(second));
        hash = 0;
        if (Vector128.AndNot(keep, plain) != Vector128<byte>.Zero)
            return false;
        var byteMask = Vector128.Create((ushort)0xFF);
        var low = (Vector128.Narrow(first & byteMask, second & byteMask) & keep).AsUInt64();
        var high = (Vector128.Narrow(first >>> 8, second >>> 8) & keep).AsUInt64();
        var one = WordHash.Absorb(0, low.GetElement(0), high.GetElement(0));
        var two = WordHash.Absorb(one, low.GetElement(1), high.GetElement(1));
        hash = WordHash.Finish(OneOrTwo(length, one, two));
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<ushort> Fold(ref ushort table, ref ushort units) => Vector128.Create(
        Unsafe.Add(ref table, units), Unsafe.Add(ref table, Unsafe.Add(ref units, 1)),
        Unsafe.Add(ref table, Unsafe.Add(ref units, 2)), Unsafe.Add(ref table, Unsafe.Add(ref units, 3)),
        Unsafe.Add(ref table, Unsafe.Add(ref units, 4)), Unsafe.Add(ref table, Unsafe.Add(ref units, 5)),
        Unsafe.Add(ref table, Unsafe.Add(ref units, 6)), Unsafe.Add(ref table, Unsafe.Add(ref units, 7)));

    /// <summary>All bits set for what is a letter, mark or digit of a script with blanks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<ushort> IsPlain(Vector128<ushort> folded) => Vector128.LessThan(
        folded - Vector128.Create((ushort)(Folding.Expanded + 1)),
        Vector128.Create((ushort)(Folding.FirstSpaceless - Folding.Expanded - 1)));

    /// <summary>
    /// A second step is always taken, and masked out for a word of up to eight letters: a branch, guessed wrongly at every other long word,
    /// cost a twentieth of the splitting.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong OneOrTwo(int length, ulong one, ulong two) => one ^ ((one ^ two) & (ulong)((8L - length) >> 63));
}
