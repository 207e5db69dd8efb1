using System.Buffers;
using Ingest.Core.Deduplication.Text;

namespace Ingest.Core.Deduplication.Alignment;

/// <summary>
/// What one text of a comparison says, and how often. Read only as far as it is asked for, as most copies part from their original in nothing
/// that matters. A buffer, to be filled again.
/// </summary>
internal sealed class FactSheet
{
    /// <summary>Words of the body in which a report says what it is about, and those with which it begins.</summary>
    public const int Lead = 40, Start = 8;

    /// <summary>Words from which is seen whether capitals tell names.</summary>
    const int Sample = 160;

    /// <summary>
    /// The share of words with capitals between which a capital makes a name. With more, as in German, in titles and in old bulletins, and
    /// with fewer, in scripts that have none, a name is what is repeated.
    /// </summary>
    const double LeastCapitals = 0.03, MostCapitals = 0.34;

    /// <summary>Letters of a word that may be a name although no capital says so.</summary>
    const int ShortestName = 3;

    /// <summary>Characters between two words that are looked at.</summary>
    const int Marks = 8;

    /// <summary>Marks behind which a sentence, a quotation or an item of a list begins.</summary>
    static readonly SearchValues<char> Ends = SearchValues.Create(".!?:\n“\"«„*•");

    readonly WordSequence headline = new();
    readonly HashSet<ulong> figures = [];
    readonly List<(Fact Fact, bool IsInHeadline)> days = [];
    string? title;
    bool isTitleRead, areFiguresRead, areDaysRead;
    bool? capitalsTell;

    public WordSequence Words { get; private set; } = null!;

    public void Begin(WordSequence words, string? headlineOrNone)
    {
        (Words, title) = (words, headlineOrNone);
        (isTitleRead, areFiguresRead, areDaysRead, capitalsTell) = (false, false, false, null);
    }

    public bool HasHeadline => Headline.Count > 0;

    WordSequence Headline
    {
        get
        {
            if (!isTitleRead)
                headline.Read(title ?? "");
            isTitleRead = true;
            return headline;
        }
    }

    /// <summary>So many words of the body, or twice as many characters where words have no blanks.</summary>
    public int Reach(int words) => Reach(Words, words);

    static int Reach(WordSequence words, int reach) => words.IsOfCharacters ? 2 * reach : reach;

    /// <summary>The days that headline and lead name.</summary>
    public IReadOnlyList<(Fact Fact, bool IsInHeadline)> Days
    {
        get
        {
            if (!areDaysRead)
            {
                days.Clear();
                AddDays(Headline, isHeadline: true);
                AddDays(Words, isHeadline: false);
            }

            areDaysRead = true;
            return days;
        }
    }

    void AddDays(WordSequence words, bool isHeadline)
    {
        var reader = new FactReader(words, 0, Math.Min(words.Count, Reach(words, Lead)));
        while (reader.MoveNext())
            if (reader.Current.Kind is FactKind.Weekday or FactKind.Date)
                days.Add((reader.Current, isHeadline));
    }

    /// <summary>How headline or lead has a day.</summary>
    public string Spelling((Fact Fact, bool IsInHeadline) day) =>
        (day.IsInHeadline ? Headline : Words).Passage(day.Fact.From, day.Fact.To);

    /// <summary>Whether headline or body has it, wherever.</summary>
    public bool Has(in Fact fact)
    {
        if (fact.Kind is not (FactKind.Figure or FactKind.Date))
            return IndexOf(Words.Hashes, fact) >= 0 || IndexOf(Headline.Hashes, fact) >= 0;
        ReadFigures();
        return figures.Contains(fact.Hash);
    }

    void ReadFigures()
    {
        if (areFiguresRead)
            return;
        areFiguresRead = true;
        figures.Clear();
        FigureCount = 0;
        AddFigures(Headline);
        FigureCount = 0;
        AddFigures(Words);
    }

