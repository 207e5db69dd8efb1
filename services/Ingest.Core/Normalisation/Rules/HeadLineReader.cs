using System.Collections.Frozen;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>What a part of a line above the text is.</summary>
internal enum HeadPartKind
{
    /// <summary>Nothing that is known: it may be text.</summary>
    Unknown,

    /// <summary>A few words of no sentence, such as a section or a place: what they are the parts beside them tell.</summary>
    Short,
    Date,

    /// <summary>Names of persons without a label.</summary>
    Names,

    /// <summary>Behind a label or another opener: who wrote it.</summary>
    Author,

    /// <summary>Behind a label: who edited, translated or checked it.</summary>
    Editor,

    /// <summary>Behind a label: where it comes from.</summary>
    Source,

    /// <summary>The name of an agency, or what looks like the name of a site.</summary>
    Outlet,
    Job,

    /// <summary>An e-mail address or a handle.</summary>
    Address,

    /// <summary>A word or two and a number: "Comments: 4".</summary>
    Count,

    /// <summary>From the sign of copyright on.</summary>
    Rights,

    /// <summary>Labels whose value stands on the next line.</summary>
    AuthorLabel,
    EditorLabel,
    SourceLabel,
}

/// <summary>A part of a line above the text: between separators, or from one label to the next.</summary>
/// <param name="Start">In the line, with its label.</param>
/// <param name="Value">Where the value behind the label begins; <paramref name="Start"/> where there is no label.</param>
internal readonly record struct HeadPart(int Start, int Value, int End, HeadPartKind Kind);

/// <summary>
/// Reads a line between headline and text as a sequence of parts — labels, names, jobs, outlets, dates, addresses, sections — in any order.
/// The labels are data (<c>head.*</c> in <c>wording.txt</c>).
/// </summary>
internal static class HeadLineReader
{
    /// <summary>Longer lines, in characters, are text.</summary>
    public const int MaxLength = 240;

    /// <summary>Words beside a date that has no sign between.</summary>
    const int MostBeside = 8;

    /// <summary>Words of a desk or a house that stands for an author.</summary>
    const int FewWords = 3;

    /// <summary>Longer values of a label, in characters, are text.</summary>
    const int MaxValue = 80;

    const string Separators = "|·•●‧‖┃\t";

    static readonly System.Buffers.SearchValues<char> Colons = System.Buffers.SearchValues.Create(":：/／");

    /// <summary>What stands behind each label; of one that is in several lists, what the first says.</summary>
    static readonly Dictionary<string, HeadPartKind> Kinds = Labels(
        ("head.author", HeadPartKind.Author), ("head.editor", HeadPartKind.Editor), ("head.source", HeadPartKind.Source));

    static readonly OpeningWords LabelWords = new(Kinds.Keys);

    /// <summary>Words that need no colon behind them.</summary>
    static readonly FrozenSet<string> Bare = Wording.SetOf("head.bare", StringComparer.Ordinal);

    /// <summary>The parts of a line, each trimmed; none of a line that is too long, or that has neither separator nor label nor figure.</summary>
    /// <param name="labelled">Only a line with a label is asked for.</param>
    public static List<HeadPart> Read(ReadOnlySpan<char> line, bool labelled = false)
    {
        if (line.Length > MaxLength || !MayHaveParts(line, labelled))
            return [];
        var parts = new List<HeadPart>();
        var start = 0;
        (int Length, HeadPartKind Kind) label = LabelAt(line, SkipSigns(line, 0));
        for (var i = 0; i < line.Length; i++)
        {
            if (SeparatorAt(line, i) is var width and > 0)
            {
                Add(line, start, i, label, parts);
                start = i += width;
                label = LabelAt(line, SkipSigns(line, start));
                i--;
            }
            else if (i > start && IsWordStart(line, i) && IsRights(line[i..]))
            {
                Add(line, start, i, label, parts);
                parts.Add(new HeadPart(i, i, line.Length, HeadPartKind.Rights));
                Settle(line, parts);
                return parts;
            }
            else if (i > start && (IsWordStart(line, i) || IsGlued(line, i)) && LabelAt(line, i) is { Length: > 0 } next && i >= SkipSigns(line, start) + label.Length)
            {
                Add(line, start, i, label, parts);
                start = i;
                label = next;
                i += label.Length - 1;
            }
        }

        Add(line, start, line.Length, label, parts);
        Settle(line, parts);
        return parts;
    }

