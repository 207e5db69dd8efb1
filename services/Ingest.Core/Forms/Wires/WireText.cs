using Ingest.Core.Normalisation.Characters;
using System.Text;
using Ingest.Core.Normalisation.Rules;

namespace Ingest.Core.Forms.Wires;

/// <summary>Reads the small texts that every wire has: names, dates, codes, plain paragraphs.</summary>
internal static class WireText
{
    const string By = "By ";

    /// <summary>Characters of a line that no hard wrap leaves: each such line is a paragraph.</summary>
    const int Unwrapped = 160;

    /// <summary>Narrower texts than this are lists, or have no spaces between words.</summary>
    const int Narrow = 48;

    /// <summary>A code without its scheme: <c>stat:usable</c> is <c>usable</c>.</summary>
    public static string? Code(string? qcode) => Chars.OneLine(qcode) is { } code ? Chars.OneLine(code[(code.LastIndexOf(':') + 1)..]) : null;

    /// <summary>1 to 9; null for anything else.</summary>
    public static int? Urgency(string? stated) => Chars.OneLine(stated) is [>= '1' and <= '9' and var digit] ? digit - '0' : null;

    /// <summary>
    /// A date in ISO 8601 with separators, whether it had them or not: <c>20140829T135006Z</c>, <c>2017-10-11T10:41:00+0100</c>. Without a
    /// zone where it states none; null where it is no date.
    /// </summary>
    public static string? Instant(string? stated)
    {
        if (Chars.OneLine(stated) is not { } text)
            return null;
        var parting = text.IndexOfAny(['T', 't', ' ']);
        var day = Digits(parting < 0 ? text : text[..parting]);
        if (day.Length != 8)
            return null;
        var iso = $"{day[..4]}-{day[4..6]}-{day[6..]}";
        if (parting >= 0)
        {
            var time = text[(parting + 1)..].Trim();
            var zone = time.IndexOfAny(['Z', 'z', '+', '-']);
            var clock = zone < 0 ? time : time[..zone];
            var digits = Digits(clock[..(clock.IndexOfAny(['.', ',']) is >= 0 and var point ? point : clock.Length)]);
            if (digits.Length is not (4 or 6))
                return null;
            iso += $"T{digits[..2]}:{digits[2..4]}:{(digits.Length == 6 ? digits[4..] : "00")}";
            if (zone >= 0)
                iso += time[zone] is 'Z' or 'z' ? "Z"
                    : Digits(time[zone..]) is { Length: 2 or 4 } offset ? $"{time[zone]}{offset[..2]}:{(offset.Length == 4 ? offset[2..] : "00")}" : "";
        }

        return DateTimeOffset.TryParse(iso, System.Globalization.CultureInfo.InvariantCulture, out _) ? iso : null;
    }

