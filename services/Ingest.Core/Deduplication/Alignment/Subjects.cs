using System.Buffers;
using Ingest.Core.Deduplication.Text;

namespace Ingest.Core.Deduplication.Alignment;

/// <summary>
/// Tells two texts of one form about different subjects from two versions of one text. A form says the same of everybody, but for the facts
/// that matter. So what parts them is a name in the lead that the other text never has, where that has another which the first never has,
/// together with other facts that are replaced too; or another day, together with other figures. A correction replaces a name alone, an
/// update replaces figures alone, and a paper recasts sentences but keeps their names and figures.
/// </summary>
/// <remarks>
/// Asked only about texts that would be joined otherwise. Time is linear in the texts, and next to nothing where no name of the lead and no
/// day is replaced.
/// </remarks>
internal sealed class Subjects
{
    /// <summary>Words that a form has in one of its places, at most, in either text. A longer passage is a new one.</summary>
    const int LongestPlace = 16;

    /// <summary>The same for a row of figures, where both have about as many words; its other words are not looked at.</summary>
    const int LongestRow = 48, RowDrift = 3;

    /// <summary>Places that are looked at. Texts with more share little.</summary>
    const int MostPlaces = 64;

    /// <summary>Names of a place that are looked at, and words of a name.</summary>
    const int MostNames = 8;

    /// <summary>Other facts that must be replaced beside the subject or the day.</summary>
    const int Facts = 2;

    /// <summary>The same where the source itself says that it is a later version: it may correct several facts.</summary>
    const int DeclaredFacts = 4;

    /// <summary>The share of the figures that must be replaced on another day.</summary>
    const double MostFigures = 0.5;

    /// <summary>The share of its letters that a name keeps in another spelling or transliteration.</summary>
    const double OneName = 0.7;

    /// <summary>Letters of a name, at least: "U" and "US" are spellings. Those with which a word and its short form begin.</summary>
    const int ShortestName = 3, ShortForm = 2;

    /// <summary>Marks that part two names.</summary>
    static readonly SearchValues<char> Parting = SearchValues.Create(",;:()\n");

    readonly FactSheet a = new(), b = new();
    readonly List<(int From, int To)> namesA = [], namesB = [];
    readonly HashSet<ulong> counted = [];
    IReadOnlyList<Replacement> places = [];
    bool? headlinesShareAName;

    /// <summary>What parts the two, of which A is the later; null where nothing does.</summary>
    /// <param name="between">Where they read otherwise: see <see cref="Aligner.Places"/>.</param>
    /// <param name="isDeclared">The source itself says that A is a version of B.</param>
    public SubjectChange? Between(
        WordSequence wordsA, string? headlineA, WordSequence wordsB, string? headlineB, IReadOnlyList<Replacement> between, bool isDeclared)
    {
        if (between.Count == 0)
            return null;
        a.Begin(wordsA, headlineA);
        b.Begin(wordsB, headlineB);
        (places, headlinesShareAName) = (between, null);
        var (subject, day) = (OtherSubject(), isDeclared ? null : OtherDay());
        if (subject is null && day is null)
            return null;
        counted.Clear();
        int names = 0, figures = 0, days = 0;
        for (var n = 0; n < Math.Min(places.Count, MostPlaces); n++)
        {
            var place = places[n];
            if (!IsPlace(place) && !IsRow(place))
                continue;
            figures += Math.Min(Own(a, b, place.FromA, place.ToA, FactKind.Figure), Own(b, a, place.FromB, place.ToB, FactKind.Figure));
            days += Math.Min(Own(a, b, place.FromA, place.ToA, FactKind.Weekday), Own(b, a, place.FromB, place.ToB, FactKind.Weekday))
                + Math.Min(Own(a, b, place.FromA, place.ToA, FactKind.Date), Own(b, a, place.FromB, place.ToB, FactKind.Date));
            if (IsPlace(place))
                names += OtherNames(place) ? Math.Min(Uncounted(a, namesA), Uncounted(b, namesB)) : 0;
        }

        var facts = names + figures + days - 1;
        if (subject is not null && facts >= (isDeclared ? DeclaredFacts : Facts))
            return subject with { Facts = facts };
        var most = Math.Max(figures / (double)Math.Max(1, a.FigureCount), figures / (double)Math.Max(1, b.FigureCount));
        return day is not null && figures > 0 && names + figures >= Facts && most >= MostFigures
            ? day with { Facts = names + figures }
            : null;
    }

    bool IsPlace(in Replacement place) => Longer(place) <= a.Reach(LongestPlace);

    bool IsRow(in Replacement place) => Longer(place) <= a.Reach(LongestRow)
        && Math.Abs(place.ToA - place.FromA - (place.ToB - place.FromB)) <= RowDrift;

    static int Longer(in Replacement place) => Math.Max(place.ToA - place.FromA, place.ToB - place.FromB);

