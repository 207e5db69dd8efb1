using Ingest.Core.Deduplication.Text;

namespace Ingest.Core.Deduplication.Alignment;

/// <summary>Words <c>FromA</c> to <c>ToA</c> (exclusive) of A stand where B has words <c>FromB</c> to <c>ToB</c>.</summary>
internal readonly record struct Replacement(int FromA, int ToA, int FromB, int ToB);

/// <summary>
/// Compares two texts word for word. Shingles in both are the anchors; one counts only where a neighbour lies on (nearly) the same
/// diagonal, so that phrases that happen to be in both texts do not add up. What stands between two anchors in both texts is compared
/// by letters: a scanner's errors and another house's spelling resemble, other facts in a template do not.
/// Time is linear in the texts: each shingle and each gap costs a bounded time.
/// </summary>
internal sealed class Aligner
{
    /// <summary>Words between two anchors that support each other, at most.</summary>
    const int Neighbourhood = 30;

    /// <summary>How far their diagonals may lie apart, in words.</summary>
    const int Drift = 6;

    /// <summary>Words in a gap that is compared by letters, at most.</summary>
    public const int LongestGap = 12;

    /// <summary>Words in a gap that may be a place of a form, at most: beyond, one text has a passage where the other has another.</summary>
    const int LongestPlace = 96;

    /// <summary>Times that one shingle is looked at in the earlier text.</summary>
    const int Repeats = 8;

    /// <summary>Slots that are tried for a shingle; one beyond counts as absent. Only a text made for it crowds the table so.</summary>
    const int Probes = 64;

    /// <summary>The share of letters that must stay the same for a gap to resemble.</summary>
    const double GapResemblance = 0.6;

    int[] heads = new int[2048];
    int[] nexts = new int[1024];
    (int A, int B)[] anchors = new (int, int)[1024];
    int anchorCount, tableSize;
    readonly List<Replacement> replacements = [], places = [];

    /// <summary>Of the last comparison: the short passages that read otherwise in the same place.</summary>
    public IReadOnlyList<Replacement> Replacements => replacements;

    /// <summary>Of the last comparison: those, and longer ones, also before the first anchor and behind the last; in the order of A.</summary>
    public IReadOnlyList<Replacement> Places => places;

    /// <summary>Of the last comparison, whose texts are given again: how these passages read in either.</summary>
    public IEnumerable<Change> Changes(ComparedText a, ComparedText b) =>
        replacements.Select(r => new Change(b.Words.Passage(r.FromB, r.ToB), a.Words.Passage(r.FromA, r.ToA)));

    /// <summary>Of the last comparison: the pairs of words at which a shared shingle ends, in the order of A.</summary>
    public ReadOnlySpan<(int A, int B)> Anchors => anchors.AsSpan(0, anchorCount);

    /// <summary>Compares; afterwards the states of both texts say what became of each word.</summary>
    public Similarity Compare(ComparedText a, ComparedText b)
    {
        a.States.Clear();
        b.States.Clear();
        Index(b);
        var shared = FindAnchors(a, b);
        MarkAnchors(a, b);
        MarkGaps(a, b);
        var (matchedA, leadA, ownA) = Count(a);
        var (matchedB, leadB, ownB) = Count(b);
        var union = a.Shingles.Length - a.Shingles.Count(0UL) + b.Shingles.Length - b.Shingles.Count(0UL) - shared;
        return new Similarity(a.Count, matchedA, leadA, b.Count, matchedB, leadB,
            union <= 0 ? 0 : Math.Min(1, shared / (double)union), Weight(a), ownA, ownB);
    }

