using System.Collections.Frozen;
using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>Reads a dateline at the start of a line. Scanners by hand, each bounded: no expression is matched against the text.</summary>
internal static class DatelineReader
{
    public const string Agency = "dateline.agency";
    public const string Place = "dateline.place";

    /// <summary>A dateline is looked for in the first characters of a paragraph only.</summary>
    internal const int Reach = 120;

    /// <summary>Words in lower case in the name of a place.</summary>
    static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Particles =
        Wording.SetOf("name.place", StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <param name="End">Behind the dateline and its dash, in the document's text.</param>
    public readonly record struct Found(int End, string? Place, string? Agency, DateFound? Date, string Rule, string? Reporter = null);

    /// <param name="offset">Where the line stands in the document's text.</param>
    public static bool TryRead(ReadOnlySpan<char> line, int offset, out Found found) =>
        TryReadOwnLine(line, offset, out found) || TryReadAgencyFirst(line, offset, out found)
        || BracketedDatelines.TryRead(line, offset, out found) || TokenisedDatelines.TryRead(line, offset, out found) || TryReadPlace(line, offset, out found);

    /// <summary>A line that is nothing but a place and, in brackets at its end, an agency.</summary>
    static bool TryReadOwnLine(ReadOnlySpan<char> line, int offset, out Found found)
    {
        found = default;
        if (line.Length > 70 || line[^1] is not (')' or '）'))
            return false;
        var open = line.LastIndexOfAny('(', '（');
        if (open < 2 || Agencies.News(line[(open + 1)..^1]) is not { } agency)
            return false;
        var place = line[..open].Trim(" ,.-–—");
        var date = SplitDate(ref place);
        if (place.Length < 2 || place.ContainsAny('.', '"', ':') || Chars.WordsIn(place) > 6)
            return false;
        found = new Found(offset + line.Length, place.TrimEnd(" ,").ToString(), agency, date, Agency);
        return true;
    }

    /// <summary><c>PLACE[, region][, date] (AGENCY) —</c> and <c>PLACE —</c>.</summary>
    static bool TryReadPlace(ReadOnlySpan<char> line, int offset, out Found found)
    {
        found = default;
        var reach = Math.Min(line.Length, Reach);
        // The place: capitalised words, commas, slashes, full stops of abbreviations, a country in brackets, and a date; perhaps a site.
        var i = 0;
        int words = 0, shouted = 0, site = -1;
        var country = false;
        while (i < reach)
        {
            var c = line[i];
            if (words > 0 && Aside(line, i) is var aside and > 0)
            {
                country |= line[i + aside - 1] == ']';
                i += aside;
                continue;
            }

            if (c == ':' && country || c is '(' or '/' or '—' or '–' or '_' or '-' && EndsPlace(line, i))
                break;
            if (Chars.Is(c, CharClass.Letter))
            {
                var start = i;
                while (i < reach && (Chars.Is(line[i], CharClass.Letter | CharClass.Mark) || line[i] is '\'' or '’'
                    || line[i] == '-' && i + 1 < reach && Chars.Is(line[i + 1], CharClass.Letter)
                    || line[i] == '/' && i > start && i + 1 < reach
                    && Chars.Is(line[i + 1], CharClass.Upper) && !IsSlashedAgency(line, i, out _, out _)))
                    i++;
                if (site < 0 && DomainEnd(line, i) is var domain and > 0)
                {
                    (site, i) = (start, domain);
                    continue;
                }

                var word = line[start..i];
                if (!Chars.Is(word[0], CharClass.Upper) && !Dates.IsDateWord(word) && !(words > 0 && Particles.Contains(word)))
                    return false;
                words++;
                if (word.Length > 1 && IsUpper(word))
                    shouted++;
                if (words > 9)
                    return false;
            }
            else if (c is ' ' or ',' or '.' or '\u00a0' || Chars.Is(c, CharClass.Digit | CharClass.Space))
            {
                i++;
            }
            else
            {
                return false;
            }
        }

        if (i >= reach && i < line.Length || words == 0)
            return false;
        string? agency = null;
        var behind = i;
        var named = false;
        if (i < line.Length && line[i] == '(')
        {
            var close = line[i..Math.Min(line.Length, i + 50)].IndexOf(')');
            if (close < 2)
                return false;
            var house = line.Slice(i + 1, close - 1);
            agency = AgencyOf(house);
            if (agency is null && !Agencies.IsReleaseWire(house) && !Outlets.Is(house))
                return false;
            behind = i + close + 1;
            named = true;
        }
        else if (i < line.Length && line[i] == '/')
        {
            if (!IsSlashedAgency(line, i, out agency, out behind))
                return false;
            named = true;
        }

        var place = site < 0 ? line[..i] : line[..site];
        named |= site > 0 || country;
        if (!named && SkipSeparator(line, behind) > behind && TrailingAgency(ref place) is { } kyodo)
        {
            agency = kyodo;
            named = true;
        }

        var date = SplitDate(ref place);
        while (place.Length > 0 && (char.IsAsciiDigit(place[0]) || place[0] is '.' or ' ' or '/' or ','))
            place = place[1..];
        if (named && behind < line.Length && Dates.FindIn(line.Slice(behind, Math.Min(30, line.Length - behind))) is { } later
            && date is null && line[behind..].TrimStart().Length > 0
            && Chars.Is(line[behind..].TrimStart()[0], CharClass.Letter) && Dates.IsMonth(FirstWord(line[behind..].TrimStart())))
        {
            // RALEIGH, NC / ACCESSWIRE / December 5, 2023 /
            var slash = line[behind..].IndexOf('/');
            if (slash is > 0 and < 30)
            {
                date = later;
                behind += slash + 1;
            }
        }

        var separator = SkipSeparator(line, behind);
        // The full stop of "Mass." behind a comma is an abbreviation's, that of "MOSCOW. Dec 15" parts.
        var placeText = place.Trim(place.Contains(',') && place.TrimEnd().EndsWith(".") ? " ,\u00a0\t\r\n" : " ,.\u00a0\t\r\n").ToString();
        if (!named && agency is null && separator > behind && LeadingAgency(line, ref separator) is { } signed)
        {
            agency = signed;
            named = true;
        }

        if (placeText.Length == 0 && !(named && (date is not null || i > 0)))
            return false;
        if (named)
        {
            // "Paris (ats afp) Les violences …" has no dash behind the agency; prose would go on in lower case.
            if (separator == behind && behind < line.Length && !NextIsCapital(line, behind))
                return false;
            found = new Found(offset + Math.Max(separator, behind), placeText.Length > 0 ? placeText : null, agency, date, Agency);
            return true;
        }

        // Without an agency a dash must follow, and the place be in capitals, or the dash a long one that opens no parenthesis.
        if (separator == behind || separator < line.Length && !NextIsCapital(line, separator)
            || !IsShoutedPlace(place) && !IsPlaceBeforeDash(line, i, separator, words))
            return false;
        found = new Found(offset + separator, placeText, null, date, Place);
        return true;
    }

    /// <summary>
    /// "Kurigram, Bangladesh — When …": up to four capitalised words, a long dash with spaces, a sentence's beginning behind it, and no
    /// second dash in that sentence ("Kim — who ran it — said").
    /// </summary>
    static bool IsPlaceBeforeDash(ReadOnlySpan<char> line, int dash, int behind, int words)
    {
        if (words > 4 || dash >= line.Length || line[dash] is not ('–' or '—')
            || line[dash - 1] != ' ' || behind >= line.Length || line.Length - behind < 40)
            return false;
        var rest = line[behind..];
        var stop = rest.IndexOf(". ");
        return !(stop < 0 ? rest : rest[..stop]).ContainsAny('–', '—');
    }

    /// <summary>The length of "[India]" or "(Uttarakhand) [India]" beside the name of a place; 0 where there is none.</summary>
    static int Aside(ReadOnlySpan<char> line, int at)
    {
        if (line[at] is not ('[' or '('))
            return 0;
        var close = line[at..Math.Min(line.Length, at + 30)].IndexOf(line[at] == '[' ? ']' : ')');
        if (close < 3 || !Chars.Is(line[at + 1], CharClass.Upper) || line.Slice(at, close).ContainsAny(',', ':', '/'))
            return 0;
        // In round brackets stands an agency, unless the country follows.
        return line[at] == '[' || at + close + 2 < line.Length && line[at + close + 2] == '[' ? close + 1 : 0;
    }

    /// <summary>Behind ".com" or ".co.id", directly at the end of a word; 0 where it is none.</summary>
    static int DomainEnd(ReadOnlySpan<char> line, int at)
    {
        var end = at;
        for (var labels = 0; labels < 2 && end + 2 < line.Length && line[end] == '.' && Chars.Is(line[end + 1], CharClass.Lower); labels++)
        {
            end++;
            while (end < line.Length && Chars.Is(line[end], CharClass.Lower))
                end++;
        }

        return end > at && end - at <= 8 && (end == line.Length || Chars.Is(line[end], CharClass.Space) || line[end] is ',' or ':') ? end : 0;
    }

    static bool EndsPlace(ReadOnlySpan<char> line, int i) =>
        i > 0 && (line[i - 1] is ' ' or '.' or ',' || i + 1 < line.Length && line[i + 1] == '-');

    static ReadOnlySpan<char> FirstWord(ReadOnlySpan<char> text)
    {
        var i = 0;
        while (i < text.Length && Chars.Is(text[i], CharClass.Letter))
            i++;
        return text[..i];
    }

    /// <summary>"MOSCOW", "AUBURN, Wash.", "BUENOS AIRES, Argentina": the words before the first comma are capitals.</summary>
    static bool IsShoutedPlace(ReadOnlySpan<char> place)
    {
        var comma = place.IndexOf(',');
        var first = (comma > 0 ? place[..comma] : place).Trim();
        var letters = 0;
        foreach (var c in first)
        {
            if (Chars.Is(c, CharClass.Lower))
                return false;
            if (Chars.Is(c, CharClass.Letter))
                letters++;
        }

        return letters >= 3;
    }

    static bool IsUpper(ReadOnlySpan<char> word)
    {
        foreach (var c in word)
            if (Chars.Is(c, CharClass.Lower))
                return false;
        return true;
    }

    /// <summary>An agency in brackets: one of ours, or two of them ("ats afp"), or a short name in capitals ("AP Sports").</summary>
    static string? AgencyOf(ReadOnlySpan<char> inside)
    {
        if (Agencies.News(inside) is { } known)
            return known;
        foreach (var range in inside.SplitAny(' ', '/', '-', ','))
            if (Agencies.News(inside[range]) is { } part && inside.Length <= 30)
                return part;
        // An agency that we do not know: one word in capitals, or a site's name.
        var word = inside.Trim();
        if (Agencies.IsReleaseWire(word))
            return null;
        return word.Length is >= 2 and <= 16 && !word.Contains(' ') && IsUpper(word) && !word.ContainsAnyInRange('0', '9')
            || word.EndsWith(".com") && !word.Contains(' ')
            ? word.ToString()
            : null;
    }

    /// <summary><c>/TASS/</c>, <c>/PRNewswire/</c>, <c>/ ACCESSWIRE /</c>.</summary>
    static bool IsSlashedAgency(ReadOnlySpan<char> line, int at, out string? agency, out int end)
    {
        agency = null;
        end = at;
        var close = line[(at + 1)..Math.Min(line.Length, at + 30)].IndexOf('/');
        if (close < 2)
            return false;
        agency = Agencies.News(line.Slice(at + 1, close));
        end = at + close + 2;
        return agency is not null || Agencies.IsReleaseWire(line.Slice(at + 1, close));
    }

    /// <summary>"SAITAMA, Japan, Dec. 9 Kyodo": an agency as the last word of the place.</summary>
    static string? TrailingAgency(ref ReadOnlySpan<char> place)
    {
        var trimmed = place.TrimEnd();
        var space = trimmed.LastIndexOf(' ');
        if (space <= 0 || Agencies.News(trimmed[(space + 1)..]) is not { } agency)
            return null;
        place = trimmed[..space];
        return agency;
    }

    /// <summary>"МОСКВА, 15 дек - РИА Новости. Текст": an agency and a full stop behind the dash.</summary>
    static string? LeadingAgency(ReadOnlySpan<char> line, ref int at)
    {
        var stop = line[at..Math.Min(line.Length, at + 30)].IndexOfAny('.', '-', '—');
        if (stop < 2 || Agencies.News(line.Slice(at, stop)) is not { } agency)
            return null;
        at = SkipSeparator(line, at + stop);
        return agency;
    }

    /// <summary>Takes the date off the place: from the first month or day on.</summary>
    static DateFound? SplitDate(ref ReadOnlySpan<char> place)
    {
        var start = -1;
        var i = 0;
        while (i < place.Length)
        {
            if (Chars.Is(place[i], CharClass.Digit))
            {
                start = start < 0 ? i : start;
                i++;
            }
            else if (Chars.Is(place[i], CharClass.Letter))
            {
                var from = i;
                while (i < place.Length && Chars.Is(place[i], CharClass.Letter | CharClass.Mark))
                    i++;
                if (start < 0 && from > 0 && Dates.IsDateWord(place[from..i]) && Chars.Any(place[i..], CharClass.Digit))
                    start = from;
            }
            else
            {
                i++;
            }
        }

        if (start <= 0)
            return null;
        var date = Dates.FindIn(place[start..]);
        place = place[..start];
        return date;
    }

    /// <summary><c>(Reuters) -</c>, <c>(ANSA) - ROME, JUL 11 -</c>, <c>(Adds …)</c> is none.</summary>
    static bool TryReadAgencyFirst(ReadOnlySpan<char> line, int offset, out Found found)
    {
        found = default;
        if (line[0] is not ('(' or '/'))
            return false;
        var closing = line[0] == '(' ? ')' : '/';
        var close = line[1..Math.Min(line.Length, 40)].IndexOf(closing);
        if (close < 2)
            return false;
        var agency = Agencies.News(line.Slice(1, close));
        if (agency is null && !Agencies.IsReleaseWire(line.Slice(1, close)))
            return false;
        var behind = close + 2;
        var separator = SkipSeparator(line, behind);
        if (separator == behind)
            return false;
        if (separator < line.Length && TryReadPlace(line[separator..], offset + separator, out var place) && place.Rule == Place)
        {
            found = place with { Agency = agency, Rule = Agency };
            return true;
        }

        found = new Found(offset + separator, null, agency, null, Agency);
        return true;
    }

    /// <summary>
    /// Behind the dash, colon or full stop that ends a dateline and the white space after it; unmoved where there is none.
    /// </summary>
    internal static int SkipSeparator(ReadOnlySpan<char> line, int at)
    {
        var i = at;
        var sign = false;
        while (i < line.Length)
        {
            var c = line[i];
            if (c is '-' or '—' or '–' or '_' or '―' or ':' || c == '.' && !sign
                || c == '.' && i + 1 < line.Length && line[i + 1] is '-' or ' ')
                sign = true;
            else if (!Chars.Is(c, CharClass.Space))
                break;
            i++;
        }

        return sign ? i : at;
    }

    static bool NextIsCapital(ReadOnlySpan<char> line, int at)
    {
        while (at < line.Length && Chars.Is(line[at], CharClass.Space | CharClass.Opener))
            at++;
        return at >= line.Length || Chars.Is(line[at], CharClass.Upper | CharClass.Digit | CharClass.Spaceless)
            || Chars.Is(line[at], CharClass.Letter) && !Chars.Is(line[at], CharClass.Lower)
            || line[at] is '$' or '€' or '£' or '%' or '#';
    }
}
