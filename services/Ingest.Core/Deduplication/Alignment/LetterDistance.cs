using Ingest.Core.Deduplication.Text;

namespace Ingest.Core.Deduplication.Alignment;

/// <summary>
/// Compares short runs of words letter by letter, blanks left out, by edit distance (Myers' bit-parallel algorithm, 1999).
/// </summary>
internal static class LetterDistance
{
    /// <summary>Letters of a run that are compared; a run that is longer does not resemble anything.</summary>
    const int Longest = 64;

    /// <summary>True where at least <paramref name="share"/> of the letters of the longer run stay the same.</summary>
    public static bool Resemble(WordSequence a, int fromA, int toA, WordSequence b, int fromB, int toB, double share)
    {
        Span<char> lettersA = stackalloc char[Longest], lettersB = stackalloc char[Longest];
        var lengthA = Letters(a, fromA, toA, lettersA);
        var lengthB = Letters(b, fromB, toB, lettersB);
        if (lengthA <= 0 || lengthB <= 0)
            return false;
        if (FiguresDiffer(a, fromA, toA, b, fromB, toB))
            return false;
        var longer = Math.Max(lengthA, lengthB);
        if (Math.Min(lengthA, lengthB) < share * longer)
            return false;
        return longer - Distance(lettersA[..lengthA], lettersB[..lengthB]) >= share * longer;
    }

    /// <summary>Both have figures, and not the same: other facts, however alike they look.</summary>
    static bool FiguresDiffer(WordSequence a, int fromA, int toA, WordSequence b, int fromB, int toB)
    {
        Span<char> figuresA = stackalloc char[2 * Longest], figuresB = stackalloc char[2 * Longest];
        figuresA = figuresA[..Figures(a, fromA, toA, figuresA)];
        figuresB = figuresB[..Figures(b, fromB, toB, figuresB)];
        return figuresA.Length > 0 && figuresB.Length > 0 && !figuresA.SequenceEqual(figuresB);
    }

    /// <summary>The digits of a run of words, with a blank where a figure ends: "1.5" is not "15", but "1,500" is "1500".</summary>
    static int Figures(WordSequence words, int from, int to, Span<char> figures)
    {
        var count = 0;
        for (var word = from; word < to; word++)
        {
            var (start, end) = words.Place(word);
            var digits = words.Compared.AsSpan(start, end - start);
            var isThousands = digits.Length == 3 && count > 0 && start == words.Place(word - 1).End + 1;
            var any = count > 0 && !isThousands;
            foreach (var c in digits)
            {
                var folded = Folding.Table[c];
                if (!char.IsAsciiDigit(folded) || count + 2 > figures.Length)
                    continue;
                if (any)
                    figures[count++] = ' ';
                any = false;
                figures[count++] = folded;
            }
        }

        return count;
    }

    /// <summary>Insertions, deletions and replacements that turn one into the other; both have at most 64 letters.</summary>
    public static int Distance(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        // Column by column of the classic matrix, the differences down a column kept in two registers.
        ulong plus = ulong.MaxValue, minus = 0;
        var last = 1UL << (a.Length - 1);
        var distance = a.Length;
        foreach (var letter in b)
        {
            var equal = 0UL;
            for (var i = 0; i < a.Length; i++)
                equal |= a[i] == letter ? 1UL << i : 0;
            var x = equal | minus;
            var d = (((x & plus) + plus) ^ plus) | x;
            var horizontalPlus = minus | ~(d | plus);
            var horizontalMinus = plus & d;
            if ((horizontalPlus & last) != 0)
                distance++;
            else if ((horizontalMinus & last) != 0)
                distance--;
            horizontalPlus = (horizontalPlus << 1) | 1;
            horizontalMinus <<= 1;
            plus = horizontalMinus | ~(d | horizontalPlus);
            minus = horizontalPlus & d;
        }

        return distance;
    }

    /// <summary>The folded letters of a run of words; -1 if there are too many.</summary>
    static int Letters(WordSequence words, int from, int to, Span<char> letters)
    {
        // A word may hide any number of characters that are dropped when it is folded.
        if (from >= to || words.Place(to - 1).End - words.Place(from).Start > 4 * Longest)
            return -1;
        var table = Folding.Table;
        var count = 0;
        for (var word = from; word < to; word++)
        {
            var (start, end) = words.Place(word);
            foreach (var c in words.Compared.AsSpan(start, end - start))
            {
                var folded = table[c];
                if (folded is Folding.Dropped or Folding.Separator)
                    continue;
                ReadOnlySpan<char> taken = folded == Folding.Expanded ? Folding.Expansion(c) : [folded];
                if (count + taken.Length > letters.Length)
                    return -1;
                taken.CopyTo(letters[count..]);
                count += taken.Length;
            }
        }

        return count;
    }
}
