using System.Collections.Concurrent;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Ingest.Ledger.Articles;

/// <summary>
/// The bytes of an article, or of its result, in fewer: less than half of a text of 3 KB, a third of its result. Exact, and the same from every
/// process. Knows no store. Safe to share among threads.
/// </summary>
/// <remarks>
/// Layout: the number of the dictionary, 1 byte, 0 for none; the length of what was packed as LEB128; one frame of Zstandard (RFC 8878) with a
/// checksum and without the dictionary's number; that of a result, where eight bytes count, has neither the checksum nor the four bytes that all
/// frames begin with. Or 255, and the bytes as they came. What is stored stays for years, so a dictionary is
/// never changed and never removed; a better one gets the next number. Articles/Dictionaries/README.md says how they were made.
/// </remarks>
public static class Packing
{
    /// <summary>No longer bytes are packed, nor read: more than any limit of an article allows.</summary>
    public const int MostLength = int.MaxValue / 2;

    /// <summary>
    /// With the dictionary, a record of 2.8 KB takes 30 µs and is left with 45.3 % of its bytes; at level 1 that is 27 µs and 47.2 %, at level 3
    /// 46 µs and 43.6 %, at level 6 three times as long again and 3 % less. An article takes some 250 µs of processor in all. Larger tables at
    /// level 3 gain .3 %; matches of four bytes at levels 1 and 2 lose 8.
    /// </summary>
    const int Level = 2;

    /// <summary>A result of a press release takes 1.4 µs and is left with a third of its bytes, at any level; that of a web page 48 %, at level 1 51.</summary>
    const int LevelOfResults = 3;

    const byte NoDictionary = 0, Latin = 1, Results = 2, AsItCame = 255;

    /// <summary>The bytes at the beginning that tell the script, and one in how many is beyond ASCII where it is not Latin.</summary>
    const int Looked = 1024, OneIn = 6;

    /// <summary>A frame cannot hold more: a block of up to 128 KB takes at least four bytes.</summary>
    const int BlockLength = 128 << 10, LeastBlock = 4;

    /// <summary>By the numbers of the dictionaries.</summary>
    static readonly Packer[] Packers = [new(null), new(Load(Latin)), new(Load(Results), isResults: true)];

    /// <summary>Packs a content.</summary>
    /// <returns>At most one byte more than it was given.</returns>
    public static byte[] Pack(ReadOnlySpan<byte> content) => Pack(content, IsLatin(content) ? Latin : NoDictionary);

    /// <summary>Packs a result in the form of <see cref="StoredResult"/>.</summary>
    /// <inheritdoc cref="Pack(ReadOnlySpan{byte})"/>
    internal static byte[] PackResult(ReadOnlySpan<byte> result) => Pack(result, Results);

    static byte[] Pack(ReadOnlySpan<byte> bytes, byte number)
    {
        // What is gained must pay for the head.
        if (bytes.Length is > LeastBlock and <= MostLength)
        {
            var packed = new byte[bytes.Length];
            packed[0] = number;
            var head = 1 + Leb128(bytes.Length, packed.AsSpan(1));
            if (Packers[number].TryPack(bytes, packed.AsSpan(head), out var written))
                return packed[..(head + written)];
        }

        return [AsItCame, .. bytes];
    }

    /// <summary>The bytes as they came.</summary>
    /// <exception cref="StoredResultException">Cut off, damaged, or packed with a dictionary that this program does not have.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> packed)
    {
        if (packed.IsEmpty)
            throw Damaged("is empty");
        if (packed[0] == AsItCame)
            return packed[1..].ToArray();
        if (packed[0] >= Packers.Length)
            throw new StoredResultException($"The stored content was packed with dictionary {packed[0]}; this program has dictionaries up to {Packers.Length - 1}. A later version wrote it, or the ledger's row is damaged.");
        if (!ReadHead(packed, out var length, out var head))
            throw Damaged("does not say a length that its frame can have");
        var bytes = new byte[length];
        try
        {
            if (Packers[packed[0]].Unpack(packed[head..], bytes) is var read && read != length)
                throw Damaged($"unpacks to {read} bytes and says {length}");
        }
        catch (ZstdException e)
        {
            throw Damaged($"cannot be unpacked: {e.Message}", e);
        }

        return bytes;
    }

