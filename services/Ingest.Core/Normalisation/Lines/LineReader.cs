using System.Buffers;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Decoding;

namespace Ingest.Core.Normalisation.Lines;

/// <summary>
/// Splits raw text into segments: a line each, lines that a hard wrap parted joined again. Copy is wrapped in two ways: a whole text set
/// to a column (telex, mail, dpa, database dumps), and a single sentence broken by a scraper, sometimes over a blank line.
/// </summary>
internal static class LineReader
{
    /// <summary>Characters of a label and its colon.</summary>
    const int LabelLength = 28;

    /// <summary>The narrowest column: verse is narrower. A newspaper's, whose words are parted, may be.</summary>
    const int NarrowestColumn = 35, NarrowestParted = 18;

    static readonly SearchValues<char> LineBreaks = Chars.All(CharClass.LineBreak);

    /// <summary>Links the segments of <paramref name="text"/> and returns the first, or null for a text of white space.</summary>
    /// <param name="repetitions">What the source repeats, a number a line that is not blank; empty where it is unknown.</param>
    /// <param name="apart">Where lines begin that go on with none above, in their order.</param>
    public static Segment? Read(string text, ReadOnlySpan<Repetition> repetitions = default, IEnumerable<int>? apart = null)
    {
        var lines = 0;
        using var known = (apart ?? []).GetEnumerator();
        var nextApart = known.MoveNext() ? known.Current : int.MaxValue;
        Segment? first = null, last = null;
        int at = 0, breaks = 0;
        for (var from = 0; Next(text, ref at, out var start, out var end); breaks++, from = at)
        {
            if (start < end)
            {
                var segment = new Segment(start, end) { Breaks = breaks, Indent = start - from, Previous = last };
                if (last is null)
                    first = segment;
                else
                    last.Next = segment;
                if (nextApart == start)
                {
                    segment.Apart = true;
                    nextApart = known.MoveNext() ? known.Current : int.MaxValue;
                }

                if (lines < repetitions.Length)
                    segment.Repetition = repetitions[lines];
                lines++;
                last = segment;
                breaks = 0;
            }
        }

        if (first is not null)
            Mend(text, first);
        return first;
    }

    /// <summary>Reads the next raw line, without the blanks at its ends; what is blank as a whole is empty.</summary>
    /// <param name="at">Where it begins; then where the line behind it does.</param>
    /// <returns>False behind the last.</returns>
    public static bool Next(string text, ref int at, out int start, out int end)
    {
        start = end = at;
        if (at >= text.Length)
            return false;
        var length = text.AsSpan(at).IndexOfAny(LineBreaks);
        end = length < 0 ? text.Length : at + length;
        at = end == text.Length ? end
            : end + (text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? 2 : 1);
        while (start < end && IsBlank(text[start]))
            start++;
        while (end > start && IsBlank(text[end - 1]))
            end--;
        return true;
    }

    public static bool IsBlank(char c) => Chars.Is(c, CharClass.Space) || c is '\ufeff' or '\u200b';

    static void Mend(string text, Segment first)
    {
        var column = ColumnWidth(text, first);
        var indent = column > 0 ? WrapIndent(first) : 0;
        var segment = first;
        var headEnd = HeadEnd(first);
        // The width of the last raw line of the segment, which grows as lines join it.
        var lineStart = segment.Start;
        while (segment.Next is { } next)
        {
            if (Joins(text, segment, lineStart, next, (column, indent), segment.Start < headEnd))
            {
                lineStart = next.Start;
                segment.End = next.End;
                segment.Next = next.Next;
                if (next.Next is not null)
                    next.Next.Previous = segment;
            }
            else
            {
                segment = next;
                lineStart = segment.Start;
            }
        }
    }

    /// <summary>A word that was parted ties this line to the one before.</summary>
    static bool IsWrap(string text, Segment line) => line.Breaks == 1 && text[line.Start - line.Indent - 1] == PartedWords.Wrap;

    /// <summary>
    /// Where a few lines that stand apart at the top end: headline, note and byline of a set text are lines of their own however long.
    /// </summary>
    static int HeadEnd(Segment first)
    {
        var lines = 1;
        for (var last = first; ; last = last.Next)
        {
            if (last.Next is null)
                return 0;
            if (last.Next.Breaks > 1)
                return last.End;
            if (++lines > 5)
                return 0;
        }
    }