    /// <summary>Cheap, as most lines of a page are one part.</summary>
    static bool MayHaveParts(ReadOnlySpan<char> line, bool labelled)
    {
        if (LabelAt(line, SkipSigns(line, 0)).Length > 0)
            return true;
        // Inside a line a label has a colon, or stands behind a separator.
        var coloned = line.IndexOfAny(Colons) >= 0;
        for (var i = 1; i < line.Length; i++)
            if (!labelled && (Chars.Is(line[i], CharClass.Digit) || SeparatorAt(line, i) > 0)
                || coloned && (IsWordStart(line, i) || IsGlued(line, i)) && LabelAt(line, i).Length > 0)
                return true;
        return !labelled && (Chars.Is(line[0], CharClass.Digit) || line.Contains('@'));
    }

    /// <summary>What the parts are beside each other.</summary>
    static void Settle(ReadOnlySpan<char> line, List<HeadPart> parts)
    {
        var named = parts.Exists(p => p.Kind == HeadPartKind.Author);
        for (var i = 0; i < parts.Count; i++)
        {
            // A date may have separators of its own: "5 MAR 2021 - 14:02 CET".
            while (parts[i].Kind == HeadPartKind.Date && i + 1 < parts.Count && parts[i + 1].Kind == HeadPartKind.Date
                && Dates.TryReadLine(line[parts[i].Start..parts[i + 1].End], out _))
            {
                parts[i] = parts[i] with { End = parts[i + 1].End };
                parts.RemoveAt(i + 1);
            }

            // Beside an author who is called so, what looks like a name is a place or a section.
            if (named && parts[i].Kind == HeadPartKind.Names)
                parts[i] = parts[i] with { Kind = HeadPartKind.Short };
        }
    }

    /// <summary>What a part is by itself.</summary>
    public static HeadPartKind KindOf(ReadOnlySpan<char> part)
    {
        // A colon without a value is a speaker's.
        if (part.IsEmpty || part[^1] is ':' or '：')
            return HeadPartKind.Unknown;
        if (Dates.TryReadLine(part, out _))
            return HeadPartKind.Date;
        if (IsAddress(part))
            return HeadPartKind.Address;
        if (BylineReader.TryReadOpened(part, out _) || BracketedDatelines.TryReadReporter(part, out _, out _, out _))
            return HeadPartKind.Author;
        if (Outlets.Is(part))
            return HeadPartKind.Outlet;
        // Sections are set in capitals: "2021-10-31 - FRONT PAGE".
        if (!IsShouted(part) && BylineReader.IsNames(part, out _))
            return HeadPartKind.Names;
        if (BylineReader.IsJobLine(part))
            return HeadPartKind.Job;
        if (IsCount(part))
            return HeadPartKind.Count;
        return Chars.WordsIn(part) <= 4 && part.Length <= 40 && !Chars.Is(part[^1], CharClass.Terminal | CharClass.Closer)
            ? HeadPartKind.Short
            : HeadPartKind.Unknown;
    }

    static bool IsShouted(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            if (Chars.Is(c, CharClass.Letter) && !Chars.Is(c, CharClass.Upper))
                return false;
        return true;
    }

    static bool IsCount(ReadOnlySpan<char> part)
    {
        var colon = part.IndexOfAny(':', '：');
        if (colon < 2 || Chars.WordsIn(part[..colon]) > 2 || part[..colon].ContainsAnyInRange('0', '9'))
            return false;
        var number = part[(colon + 1)..].Trim();
        foreach (var c in number)
            if (!Chars.Is(c, CharClass.Digit) && c is not (',' or '.'))
                return false;
        return number.Length is > 0 and < 10;
    }