    /// <summary>The first pair of names that are what their texts are about.</summary>
    SubjectChange? OtherSubject()
    {
        int leadA = a.Reach(FactSheet.Lead), leadB = b.Reach(FactSheet.Lead);
        foreach (var place in places)
        {
            if (place.FromA >= leadA)
                return null;
            if (place.FromB >= leadB || !IsPlace(place) || !OtherNames(place))
                continue;
            foreach (var one in namesA)
                foreach (var other in namesB)
                    if (one.From < leadA && other.From < leadB && IsSubject(a, one, b) && IsSubject(b, other, a))
                        return new SubjectChange(b.Words.Passage(other.From, other.To), a.Words.Passage(one.From, one.To), IsDay: false, 0);
        }

        return null;
    }

    /// <summary>
    /// The headline has it, or the text begins with it, or has it again before any name that the other text has too. A speaker comes behind the
    /// name of the place, and not in the headline; and if both headlines have a name that both leads have, that is what the texts are about.
    /// </summary>
    bool IsSubject(FactSheet sheet, (int From, int To) name, FactSheet other)
    {
        var (isRepeated, isInHeadline) = (false, false);
        var reader = new FactReader(sheet.Words, name.From, name.To);
        while (reader.MoveNext())
        {
            if (!IsOwn(sheet, reader.Current, other))
                continue;
            isRepeated |= sheet.IsRepeated(reader.Current);
            isInHeadline |= sheet.IsInHeadline(reader.Current);
        }

        if (isInHeadline)
            return true;
        // The place that a paper wrote before its copy.
        if (name.From == 0 && IsTitle(sheet.Words, name) && sheet.CapitalsTell)
            return false;
        if (isRepeated && !sheet.HasHeadline)
            return true;
        if (headlinesShareAName ??= a.HeadlineSharesAName(b))
            return false;
        return name.From < sheet.Reach(FactSheet.Start) && !IsTitle(sheet.Words, name)
            || isRepeated && sheet.CapitalsTell && name.From < sheet.FirstShared(other);
    }

    /// <summary>Only capitals, as in a headline above the text.</summary>
    static bool IsTitle(WordSequence words, (int From, int To) name)
    {
        var start = words.Place(name.From).Start;
        foreach (var c in words.Text.AsSpan(start, words.Place(name.To - 1).End - start))
            if (char.IsLower(c))
                return false;
        return true;
    }

    /// <summary>The names of either text in a place, where the other never has them in any spelling. False where one has none.</summary>
    bool OtherNames(in Replacement place)
    {
        Names(a, place.FromA, place.ToA, namesA);
        if (namesA.Count == 0)
            return false;
        Names(b, place.FromB, place.ToB, namesB);
        for (var i = namesA.Count - 1; i >= 0; i--)
        {
            var one = namesA[i];
            var other = namesB.FindIndex(n => AreOne(one, n));
            if (other < 0)
                continue;
            namesA.RemoveAt(i);
            namesB.RemoveAt(other);
        }

        // Last, as it asks all of the other text.
        namesA.RemoveAll(name => !IsOwn(a, name, b));
        namesB.RemoveAll(name => !IsOwn(b, name, a));
        return namesA.Count > 0 && namesB.Count > 0;
    }

    /// <summary>What may name something in a place; words that follow each other, or leave one between them, are one name.</summary>
    static void Names(FactSheet sheet, int from, int to, List<(int From, int To)> names)
    {
        names.Clear();
        var reader = new FactReader(sheet.Words, from, to);
        while (reader.MoveNext())
        {
            var fact = reader.Current;
            if (!sheet.MayName(fact))
                continue;
            var last = names.Count - 1;
            if (last >= 0 && Adjoin(sheet.Words, names[last].To, fact.From))
                names[last] = (names[last].From, fact.To);
            else if (names.Count < MostNames)
                names.Add((fact.From, fact.To));
        }

        names.RemoveAll(name => IsTooShort(sheet.Words, name));
    }

    /// <summary>At most one word stands between them, and no comma or the like.</summary>
    static bool Adjoin(WordSequence words, int end, int next)
    {
        if (next < end)
            return true;
        var from = words.Place(end - 1).End;
        return next <= end + 1 && !words.Text.AsSpan(from, words.Place(next).Start - from).ContainsAny(Parting);
    }

    static bool IsTooShort(WordSequence words, (int From, int To) name) => !WordSequence.IsCharacter(words.Hashes[name.From])
        && words.Place(name.To - 1).End - words.Place(name.From).Start < ShortestName;

    /// <summary>The other text has not all of it: of "Carrow North" and "Carrow South" each has its own.</summary>
    static bool IsOwn(FactSheet sheet, (int From, int To) name, FactSheet other)
    {
        var reader = new FactReader(sheet.Words, name.From, name.To);
        while (reader.MoveNext())
            if (IsOwn(sheet, reader.Current, other))
                return true;
        return false;
    }