    static bool Joins(string text, Segment segment, int lineStart, Segment next, (int Width, int Indent) set, bool headLines)
    {
        // What the source says beside every article goes on with nothing of this one.
        if (next.Apart || segment.Repetition.IsBoilerplate != next.Repetition.IsBoilerplate)
            return false;
        if (IsWrap(text, next))
            return true;
        // "When: …" under "Where: …", or above it: a box of lines that each stand for themselves.
        if (next.Breaks == 1 && IsLabelled(text, next.Start, next.End)
            && (IsLabelled(text, lineStart, segment.End)
                || next.Next is { Breaks: 1 } behind && IsLabelled(text, behind.Start, behind.End)))
            return false;
        // A word alone behind a full sentence signs the text, as "Reuter" does.
        if (next.Next is not { Breaks: 1 } && Chars.Is(text[segment.End - 1], CharClass.Terminal) && FirstWord(text, next) == next.Length
            && Chars.Is(text[next.Start], CharClass.Letter) && !Chars.Is(text[next.End - 1], CharClass.Terminal | CharClass.Closer))
            return false;
        var width = segment.End - lineStart;
        var column = set.Width;
        if (column > 0 && next.Breaks == 1 && !StartsItem(text, next.Start, next.End)
            && (set.Indent <= 1 ? next.Indent <= 1 : next.Indent == set.Indent && !IsRow(text, lineStart, segment.End) && !IsRow(text, next.Start, next.End)))
        {
            // In a column a break is a wrap where the next word would not have fitted.
            var fits = width + 1 + FirstWord(text, next) <= column;
            var open = width * 4 >= column * 3 && !Chars.Is(text[segment.End - 1], CharClass.Terminal | CharClass.Closer);
            if ((!fits || open) && !headLines)
                return true;
        }

        // The first line may be a headline: over a blank line nothing goes on with it.
        return next.Breaks <= (segment.Previous is null ? 1 : 2)
            && GoesOn(text, segment.Start, segment.End, segment.Length, next.Start, next.End, next.Length);
    }

    /// <summary>
    /// True where the text at <paramref name="nextStart"/> goes on with the sentence that the one before leaves open. Lengths are given
    /// apart from the ends, as something may stand in between that is not counted.
    /// </summary>
    public static bool GoesOn(string text, int start, int end, int length, int nextStart, int nextEnd, int nextLength)
    {
        // "… stays at" / "38 C and …": a number goes on with a long open line, and ends the sentence.
        if (Chars.Is(text[nextStart], CharClass.Digit))
            return length >= 50 && Chars.Is(text[end - 1], CharClass.Lower) && nextLength >= 30
                && Chars.Is(text[nextEnd - 1], CharClass.Terminal) && !IsNumberedItem(text, nextStart, nextEnd);
        if (!Chars.Is(text[nextStart], CharClass.Lower))
            return false;
        // A sentence cut in two: no terminal before, lower case behind, and what is before is long enough to be a sentence's part.
        var last = text[end - 1];
        return length >= 24 && (Chars.Is(last, CharClass.Letter | CharClass.Digit) || last is ',' or ';' or '-' or '–' or '—')
            && !IsUrlLike(text, start, end) && !IsUrlLike(text, nextStart, nextEnd) && SpacesIn(text, start, end) >= 4
            && !StartsItem(text, start, end)
            // A byline or a tag list may begin in lower case too: what goes on with a sentence ends it, or is long.
            && (nextLength >= 60 || Chars.Is(text[nextEnd - 1], CharClass.Terminal | CharClass.Closer));
    }