    /// <summary>An e-mail address, a handle, or several of them.</summary>
    public static bool IsAddress(ReadOnlySpan<char> text)
    {
        var any = false;
        foreach (var range in text.SplitAny(' ', ',', '|'))
        {
            var word = text[range];
            if (word.IsEmpty)
                continue;
            var at = word.IndexOf('@');
            if (at < 0 || at == word.Length - 1 || at > 0 && !word[at..].Contains('.'))
                return false;
            any = true;
        }

        return any;
    }

    static void Add(ReadOnlySpan<char> line, int start, int end, (int Length, HeadPartKind Kind) label, List<HeadPart> parts)
    {
        start = SkipSigns(line, start);
        while (end > start && (Chars.Is(line[end - 1], CharClass.Space) || line[end - 1] is ',' or ';' or '|' or '，' or '、' or ')' or '）' or ']'
            && !line[start..end].ContainsAny("(（[")))
            end--;
        if (start >= end)
            return;
        var value = Math.Min(end, start + label.Length);
        while (value < end && (Chars.Is(line[value], CharClass.Space) || line[value] is ':' or '：' or '/' or '／'))
            value++;
        var kind = label.Length == 0 ? KindOf(line[start..end]) : Labelled(line[value..end], label.Kind, line[(start + label.Length)..value].ContainsAny(":：/／"));
        if (kind is HeadPartKind.Short or HeadPartKind.Unknown or HeadPartKind.Names && label.Length == 0 && HasDate(line[start..end]) && DateBeside(line, start, end, out var dated, out var cut))
        {
            var (behind, second) = (Trimmed(line, start, cut), SkipSigns(line, cut));
            if (behind > start && second < end)
            {
                parts.Add(new HeadPart(start, start, behind, dated ? HeadPartKind.Date : KindOf(line[start..behind])));
                parts.Add(new HeadPart(second, second, end, dated ? KindOf(line[second..end]) : HeadPartKind.Date));
                return;
            }
        }

        parts.Add(new HeadPart(start, value, end, kind));
    }

    /// <summary>A full date has three figures at least.</summary>
    static bool HasDate(ReadOnlySpan<char> text)
    {
        var digits = 0;
        foreach (var c in text)
            digits += Chars.Is(c, CharClass.Digit) ? 1 : 0;
        return digits >= 3;
    }

    static int Trimmed(ReadOnlySpan<char> line, int start, int end)
    {
        while (end > start && (Chars.Is(line[end - 1], CharClass.Space) || line[end - 1] is ',' or '-' or '–'))
            end--;
        return end;
    }

    /// <summary>
    /// "All News 15:22 October 02, 2020", "2022-07-21 10:05 南河日報": a full date at one end, without a sign between, and beside it up to four words,
    /// or names of persons and houses.
    /// </summary>
    /// <param name="dated">The date stands first.</param>
    /// <param name="cut">Where the second piece begins.</param>
    static bool DateBeside(ReadOnlySpan<char> line, int start, int end, out bool dated, out int cut)
    {
        (dated, cut) = (false, 0);
        for (var (at, words) = (end, 0); words < MostBeside; words++)
        {
            at = line[start..at].TrimEnd(' ').LastIndexOf(' ') + start;
            if (at <= start)
                break;
            if (Dates.TryReadLine(line[start..at], out var found) && found.Date is not null)
            {
                (dated, cut) = (true, at + 1);
                return words < 4 || BylineReader.IsNames(line[cut..end], out _);
            }
        }

        for (var (at, words) = (start, 0); words < MostBeside; words++)
        {
            var space = line[at..end].IndexOf(' ');
            if (space < 0)
                break;
            at += space + 1;
            if (Dates.TryReadLine(line[at..end], out var found) && found.Date is not null)
            {
                cut = at;
                return words < 4 || BylineReader.IsNames(line[start..Trimmed(line, start, cut)], out _);
            }
        }

        return false;
    }