    void AddFigures(WordSequence words)
    {
        for (var word = 0; word < words.Count;)
        {
            // Nothing else is looked at: a text has few figures and many words.
            if (!char.IsDigit(words.Text[words.Place(word).Start]))
            {
                word++;
                continue;
            }

            var reader = new FactReader(words, word, words.Count);
            reader.MoveNext();
            word = Math.Max(word + 1, reader.Current.To);
            if (reader.Current.Kind is not (FactKind.Figure or FactKind.Date))
                continue;
            figures.Add(reader.Current.Hash);
            FigureCount += reader.Current.Kind == FactKind.Figure ? 1 : 0;
        }
    }

    /// <summary>Figures of the body, days left out; known once <see cref="Has"/> was asked for one.</summary>
    public int FigureCount { get; private set; }

    static int IndexOf(ReadOnlySpan<ulong> hashes, in Fact fact)
    {
        if (fact.Second == 0)
            return hashes.IndexOf(fact.Hash);
        ReadOnlySpan<ulong> pair = [fact.Hash, fact.Second];
        return hashes.IndexOf(pair);
    }

    /// <summary>Headline and body have it more than once.</summary>
    public bool IsRepeated(in Fact fact)
    {
        var first = IndexOf(Words.Hashes, fact);
        return first >= 0 && (IndexOf(Words.Hashes[(first + 1)..], fact) >= 0 || IsInHeadline(fact));
    }

    public bool IsInHeadline(in Fact fact) => IndexOf(Headline.Hashes, fact) >= 0;

    /// <summary>It may name somebody or something: by its capital, or where capitals say nothing, because it stands there more than once.</summary>
    public bool MayName(in Fact fact)
    {
        if (fact.Kind is not (FactKind.Word or FactKind.Name))
            return false;
        if (CapitalsTell)
            return fact.Kind == FactKind.Name && (!BeginsSentence(fact.From) || IsCapital(fact.To) || IsRepeated(fact));
        var isLong = WordSequence.IsCharacter(fact.Hash)
            ? fact.Second != 0
            : Words.Place(fact.From).End - Words.Place(fact.From).Start >= ShortestName;
        return isLong && IsRepeated(fact);
    }

    /// <summary>True where a capital within a sentence makes a name.</summary>
    public bool CapitalsTell => capitalsTell ??= DoCapitalsTell();

    bool DoCapitalsTell()
    {
        int capitals = 0, all = 0;
        for (var word = 0; word < Math.Min(Words.Count, Sample); word++)
        {
            var c = Words.Text[Words.Place(word).Start];
            capitals += char.IsUpper(c) ? 1 : 0;
            all += char.IsDigit(c) ? 0 : 1;
        }

        return capitals > LeastCapitals * all && capitals < MostCapitals * all;
    }

    /// <summary>The place of the first name of the lead that the other text has too; the end of the lead for none.</summary>
    public int FirstShared(FactSheet other)
    {
        var end = Math.Min(Words.Count, Reach(Lead));
        for (var word = 1; word < end; word++)
            if (IsCapital(word) && !BeginsSentence(word) && other.Words.Hashes.Contains(Words.Hashes[word]))
                return word;
        return end;
    }

    /// <summary>Both headlines have a name that this lead and the other body have.</summary>
    public bool HeadlineSharesAName(FactSheet other)
    {
        if (!HasHeadline || !other.HasHeadline)
            return false;
        var end = Math.Min(Words.Count, Reach(Lead));
        for (var word = 1; word < end; word++)
            if (IsCapital(word) && !BeginsSentence(word) && Words.Hashes[word] is var hash && Headline.Hashes.Contains(hash)
                && other.Headline.Hashes.Contains(hash) && other.Words.Hashes.Contains(hash))
                return true;
        return false;
    }

    bool IsCapital(int word) => word < Words.Count && char.IsUpper(Words.Text[Words.Place(word).Start]);

    /// <summary>Between the word and the one before it stands the end of a sentence, or of a paragraph.</summary>
    bool BeginsSentence(int word)
    {
        if (word == 0)
            return true;
        var (from, to) = (Words.Place(word - 1).End, Words.Place(word).Start);
        return Words.Text.AsSpan(from, Math.Min(to - from, Marks)).ContainsAny(Ends);
    }
}