    /// <summary>
    /// The width to which the text is set, or 0 where it is not: most lines that are followed by another line of their paragraph are
    /// about equally long and do not end a sentence.
    /// </summary>
    static int ColumnWidth(string text, Segment first)
    {
        // Lines that a wrap surely ended (the next goes on in lower case) tell the width best; scripts without case have none.
        Span<int> surely = stackalloc int[161], any = stackalloc int[161];
        int followed = 0, sure = 0, narrowest = NarrowestColumn;
        for (var s = first; s.Next is not null; s = s.Next)
        {
            if (s.Next.Breaks != 1)
                continue;
            followed++;
            if (IsWrap(text, s.Next))
                narrowest = NarrowestParted;
            if (s.Length > 160)
                continue;
            any[s.Length]++;
            // A word or two above another in lower case are topics, not a wrap.
            if (s.Length < 20 || !Chars.Is(text[s.Next.Start], CharClass.Lower) || Chars.Is(text[s.End - 1], CharClass.Terminal))
                continue;
            surely[s.Length]++;
            sure++;
        }

        if (followed < 3)
            return 0;
        var histogram = sure >= 4 ? surely : any;
        var counted = sure >= 4 ? sure : followed;
        // The width that nearly all followed lines keep within and many come close to.
        var within = 0;
        var width = 0;
        for (var i = 0; i <= 160; i++)
        {
            within += histogram[i];
            if (within * 100 >= counted * 97)
            {
                width = i;
                break;
            }
        }

        if (width < narrowest || width > 132)
            return 0;
        int full = 0, open = 0;
        for (var s = first; s.Next is not null; s = s.Next)
        {
            if (s.Next.Breaks != 1 || IsInBox(text, s) || s.Length > width || s.Length * 4 < width * 3)
                continue;
            full++;
            if (!Chars.Is(text[s.End - 1], CharClass.Terminal | CharClass.Closer))
                open++;
        }

        return full * 2 >= followed && open * 3 >= full * 2 ? width : 0;
    }

    /// <summary>
    /// How far the lines of a set text are indented that go on: most of those that follow another. Where a paragraph's first line stands
    /// further in or out, it begins one.
    /// </summary>
    static int WrapIndent(Segment first)
    {
        Span<int> counts = stackalloc int[41];
        var followed = 0;
        for (var s = first.Next; s is not null; s = s.Next)
        {
            if (s.Breaks != 1)
                continue;
            followed++;
            if (s.Indent < counts.Length)
                counts[s.Indent]++;
        }

        var most = 0;
        for (var i = 1; i < counts.Length; i++)
            if (counts[i] > counts[most])
                most = i;
        return counts[most] >= 3 && counts[most] * 2 > followed ? most : 0;
    }

    /// <summary>Columns with blanks between, or a line of signs: what is indented may be a table or a listing.</summary>
    static bool IsRow(string text, int start, int end)
    {
        var line = text.AsSpan(start, end - start);
        return line.IndexOf("   ", StringComparison.Ordinal) >= 0 || !Chars.Any(line, CharClass.Letter);
    }

    static bool IsInBox(string text, Segment line) =>
        IsLabelled(text, line.Start, line.End) && IsLabelled(text, line.Next!.Start, line.Next.End);

    /// <summary>"Where: the old mill", "Más información: …", "日時：…": up to three words and a colon.</summary>
    public static bool IsLabelled(string text, int start, int end)
    {
        if (!Chars.Is(text[start], CharClass.Letter) || Chars.Is(text[start], CharClass.Lower))
            return false;
        var blanks = 0;
        var i = start;
        for (var reach = Math.Min(end, start + LabelLength); i < reach && text[i] is not (':' or '：'); i++)
            if (Chars.Is(text[i], CharClass.Space) ? ++blanks > 3 : !Chars.Is(text[i], CharClass.Letter | CharClass.Digit | CharClass.Mark) && text[i] is not ('-' or '\'' or '’' or '/' or '&'))
                return false;
        return i < end && i > start + 1 && (text[i] == '：' || text[i] == ':' && (i + 1 == end || Chars.Is(text[i + 1], CharClass.Space)));
    }

    /// <summary>"1. Bear takes up residence", "2) School board".</summary>
    static bool IsNumberedItem(string text, int start, int end)
    {
        var i = start;
        while (i < end && Chars.Is(text[i], CharClass.Digit))
            i++;
        return i < end && text[i] is '.' or ')' or ':' or '/';
    }

    static int FirstWord(string text, Segment segment)
    {
        var i = segment.Start;
        while (i < segment.End && !Chars.Is(text[i], CharClass.Space))
            i++;
        return i - segment.Start;
    }

    static bool StartsItem(string text, int start, int end) =>
        Chars.Is(text[start], CharClass.Bullet) || text[start] is '-' or '*' or '–' or '—' && start + 1 < end && text[start + 1] == ' ';

    static bool IsUrlLike(string text, int start, int end)
    {
        var line = text.AsSpan(start, Math.Min(end - start, 12));
        return line.Contains("://", StringComparison.Ordinal) || line.StartsWith("www.", StringComparison.OrdinalIgnoreCase);
    }

    static int SpacesIn(string text, int start, int end)
    {
        var spaces = 0;
        for (var i = start; i < end && spaces < 6; i++)
            if (text[i] == ' ')
                spaces++;
        return spaces;
    }
}
