using System.Runtime.CompilerServices;

namespace Ingest.Core.Normalisation.Words;

/// <summary>
/// Tells of nearly all hashes that are not in a set that they are not, before anybody looks closer. 65,536 bits, so that it stays in the nearest
/// cache, which a table of the words themselves does not.
/// </summary>
internal sealed class HashFilter
{
    readonly ulong[] bits = new ulong[1024];

    public static HashFilter Of(IEnumerable<uint> hashes)
    {
        var filter = new HashFilter();
        foreach (var hash in hashes)
            filter.Add(hash);
        return filter;
    }

    public void Add(uint hash) => bits[Place(hash) >> 6] |= 1UL << (int)Place(hash);

    /// <summary>False where the hash was not added; true where it may have been.</summary>
    // Called for every word: a call costs as much as what it does.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MayHave(uint hash)
    {
        var place = Place(hash);
        return (bits[place >> 6] >> (int)place & 1) != 0;
    }

    static uint Place(uint hash) => (hash ^ hash >> 16) & 0xffff;
}
