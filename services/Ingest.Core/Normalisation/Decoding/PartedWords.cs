using System.Buffers;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Words;

namespace Ingest.Core.Normalisation.Decoding;

/// <summary>
/// Joins words that a hyphen parts at a line's end: <c>Tues-/day</c>, but <c>COVID-/19</c> and <c>well-/known</c> keep it. The article
/// decides where it has the word elsewhere, then the lists of <see cref="HyphenLists"/>.
/// </summary>
/// <remarks>
/// The word goes to the later line, so that the column stays one, and the break before it becomes <see cref="Wrap"/>: such a line surely
/// goes on.
/// </remarks>
internal static class PartedWords
{
    public const string Note = "joined words that a line's end had parted";

    /// <summary>The break of a line that goes on in the next: what word processors write for one inside a paragraph.</summary>
    public const char Wrap = '\v';

    const char SoftHyphen = '\u00ad';

    /// <summary>The longest half of a word.</summary>
    const int Longest = 40;

    /// <summary>Characters and blanks of a line that may be running text, before the word's end; and where a word in lower case goes on.</summary>
    const int LineLength = 14, LineBlanks = 2, LowerLength = 8, LowerBlanks = 1;

    /// <summary>Letters of each half that the article has as a word of its own: then the two are a compound.</summary>
    const int CompoundHalf = 4;

    static readonly SearchValues<char> Signs = SearchValues.Create('-', SoftHyphen, '\u2010', '¬');

    /// <param name="From">Where the first half begins, with an opening bracket or quotation mark before it.</param>
    /// <param name="Sign">Where the hyphen stands.</param>
    readonly record struct Parted(int From, int Start, int Sign, int Second, int End, bool OverBreak);

    /// <returns>Null where there is none.</returns>
    public static (string Text, SourceMap Map)? Join(string text)
    {
        List<Parted>? found = null;
        for (var i = Next(text, 0); i >= 0; i = Next(text, i + 1))
            if (Read(text, i, found is null ? -1 : found[^1].Second) is { } parted)
                (found ??= []).Add(parted);
        if (found is null)
            return null;
        var vocabulary = new Vocabulary(text, found);
        var edits = new Edits(text);
        var behind = 0;
        foreach (var parted in found)
        {
            if (IsHanging(text, parted) || IsFlat(text, parted) && !IsKnown(text, parted, vocabulary))
                continue;
            var hyphen = text[parted.Sign] is '-' or '\u2010' && Keeps(text, parted, vocabulary) ? "-" : "";
            if (parted.OverBreak && parted.From > behind && text[parted.From - 1] is ' ' or '\t')
                edits.Replace(parted.From - 1, parted.Second, $"{Wrap}{text.AsSpan(parted.From, parted.Sign - parted.From)}{hyphen}");
            else
                edits.Replace(parted.Sign, parted.Second, hyphen);
            behind = parted.Second;
        }

        return edits.Count > 0 ? edits.Finish() : null;
    }

    static int Next(string text, int from) =>
        from < text.Length && text.AsSpan(from).IndexOfAny(Signs) is >= 0 and var ahead ? from + ahead : -1;

    /// <summary>A word parted at this sign: letters before it, one line break behind it, a letter or figure behind that.</summary>
    /// <param name="tied">Where the second half of the word before begins: it may be parted again on a line that has nothing else.</param>
    static Parted? Read(string text, int sign, int tied)
    {
        var second = sign + 1;
        if (second >= text.Length || !Chars.Is(text[second], CharClass.Space) || sign == 0 || !IsInWord(text[sign - 1]))
            return null;
        var breaks = 0;
        for (; second < text.Length && Chars.Is(text[second], CharClass.Space); second++)
            breaks += text[second] == '\n' || text[second] == '\r' && !(second + 1 < text.Length && text[second + 1] == '\n') ? 1 : 0;
        if (breaks > 1 || second == text.Length || !IsInWord(text[second]))
            return null;
        int start = sign, end = second;
        while (start > 0 && sign - start < Longest && (IsInWord(text[start - 1]) || text[start - 1] is '-' or '\'' or '’' or SoftHyphen))
            start--;
        while (end < text.Length && end - second < Longest && (IsInWord(text[end]) || text[end] is '\'' or '’'))
            end++;
        var from = start;
        while (from > 0 && start - from < 4 && Chars.Is(text[from - 1], CharClass.Opener))
            from--;
        // The end of an address is no word.
        if (from > 0 && !Chars.Is(text[from - 1], CharClass.Space) && text[from - 1] is '/' or '.' or '@' or '_' or '=' or '?' or '&'
            || end < text.Length && text[end] is '/' or '_' or '@')
            return null;
        var parted = new Parted(from, start, sign, second, end, breaks > 0);
        // Only a soft hyphen says by itself that the word goes on behind a blank.
        if (IsFlat(text, parted))
            return second == sign + 2 && IsFlattened(text, parted) ? parted : null;
        return text[sign] == SoftHyphen || start == tied || IsText(text, parted) ? parted : null;
    }

    static bool IsInWord(char c) => Chars.Is(c, CharClass.Letter | CharClass.Digit | CharClass.Mark) && !Chars.Is(c, CharClass.Spaceless);