    static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));

    /// <summary>The city of a dateline: without the date, the agency and the dash that may stand behind it.</summary>
    public static string? City(string? dateline)
    {
        if (Chars.OneLine(dateline) is not { } line)
            return null;
        if (line.IndexOf('(', StringComparison.Ordinal) is > 0 and var bracket)
            line = line[..bracket];
        if (line.AsSpan().IndexOfAnyInRange('0', '9') is >= 0 and var digit)
            line = line[..Math.Max(line.LastIndexOf(',', digit), 0)];
        return Chars.OneLine(line.Trim(' ', ',', ';', ':', '-', '–', '—', '_', '/', '.'));
    }

    /// <summary>The city of a plain paragraph that opens with <c>Berlin (dpa) - </c>; null where none does.</summary>
    public static string? DatelineOf(string paragraph)
    {
        const int Longest = 70;
        var text = Chars.OneLine(paragraph[..Math.Min(paragraph.Length, 2 * Longest)]) ?? "";
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var close = open > 1 && open < Longest ? text.IndexOf(')', open) : -1;
        if (close < 0 || close - open > 30 || close + 2 >= text.Length || text[close + 1] != ' ' || text[close + 2] is not ('-' or '–' or '—' or '_'))
            return null;
        return char.IsUpper(text[0]) ? City(text[..open]) : null;
    }

    /// <summary>The names of byline lines, without "By" and "Von", without jobs and agencies; null where there is none.</summary>
    public static IReadOnlyList<string>? Names(IEnumerable<string?> lines)
    {
        var names = lines.SelectMany(NamesOf).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return names.Count > 0 ? names : null;
    }

    static IEnumerable<string> NamesOf(string? stated)
    {
        if (Chars.OneLine(stated) is not { } line)
            return [];
        if (BylineReader.TryReadOpened(line, out var found))
            return found.Bylines.Select(b => b.Name);
        var bare = line.StartsWith(By, StringComparison.OrdinalIgnoreCase) ? line[By.Length..] : line;
        return BylineReader.IsNames(bare, out found) ? found.Bylines.Select(b => b.Name) : [bare];
    }

    /// <summary>Whether it is the line of a byline: "By PAUL BYRNE", "Von Anna Weir, dpa".</summary>
    public static bool IsByline(string line) => line.StartsWith(By, StringComparison.Ordinal) || BylineReader.TryReadOpened(line, out _);

    /// <summary>
    /// Plain text with a blank line between its paragraphs. A paragraph begins behind a blank line, where a line is indented and those around it
    /// are not, and with every line of a text that is not wrapped. Lines that were one before they were wrapped are one again.
    /// </summary>
    public static string Paragraphs(string text)
    {
        var lines = text.Split('\n');
        var longest = 0;
        var margin = int.MaxValue;
        for (var i = 0; i < lines.Length; i++)
        {
            lines[i] = lines[i].TrimEnd();
            longest = Math.Max(longest, lines[i].Length);
            // The first line stands behind the tag that opens the text, without the margin of the others.
            if (i > 0 && lines[i].Length > 0)
                margin = Math.Min(margin, Indent(lines[i]));
        }

        var paragraphs = new StringBuilder(text.Length);
        var isWrapped = longest <= Unwrapped && AreWrapped(lines, (before, line) => before.Length > 0 && line.Length > 0 && Indent(line) <= margin);
        var parted = true;
        var before = "";
        foreach (var line in lines)
        {
            if (line.Length == 0)
            {
                parted = true;
                continue;
            }

            if (paragraphs.Length > 0)
                paragraphs.Append(parted || longest > Unwrapped || Indent(line) > margin ? "\n\n" : isWrapped || IsWrapped(before, line, longest) ? " " : "\n");
            paragraphs.Append(line.AsSpan().Trim());
            parted = false;
            before = line;
        }

        return paragraphs.ToString();
    }

    /// <summary>
    /// Whether all lines that others continue were wrapped: they are about as long as each other, and many a line begins within a sentence. The
    /// width alone does not tell: some programs break a line earlier than they need. A table's lines have gaps.
    /// </summary>
    /// <param name="continues">Whether a line continues the one before it.</param>
    public static bool AreWrapped(IReadOnlyList<string> lines, Func<string, string, bool> continues)
    {
        const int Fewest = 3, ShareWithin = 3;
        const double Shortest = 0.6;
        var (count, within, shortest, longest) = (0, 0, int.MaxValue, 0);
        for (var i = 1; i < lines.Count; i++)
        {
            longest = Math.Max(longest, lines[i - 1].Length);
            if (!continues(lines[i - 1], lines[i]))
                continue;
            if (HasGaps(lines[i - 1]) || HasGaps(lines[i]))
                return false;
            count++;
            shortest = Math.Min(shortest, lines[i - 1].Length);
            within += char.IsLetter(lines[i].AsSpan().TrimStart()[0]) && !char.IsUpper(lines[i].AsSpan().TrimStart()[0]) ? 1 : 0;
        }

        return count >= Fewest && longest > Narrow && shortest >= Shortest * longest && within * ShareWithin >= count;
    }

    /// <summary>Whether a line has columns: several spaces stand between its words.</summary>
    public static bool HasGaps(string line) => line.AsSpan().Trim() is var text && (text.Contains("   ", StringComparison.Ordinal) || text.Contains('\t'));

    /// <summary>Whether the first word of a line did not fit on the one before it. A hyphen may part a word: those who know words see to it.</summary>
    static bool IsWrapped(string before, string line, int longest)
    {
        var word = line.TrimStart();
        word = word[..(word.IndexOf(' ', StringComparison.Ordinal) is > 0 and var end ? end : word.Length)];
        return longest > Narrow && before.Length + 1 + word.Length > longest && !before.EndsWith('-') && word is not ("-" or "*" or "•");
    }

    static int Indent(string line) => line.Length - line.AsSpan().TrimStart().Length;
}
