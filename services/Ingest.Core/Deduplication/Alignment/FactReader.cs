using Ingest.Core.Deduplication.Text;

namespace Ingest.Core.Deduplication.Alignment;

/// <summary>Reads the facts of a run of words one after the other. Allocates nothing; each word costs a bounded time.</summary>
/// <param name="words">The words of a text.</param>
/// <param name="from">The first.</param>
/// <param name="to">The word behind the last.</param>
internal ref struct FactReader(WordSequence words, int from, int to)
{
    const ulong Multiplier = 0x9E3779B97F4A7C15, OfFigures = 0x5851F42D4C957F2D, OfDays = 0xD1342543DE82EF95;

    /// <summary>Letters of a word that are looked at for digits.</summary>
    const int Longest = 24;

    /// <summary>Digits of the number of a day.</summary>
    const int OfDay = 2;

    int next = from;

    /// <summary>The fact that was read last.</summary>
    public Fact Current { get; private set; }

    public bool MoveNext()
    {
        if (next >= to)
            return false;
        var at = next++;
        var hash = words.Hashes[at];
        if (WordSequence.IsCharacter(hash))
        {
            // A character by itself says next to nothing: the pair with the one behind it.
            var isPair = next < to && WordSequence.IsCharacter(words.Hashes[next]) && words.Place(next).Start == words.Place(at).End;
            Current = new Fact(FactKind.Word, hash, isPair ? words.Hashes[next] : 0, at, isPair ? at + 2 : at + 1);
            return true;
        }

        if (Digits(at, 0) is not 0 and var digits)
        {
            while (next < to && IsJoined(next) && Digits(next, digits) is var more && more != digits)
                (digits, next) = (more, next + 1);
            var isDay = next == at + 1 ? IsDay(at, next) : IsDate(at, next);
            Current = new Fact(isDay ? FactKind.Date : FactKind.Figure, digits * (isDay ? OfDays : OfFigures), 0, at, next);
            return true;
        }

        var kind = Days.IsWeekday(hash) ? FactKind.Weekday : char.IsUpper(words.Text[words.Place(at).Start]) ? FactKind.Name : FactKind.Word;
        Current = new Fact(kind, hash, 0, at, next);
        return true;
    }

    /// <summary>
    /// The hash of what was read before and the digits with which a word begins; what was read before if it begins with none. Letters may
    /// follow, as in 214m and 3rd; digits behind letters are a scanner's, or those of a name.
    /// </summary>
    readonly ulong Digits(int word, ulong before)
    {
        var (start, end) = words.Place(word);
        var hash = before;
        var isOver = false;
        foreach (var c in words.Text.AsSpan(start, Math.Min(end - start, Longest)))
            if (!char.IsDigit(c))
                isOver = true;
            else if (isOver)
                return before;
            else
                hash = (hash + Folding.Table[c]) * Multiplier;
        return hash;
    }

    /// <summary>
    /// Only a mark stands between the word and the one before it, as in 1,500 and 7:45, or a blank as before the thousands of 1 500.
    /// </summary>
    readonly bool IsJoined(int word)
    {
        var (before, (start, end)) = (words.Place(word - 1).End, words.Place(word));
        return start == before + 1 && (words.Text[before] is '.' or ',' or ':' or '\'' or '’' or '/'
            || end - start == 3 && words.Text[before] is ' ' or '\u00A0' or '\u202F');
    }

    /// <summary>A month stands before it, or behind it and at most one word away, as in "2 de marzo".</summary>
    readonly bool IsDay(int from, int to)
    {
        var (start, end) = words.Place(from);
        if (end - start > OfDay && char.IsDigit(words.Text[start + OfDay]))
            return false;
        if (from > 0 && Days.IsMonth(words.Hashes[from - 1]) && AreTogether(from - 1, from))
            return true;
        for (var word = to; word < Math.Min(words.Count, to + 2); word++)
            if (Days.IsMonth(words.Hashes[word]))
                return AreTogether(to - 1, word);
        return words.Text[words.Place(to - 1).End - 1] == '일';
    }

    /// <summary>Day and month, or month and day, with a slash: "2/3" and "02/03/2026".</summary>
    readonly bool IsDate(int from, int to)
    {
        for (var word = from; word < to; word++)
            if (word > from && words.Text[words.Place(word - 1).End] != '/'
                || word < from + 2 && words.Place(word).End - words.Place(word).Start > OfDay)
                return false;
        return to - from <= 3;
    }

    /// <summary>Nothing parts them: in "March: 7, 12" the number is no day.</summary>
    readonly bool AreTogether(int word, int other)
    {
        var (from, to) = (words.Place(word).End, words.Place(other).Start);
        return !words.Text.AsSpan(from, to - from).ContainsAny(',', ':', '\n');
    }
}