    static bool IsOwn(FactSheet sheet, in Fact fact, FactSheet other) =>
        !IsTooShort(sheet.Words, (fact.From, fact.To)) && sheet.MayName(fact) && !other.Has(fact);

    /// <summary>One name in two spellings, or in short. What both have of it says nothing: a title, a preposition, the name of the town.</summary>
    bool AreOne((int From, int To) one, (int From, int To) other)
    {
        if (IsInitials(a.Words, one, b.Words, other) || IsInitials(b.Words, other, a.Words, one))
            return true;
        var haveWordsInCommon = false;
        for (var i = one.From; i < Math.Min(one.To, one.From + MostNames); i++)
            for (var j = other.From; j < Math.Min(other.To, other.From + MostNames); j++)
            {
                if (a.Words.Hashes[i] == b.Words.Hashes[j])
                    haveWordsInCommon = true;
                else if (!WordSequence.IsCharacter(a.Words.Hashes[i])
                    && (AreShortAndLong(i, j) || LetterDistance.Resemble(a.Words, i, i + 1, b.Words, j, j + 1, OneName)))
                    return true;
            }

        return !haveWordsInCommon
            && LetterDistance.Resemble(a.Words, one.From, one.To, b.Words, other.From, other.To, OneName);
    }

    /// <summary>One word begins with the other: "Sen." and "Senator".</summary>
    bool AreShortAndLong(int wordA, int wordB)
    {
        var ((startA, endA), (startB, endB)) = (a.Words.Place(wordA), b.Words.Place(wordB));
        var shorter = Math.Min(endA - startA, endB - startB);
        if (shorter < ShortForm)
            return false;
        for (var i = 0; i < shorter; i++)
            if (Folding.Table[a.Words.Compared[startA + i]] != Folding.Table[b.Words.Compared[startB + i]])
                return false;
        return true;
    }

    /// <summary>One word has the first letters of the other's words: "UN" for "United Nations".</summary>
    static bool IsInitials(WordSequence words, (int From, int To) one, WordSequence others, (int From, int To) other)
    {
        var (start, end) = words.Place(one.From);
        if (one.To - one.From != 1 || other.To - other.From < 2 || end - start != other.To - other.From)
            return false;
        for (var i = 0; i < end - start; i++)
            if (Folding.Table[words.Compared[start + i]] != Folding.Table[others.Compared[others.Place(other.From + i).Start]])
                return false;
        return true;
    }

    /// <summary>Facts of a kind in a place that the other text has nowhere; each counts once in a text.</summary>
    int Own(FactSheet sheet, FactSheet other, int from, int to, FactKind kind)
    {
        var own = 0;
        var reader = new FactReader(sheet.Words, from, to);
        while (reader.MoveNext())
            if (reader.Current.Kind == kind && !other.Has(reader.Current) && counted.Add(reader.Current.Hash))
                own++;
        return own;
    }

    int Uncounted(FactSheet sheet, List<(int From, int To)> names)
    {
        var count = 0;
        foreach (var (from, _) in names)
            count += counted.Add(sheet.Words.Hashes[from]) ? 1 : 0;
        return count;
    }

    /// <summary>
    /// The days of the leads, where neither text has one of the other's: it happened again. A date says more than a weekday, which comes again
    /// after a week.
    /// </summary>
    SubjectChange? OtherDay()
    {
        if (a.Days.Count == 0 || b.Days.Count == 0)
            return null;
        var (dates, weekdays) = (Other(FactKind.Date), Other(FactKind.Weekday));
        var (before, after) = dates.IsOther ? (dates.B, dates.A) : (weekdays.B, weekdays.A);
        return dates.IsOther || weekdays.IsOther && !dates.IsSame
            ? new SubjectChange(b.Spelling(b.Days[before]), a.Spelling(a.Days[after]), IsDay: true, 0)
            : null;
    }

    /// <summary>
    /// Whether both leads have days of a kind, and the other text has none of them, or has one; and the first of each.
    /// </summary>
    (bool IsOther, bool IsSame, int A, int B) Other(FactKind kind)
    {
        var (isOwnA, firstA) = Days(a, b, kind);
        var (isOwnB, firstB) = Days(b, a, kind);
        var both = firstA >= 0 && firstB >= 0;
        return (both && isOwnA && isOwnB, both && !(isOwnA && isOwnB), firstA, firstB);
    }

    /// <summary>Whether the other text has none of the days of a kind in the lead; and the first of them, or -1.</summary>
    static (bool AreOwn, int First) Days(FactSheet sheet, FactSheet other, FactKind kind)
    {
        var (areOwn, first) = (true, -1);
        for (var i = 0; i < sheet.Days.Count; i++)
            if (sheet.Days[i].Fact.Kind == kind)
                (areOwn, first) = (areOwn && !other.Has(sheet.Days[i].Fact), first < 0 ? i : first);
        return (areOwn, first);
    }
}