    /// <summary>How many bytes <see cref="Unpack"/> gives, without unpacking; where it would throw, the length of what is there.</summary>
    public static int LengthOf(ReadOnlySpan<byte> packed) =>
        packed.IsEmpty ? 0
        : packed[0] == AsItCame ? packed.Length - 1
        : ReadHead(packed, out var length, out _) ? length : packed.Length;

    /// <summary>Damage must not ask for gigabytes.</summary>
    static bool ReadHead(ReadOnlySpan<byte> packed, out int length, out int head)
    {
        var value = 0L;
        for (head = 1; head < packed.Length && head <= 5; head++)
        {
            value |= (long)(packed[head] & 0x7f) << 7 * (head - 1);
            if (packed[head] >= 0x80)
                continue;
            head++;
            length = value <= Math.Min(MostLength, (packed.Length - head) / LeastBlock * (long)BlockLength) ? (int)value : -1;
            return length >= 0;
        }

        length = -1;
        return false;
    }

    static int Leb128(int value, Span<byte> to)
    {
        var at = 0;
        for (; value >= 0x80; value >>= 7)
            to[at++] = (byte)(value | 0x80);
        to[at++] = (byte)value;
        return at;
    }

    /// <summary>A dictionary of other letters leaves a text larger than none does.</summary>
    static bool IsLatin(ReadOnlySpan<byte> bytes)
    {
        var start = bytes[..Math.Min(bytes.Length, Looked)];
        var beyond = 0;
        foreach (var b in start)
            beyond += b >> 7;
        return beyond < start.Length / OneIn;
    }

    static byte[] Load(byte number)
    {
        using var stream = typeof(Packing).Assembly.GetManifestResourceStream($"{number}.zdict")!;
        var dictionary = new byte[stream.Length];
        stream.ReadExactly(dictionary);
        return dictionary;
    }

    static StoredResultException Damaged(string what, Exception? inner = null) =>
        new($"The stored content {what}. The ledger's row is damaged.", inner!);

    /// <summary>
    /// Packs and unpacks with one dictionary. Keeps as many of the library's packers as were ever at work at once: each has tables of a megabyte
    /// outside of the managed heap, and making them takes longer than packing a text.
    /// </summary>
    /// <param name="isResults">Frames are bare.</param>
    sealed class Packer(byte[]? dictionary, bool isResults = false)
    {
        readonly ConcurrentBag<Compressor> packing = [];
        readonly ConcurrentBag<Decompressor> unpacking = [];

        public bool TryPack(ReadOnlySpan<byte> bytes, Span<byte> packed, out int written)
        {
            var one = packing.TryTake(out var idle) ? idle : Compressor();
            try
            {
                return one.TryWrap(bytes, packed, out written);
            }
            finally
            {
                packing.Add(one);
            }
        }

        /// <exception cref="ZstdException">It is no frame, is damaged, or unpacks to more than there is room for.</exception>
        public int Unpack(ReadOnlySpan<byte> packed, Span<byte> bytes)
        {
            var one = unpacking.TryTake(out var idle) ? idle : Decompressor();
            try
            {
                return one.Unwrap(packed, bytes);
            }
            finally
            {
                unpacking.Add(one);
            }
        }

        Compressor Compressor()
        {
            var made = new Compressor(isResults ? LevelOfResults : Level);
            made.SetParameter(ZSTD_cParameter.ZSTD_c_contentSizeFlag, 0);
            made.SetParameter(ZSTD_cParameter.ZSTD_c_dictIDFlag, 0);
            made.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, isResults ? 0 : 1);
            if (isResults)
                made.SetParameter(ZSTD_cParameter.ZSTD_c_experimentalParam2, (int)ZSTD_format_e.ZSTD_f_zstd1_magicless);
            if (dictionary is not null)
                made.LoadDictionary(dictionary);
            return made;
        }

        Decompressor Decompressor()
        {
            var made = new Decompressor();
            if (isResults)
                made.SetParameter(ZSTD_dParameter.ZSTD_d_experimentalParam1, (int)ZSTD_format_e.ZSTD_f_zstd1_magicless);
            if (dictionary is not null)
                made.LoadDictionary(dictionary);
            return made;
        }
    }
}