    /// <summary>
    /// True where the line before reads as text. A capital behind the break begins a sentence of its own, where the hyphen is a dash
    /// ("LONDON-/The minister …"), unless the line is in the midst of one.
    /// </summary>
    static bool IsText(string text, Parted parted)
    {
        var line = text.AsSpan(0, parted.From)[Math.Max(0, parted.From - 200)..];
        line = line[(line.LastIndexOfAny('\n', '\r') + 1)..].TrimStart();
        var (first, second) = (text[parted.Sign - 1], text[parted.Second]);
        var lower = Chars.Is(first, CharClass.Lower) && Chars.Is(second, CharClass.Lower);
        if (line.Length + parted.Sign - parted.From < (lower ? LowerLength : LineLength) || line.Count(' ') < (lower ? LowerBlanks : LineBlanks))
            return false;
        // Scores and ranges ("3-/2") are too short to be told from an item of a list.
        if (Chars.Is(first, CharClass.Digit) && Chars.Is(second, CharClass.Digit))
            return parted.Sign - parted.Start >= 4 && parted.End - parted.Second >= 2;
        return !Chars.Is(second, CharClass.Upper) || Chars.Is(first, CharClass.Lower | CharClass.Upper) && !IsFunctionWord(text[parted.Second..parted.End]);
    }

    static bool IsFlat(string text, Parted parted) => !parted.OverBreak && text[parted.Sign] != SoftHyphen;

    /// <summary>
    /// The lines may have been put into one later, but "Ida Moe- who runs the line" is as frequent: the article has to have the word.
    /// </summary>
    static bool IsKnown(string text, Parted parted, Vocabulary vocabulary)
    {
        var first = text.AsSpan(parted.Start, parted.Sign - parted.Start);
        var second = text.AsSpan(parted.Second, parted.End - parted.Second);
        return vocabulary.Has(first, "", second) || vocabulary.Has(first, "-", second);
    }

    /// <summary>"hauled over- night", but neither "two- and three-" nor "anak- anak".</summary>
    static bool IsFlattened(string text, Parted parted)
    {
        var first = text.AsSpan(parted.Start, parted.Sign - parted.Start);
        var second = text.AsSpan(parted.Second, parted.End - parted.Second);
        return first.Length >= 2 && second.Length >= 2 && Chars.Is(text[parted.Sign - 1], CharClass.Lower) && Chars.Is(second[0], CharClass.Lower)
            && !first.Equals(second, StringComparison.OrdinalIgnoreCase) && !IsFunctionWord(second.ToString());
    }

    static bool IsFunctionWord(string word) => StopWords.Default.Find(StopWords.Hash(word)) != 0;

    static bool IsHanging(string text, Parted parted) =>
        text[parted.Sign] is '-' or '\u2010' && !(parted.End < text.Length && text[parted.End] == '-') && HyphenLists.HangsBefore(text.AsSpan(parted.Second, parted.End - parted.Second));

    static bool Keeps(string text, Parted parted, Vocabulary vocabulary)
    {
        var first = text.AsSpan(parted.Start, parted.Sign - parted.Start);
        var second = text.AsSpan(parted.Second, parted.End - parted.Second);
        // COVID-/19, 12-/year, Anglo-/Swiss, UN-/led, e-/mail, state-of-the-/art, up-/to-date.
        if (Chars.Any(first, CharClass.Digit) || Chars.Is(second[0], CharClass.Digit | CharClass.Upper) || first.Length == 1
            || first.Length > 1 && Chars.Is(first[^1], CharClass.Upper) || first.Contains('-')
            || parted.End + 1 < text.Length && text[parted.End] == '-' && IsInWord(text[parted.End + 1]))
            return true;
        if (vocabulary.Has(first, "", second))
            return false;
        if (vocabulary.Has(first, "-", second))
            return true;
        if (StopWords.Default.Find(StopWords.Hash($"{first}{second}")) != 0)
            return false;
        return HyphenLists.Keeps(first, second)
            || first.Length >= CompoundHalf && second.Length >= CompoundHalf && vocabulary.Has(first, "", "") && vocabulary.Has(second, "", "");
    }

    /// <summary>The words of the text, in whatever case, but for the halves in question; those with a hyphen inside as they stand.</summary>
    sealed class Vocabulary
    {
        readonly HashSet<string> words = new(StringComparer.OrdinalIgnoreCase);
        readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> lookup;

        public Vocabulary(string text, List<Parted> halves)
        {
            lookup = words.GetAlternateLookup<ReadOnlySpan<char>>();
            var next = 0;
            for (var i = 0; i < text.Length; i++)
            {
                if (next < halves.Count && i >= halves[next].Start)
                {
                    i = Math.Max(i, halves[next].End - 1);
                    next++;
                    continue;
                }

                if (!IsInWord(text[i]))
                    continue;
                var start = i;
                while (i + 1 < text.Length && (IsInWord(text[i + 1]) || text[i + 1] is '-' or '\'' or '’' && i + 2 < text.Length && IsInWord(text[i + 2])))
                    i++;
                if (i - start < 3 * Longest)
                    lookup.Add(text.AsSpan(start, i + 1 - start));
            }
        }

        public bool Has(ReadOnlySpan<char> first, ReadOnlySpan<char> sign, ReadOnlySpan<char> second)
        {
            Span<char> word = stackalloc char[2 * Longest + 8];
            first.CopyTo(word);
            sign.CopyTo(word[first.Length..]);
            second.CopyTo(word[(first.Length + sign.Length)..]);
            return lookup.Contains(word[..(first.Length + sign.Length + second.Length)]);
        }
    }
}
