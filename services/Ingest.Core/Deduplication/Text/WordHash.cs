using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ingest.Core.Deduplication.Text;

/// <summary>
/// Hashes the folded characters of a word, eight at a time: low bytes and high bytes apart, so that ASCII packs into one register.
/// </summary>
internal struct WordHash
{
    const ulong Inner = 0xD6E8FEB86659FD93, Multiplier = 0x9E3779B97F4A7C15;

    ulong state, low, high;
    int shift;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(char folded)
    {
        low |= (ulong)(folded & 0xFF) << shift;
        high |= (ulong)(folded >> 8) << shift;
        shift += 8;
        if (shift == 64)
        {
            state = Absorb(state, low, high);
            (low, high, shift) = (0, 0, 0);
        }
    }

    /// <summary>The hash of a word of several characters; not 0, and its lowest bit is clear.</summary>
    public readonly ulong Finish() => Finish(shift > 0 ? Absorb(state, low, high) : state);

    /// <summary>The same of a state that has taken all of the word in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Finish(ulong state) => Mix(state) & ~1UL;

    /// <summary>The hash of a character of a script without blanks, which is a word by itself; its lowest bit is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong OfCharacter(char folded) => Mix(folded * Inner) | 1;

    /// <summary>Takes eight characters in; ASCII has no <paramref name="high"/> bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Absorb(ulong state, ulong low, ulong high)
    {
        state = (state ^ low ^ BitOperations.RotateLeft(high * Multiplier, 32)) * Inner;
        return state ^ (state >> 32);
    }

    /// <summary>
    /// The first shift is not 32: that would undo the last step of <see cref="Absorb"/>, and leave a short word a mere
    /// multiple of its letters.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Mix(ulong state)
    {
        state = (state ^ (state >> 29)) * Multiplier;
        return state ^ (state >> 32);
    }
}