    static HeadPartKind Labelled(ReadOnlySpan<char> value, HeadPartKind kind, bool coloned)
    {
        if (value.IsEmpty)
            return kind switch
            {
                HeadPartKind.Author => HeadPartKind.AuthorLabel,
                HeadPartKind.Editor => HeadPartKind.EditorLabel,
                _ => HeadPartKind.SourceLabel,
            };
        // "Theo TTXVN", but "Theo ông An …": without a colon only an agency is a source.
        // "Bericht: Anna Weir", but "Bericht: Hafen wird im Mai geschlossen".
        var holds = kind == HeadPartKind.Source
            ? coloned || Agencies.News(value) is not null
            : Chars.WordsIn(value) <= FewWords || BylineReader.TryReadPeople(value, out _);
        return holds && IsValue(value) ? kind : HeadPartKind.Unknown;
    }

    /// <summary>Names, and no sentence.</summary>
    public static bool IsValue(ReadOnlySpan<char> value) =>
        value.Length <= MaxValue && Chars.WordsIn(value) <= 8 && (!Chars.Is(value[^1], CharClass.Terminal) || Chars.WordsIn(value) <= 4);

    static Dictionary<string, HeadPartKind> Labels(params ReadOnlySpan<(string List, HeadPartKind Kind)> lists)
    {
        var kinds = new Dictionary<string, HeadPartKind>();
        foreach (var (list, kind) in lists)
            foreach (var words in Wording.Of(list))
                kinds.TryAdd(string.Concat(words.Select(Chars.Fold)), kind);
        return kinds;
    }

    /// <summary>The length of the label that begins there, its colon not counted; 0 where none does.</summary>
    static (int Length, HeadPartKind Kind) LabelAt(ReadOnlySpan<char> line, int at)
    {
        var text = line[Math.Min(at, line.Length)..];
        foreach (var words in LabelWords.Starting(text))
        {
            if (!Chars.StartsFolded(text, words))
                continue;
            var end = at + words.Length;
            var behind = end;
            while (behind < line.Length && Chars.Is(line[behind], CharClass.Space))
                behind++;
            if (behind < line.Length && line[behind] is ':' or '：' || behind == end && behind < line.Length && line[behind] is '／' or '/'
                || behind == line.Length && at == 0
                || behind > end && behind < line.Length && Bare.Contains(words))
                return (words.Length, Kinds[words]);
        }

        return default;
    }

    static int SkipSigns(ReadOnlySpan<char> line, int at)
    {
        while (at < line.Length && (Chars.Is(line[at], CharClass.Space) || line[at] is '-' or '–' or '—' or ',' or '(' or '（' or '[' or '□' or '■' or '◎'
            || Separators.Contains(line[at])))
            at++;
        return at;
    }

    static bool IsWordStart(ReadOnlySpan<char> line, int i) => Chars.Is(line[i - 1], CharClass.Space) || line[i - 1] is ',' or '(' or '（' or '；' or ';' or '/' or '／';

    /// <summary>"Anna WeirEditor: …": a label that a lost line break has joined to the word before.</summary>
    static bool IsGlued(ReadOnlySpan<char> line, int i) =>
        Chars.Is(line[i], CharClass.Upper) && Chars.Is(line[i - 1], CharClass.Lower) && line[i..Math.Min(line.Length, i + 30)].Contains(':');

    static bool IsRights(ReadOnlySpan<char> text) =>
        text[0] == '©' || text.StartsWith("copyright ", StringComparison.OrdinalIgnoreCase) && (text.Contains('©') || text.ContainsAnyInRange('0', '9'));

    /// <summary>The length of a separator: a sign of its own, a dash or a slash between blanks, or blanks as wide as a column.</summary>
    static int SeparatorAt(ReadOnlySpan<char> line, int i)
    {
        if (Separators.Contains(line[i]))
            return 1;
        if (!Chars.Is(line[i], CharClass.Space) || i + 1 >= line.Length)
            return 0;
        if (line[i + 1] is '-' or '–' or '—' or '/' or '／' && i + 2 < line.Length && Chars.Is(line[i + 2], CharClass.Space))
            return 3;
        return Chars.Is(line[i + 1], CharClass.Space) ? 2 : 0;
    }
}
