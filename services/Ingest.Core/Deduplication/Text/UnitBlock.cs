using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ingest.Core.Deduplication.Text;

/// <summary>Looks at 64 UTF-16 code units at once, in registers of one width.</summary>
internal interface IUnitBlock
{
    /// <summary>Units in a block.</summary>
    const int Length = 64;

    /// <summary>True where this machine has registers of that width, and the runtime finds them worth using.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>Returns a bit for each unit, the first the lowest, that is set for ASCII letters and digits.</summary>
    /// <param name="block">64 units, no fewer.</param>
    /// <param name="foreign">The bits of the units that are not ASCII.</param>
    static abstract ulong Classify(ReadOnlySpan<char> block, out ulong foreign);
}

// Narrowing saturates: whatever is not ASCII ends above 0x7F, and the top bits are the answer to "which are foreign?".
// Bit 0x20 makes A and a one letter; of the other characters it moves none into a..z.

/// <summary>For any machine with 128-bit registers: every x64, every Arm64.</summary>
internal readonly struct UnitBlock128 : IUnitBlock
{
    public static bool IsSupported => Vector128.IsHardwareAccelerated;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Classify(ReadOnlySpan<char> block, out ulong foreign)
    {
        ref var units = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(block));
        ulong words = 0;
        foreign = 0;
        for (var part = 0; part < IUnitBlock.Length; part += Vector128<byte>.Count)
        {
            var bytes = Vector128.NarrowWithSaturation(
                Vector128.LoadUnsafe(ref units, (nuint)part), Vector128.LoadUnsafe(ref units, (nuint)part + 8));
            var letters = Vector128.LessThan(
                (bytes | Vector128.Create((byte)0x20)) - Vector128.Create((byte)'a'), Vector128.Create((byte)26));
            var digits = Vector128.LessThan(bytes - Vector128.Create((byte)'0'), Vector128.Create((byte)10));
            words |= (ulong)(letters | digits).ExtractMostSignificantBits() << part;
            foreign |= (ulong)bytes.ExtractMostSignificantBits() << part;
        }

        return words;
    }
}

/// <summary>AVX2.</summary>
internal readonly struct UnitBlock256 : IUnitBlock
{
    public static bool IsSupported => Vector256.IsHardwareAccelerated;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Classify(ReadOnlySpan<char> block, out ulong foreign)
    {
        ref var units = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(block));
        ulong words = 0;
        foreign = 0;
        for (var part = 0; part < IUnitBlock.Length; part += Vector256<byte>.Count)
        {
            var bytes = Vector256.NarrowWithSaturation(
                Vector256.LoadUnsafe(ref units, (nuint)part), Vector256.LoadUnsafe(ref units, (nuint)part + 16));
            var letters = Vector256.LessThan(
                (bytes | Vector256.Create((byte)0x20)) - Vector256.Create((byte)'a'), Vector256.Create((byte)26));
            var digits = Vector256.LessThan(bytes - Vector256.Create((byte)'0'), Vector256.Create((byte)10));
            words |= (ulong)(letters | digits).ExtractMostSignificantBits() << part;
            foreign |= (ulong)bytes.ExtractMostSignificantBits() << part;
        }

        return words;
    }
}

/// <summary>AVX-512 with byte and word instructions.</summary>
internal readonly struct UnitBlock512 : IUnitBlock
{
    public static bool IsSupported => Vector512.IsHardwareAccelerated;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Classify(ReadOnlySpan<char> block, out ulong foreign)
    {
        ref var units = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(block));
        var bytes = Vector512.NarrowWithSaturation(Vector512.LoadUnsafe(ref units), Vector512.LoadUnsafe(ref units, 32));
        var letters = Vector512.LessThan((bytes | Vector512.Create((byte)0x20)) - Vector512.Create((byte)'a'), Vector512.Create((byte)26));
        var digits = Vector512.LessThan(bytes - Vector512.Create((byte)'0'), Vector512.Create((byte)10));
        foreign = bytes.ExtractMostSignificantBits();
        return (letters | digits).ExtractMostSignificantBits();
    }
}