    /// <summary>A hash table of B's shingles: the last place of each, and from each place the one before.</summary>
    void Index(ComparedText b)
    {
        var shingles = b.Shingles;
        var size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, shingles.Length * 2));
        if (heads.Length < size)
            heads = new int[size];
        if (nexts.Length < shingles.Length)
            nexts = new int[shingles.Length * 2];
        tableSize = size;
        var table = heads.AsSpan(0, size);
        table.Fill(-1);
        for (var i = 0; i < shingles.Length; i++)
        {
            if (shingles[i] == 0 || Slot(table, shingles, shingles[i]) is not (>= 0 and var slot))
                continue;
            nexts[i] = table[slot];
            table[slot] = i;
        }
    }

    /// <summary>The slot of a shingle in the table of B, which may be free; -1 where too many are tried in vain.</summary>
    static int Slot(ReadOnlySpan<int> table, ReadOnlySpan<ulong> shinglesB, ulong shingle)
    {
        var slot = (int)(shingle >> 1) & (table.Length - 1);
        for (var probes = 0; probes < Probes; probes++, slot = (slot + 1) & (table.Length - 1))
            if (table[slot] < 0 || shinglesB[table[slot]] == shingle)
                return slot;
        return -1;
    }

    /// <summary>
    /// Pairs each shingle of A that B has with the place in B nearest to the last anchor's diagonal. Returns how many of
    /// A's shingles B has.
    /// </summary>
    int FindAnchors(ComparedText a, ComparedText b)
    {
        var shinglesA = a.Shingles;
        var shinglesB = b.Shingles;
        var table = heads.AsSpan(0, tableSize);
        anchorCount = 0;
        if (anchors.Length < shinglesA.Length)
            anchors = new (int, int)[shinglesA.Length * 2];
        var diagonal = 0;
        for (var i = 0; i < shinglesA.Length; i++)
        {
            if (shinglesA[i] == 0 || Slot(table, shinglesB, shinglesA[i]) is not (>= 0 and var slot) || table[slot] < 0)
                continue;
            // Most often it is where the diagonal meets B; else the nearest of the last few places.
            var best = i + diagonal;
            if ((uint)best >= (uint)shinglesB.Length || shinglesB[best] != shinglesA[i])
            {
                best = table[slot];
                for (var (n, place) = (1, nexts[best]); n < Repeats && place >= 0; n++, place = nexts[place])
                    if (Math.Abs(place - i - diagonal) < Math.Abs(best - i - diagonal))
                        best = place;
            }

            diagonal = best - i;
            anchors[anchorCount++] = (i, best);
        }

        return anchorCount;
    }

    /// <summary>Marks the words of every anchor that has support from the one before or behind; the others are taken out.</summary>
    void MarkAnchors(ComparedText a, ComparedText b)
    {
        var kept = 0;
        var supportedBefore = false;
        for (var n = 0; n < anchorCount; n++)
        {
            var anchor = anchors[n];
            var supportsNext = n + 1 < anchorCount && Support(anchor, anchors[n + 1]);
            // A text of hardly more than one shingle has no room for a second anchor.
            var length = anchor.A + 1 - a.StartOf(anchor.A);
            if (supportedBefore || supportsNext || Math.Min(a.Count, b.Count) <= length + 1)
            {
                Mark(a, anchor.A);
                Mark(b, anchor.B);
                anchors[kept++] = anchor;
            }

            supportedBefore = supportsNext;
        }

        anchorCount = kept;
    }

    static bool Support((int A, int B) one, (int A, int B) other) =>
        other.A - one.A <= Neighbourhood && Math.Abs(other.B - other.A - (one.B - one.A)) <= Drift;

    static void Mark(ComparedText text, int last) => text.States[text.StartOf(last)..(last + 1)].Fill(WordState.Matched);

    void MarkGaps(ComparedText a, ComparedText b)
    {
        replacements.Clear();
        places.Clear();
        if (anchorCount == 0)
            return;
        AddPlace(new Replacement(0, a.StartOf(anchors[0].A), 0, b.StartOf(anchors[0].B)));
        for (var n = 1; n < anchorCount; n++)
        {
            var (fromA, toA) = (anchors[n - 1].A + 1, a.StartOf(anchors[n].A));
            var (fromB, toB) = (anchors[n - 1].B + 1, b.StartOf(anchors[n].B));
            if (toA <= fromA || toB <= fromB)
                continue;
            var gap = new Replacement(fromA, toA, fromB, toB);
            if (toA - fromA <= LongestGap && toB - fromB <= LongestGap)
            {
                if (LetterDistance.Resemble(a.Words, fromA, toA, b.Words, fromB, toB, GapResemblance))
                {
                    MarkResembling(a.States[fromA..toA]);
                    MarkResembling(b.States[fromB..toB]);
                    continue;
                }

                replacements.Add(gap);
            }

            AddPlace(gap);
        }

        AddPlace(new Replacement(anchors[anchorCount - 1].A + 1, a.Count, anchors[anchorCount - 1].B + 1, b.Count));
    }

    void AddPlace(in Replacement gap)
    {
        if (gap.ToA - gap.FromA is > 0 and <= LongestPlace && gap.ToB - gap.FromB is > 0 and <= LongestPlace)
            places.Add(gap);
    }

    /// <summary>Replaced passages; one in a script without blanks counts double, where a word has about two characters.</summary>
    int Weight(ComparedText a)
    {
        var weight = 0;
        foreach (var replacement in replacements)
            weight += WordSequence.IsCharacter(a.Words.Hashes[replacement.FromA])
                || WordSequence.IsCharacter(a.Words.Hashes[replacement.FromA - 1]) ? 2 : 1;
        return weight;
    }

    static void MarkResembling(Span<WordState> states)
    {
        foreach (ref var state in states)
            if (state < WordState.Resembling)
                state = WordState.Resembling;
    }

    /// <summary>The words that the other text has, those before the first of them, and the longest run of those that it has not.</summary>
    static (int Matched, int Lead, int Own) Count(ComparedText text)
    {
        int matched = 0, lead = 0, run = 0, own = 0;
        foreach (var state in text.States)
        {
            run = state >= WordState.Resembling ? 0 : run + 1;
            own = Math.Max(own, run);
            if (state >= WordState.Resembling)
                matched++;
            else if (matched == 0)
                lead++;
        }

        return (matched, lead, own);
    }
}
