using System.Collections.Frozen;
using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>One pass over the words and numbers of a line; the last three numbers and the last month make up a date.</summary>
internal ref struct DateReader
{
    /// <summary>Zones are at most so far from UTC.</summary>
    const int MaxOffset = 14 * 60;

    /// <summary>What may be written behind the number of a day or a year, without a blank.</summary>
    static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Suffixes =
        Wording.SetOf("date.suffix", StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    int month, day, year, meridiem, era, units, zone;
    int? hour, minute, bare;
    Calendar calendar;

    /// <summary>Where a time of day or the name of UTC ends: a sign there begins an offset.</summary>
    int timeEnd, utcEnd;
    bool iso, zoned, monthNext, ago;

    public DateFound? Date { get; private set; }
    public bool Any { get; private set; }
    public bool Labelled { get; private set; }
    public bool UpdatedFirst { get; private set; }
    public bool HasTime { get; private set; }
    public bool MonthAndDay { get; private set; }
    public int Numbers { get; private set; }
    public readonly bool IsRelative => ago && units > 0 && Numbers > 0;

    public bool Read(ReadOnlySpan<char> line, bool wholeLine)
    {
        var i = 0;
        while (i < line.Length)
        {
            var c = line[i];
            if (Chars.Is(c, CharClass.Digit))
            {
                var start = i;
                while (i < line.Length && (Chars.Is(line[i], CharClass.Digit) || IsJoint(line, start, i)))
                    i++;
                if (!Number(line[start..i], line, ref i) && wholeLine)
                    return false;
            }
            else if (Chars.Is(c, CharClass.Letter))
            {
                var start = i;
                while (i < line.Length && IsOfWord(line, start, i))
                    i++;
                if (!Name(line[start..i], i) && wholeLine)
                    return false;
            }
            else if (!TryOffset(line, ref i))
            {
                i++;
            }
        }

        Complete();
        return true;
    }

    /// <summary>A sign that holds the numbers of one date or time together.</summary>
    static bool IsJoint(ReadOnlySpan<char> line, int start, int i) =>
        line[i] is '-' or '/' or '.' or ':' && i > start && Chars.Is(line[i - 1], CharClass.Digit)
        && i + 1 < line.Length && Chars.Is(line[i + 1], CharClass.Digit)
        // Behind a time a dash begins the zone's offset or another time.
        && !(line[i] == '-' && line[start..i].Contains(':'));

    static bool IsOfWord(ReadOnlySpan<char> line, int start, int i)
    {
        if (Chars.Is(line[i], CharClass.Letter | CharClass.Mark))
            return true;
        var goesOn = i + 1 < line.Length && Chars.Is(line[i + 1], CharClass.Letter);
        return line[i] switch
        {
            '\'' or '’' => true,
            // "a. m." has a blank inside.
            '.' => goesOn && i - start <= 2 || IsNoon(line, start, i),
            ' ' or '\u00a0' => i - start == 2 && IsNoon(line, start, i - 1),
            // The numbers of the Hebrew calendar are letters: תשפ"א.
            '"' or '״' => goesOn && IsHebrew(line[i - 1]) && IsHebrew(line[i + 1]),
            _ => false,
        };
    }

    static bool IsNoon(ReadOnlySpan<char> line, int start, int dot) => dot - start == 1 && line[start] is 'a' or 'p' && dot + 3 < line.Length
        && line[dot] == '.' && Chars.Is(line[dot + 1], CharClass.Space) && line[dot + 2] == 'm' && line[dot + 3] == '.';

    static bool IsHebrew(char c) => c is >= 'א' and <= 'ת';

    bool Name(ReadOnlySpan<char> word, int end)
    {
        var meaning = DateWord.Of(word);
        if (meaning.Kind != DateWordKind.Other)
            return Take(meaning, word, end);
        if (HebrewNumber(word) is { } number)
            return Bare(number);
        return IsRun(word, end);
    }

    /// <summary>Words of a script without spaces, written as one: 星期五下午.</summary>
    bool IsRun(ReadOnlySpan<char> word, int end)
    {
        if (!Chars.Is(word[0], CharClass.Spaceless) && word[0] is not (>= '\uac00' and <= '\ud7a3' or >= '\u0e01' and <= '\u0e2e'))
            return false;
        while (!word.IsEmpty)
        {
            var length = Math.Min(word.Length, DateWord.MaxLength);
            while (length > 0 && DateWord.Of(word[..length]).Kind == DateWordKind.Other)
                length--;
            if (length == 0 || !Take(DateWord.Of(word[..length]), word[..length], end))
                return false;
            word = word[length..];
        }

        return true;
    }

    bool Take(DateWord meaning, ReadOnlySpan<char> word, int end)
    {
        var value = meaning.Value;
        switch (meaning.Kind)
        {
            case DateWordKind.Month:
                if (month != 0)
                {
                    // The number before it was the day of a second date, not the hour of the first.
                    var second = bare;
                    if (second is not null)
                        hour = null;
                    Complete();
                    day = second ?? 0;
                }

                (month, calendar) = (value, meaning.Calendar);
                Any = true;
                MonthAndDay |= day != 0;
                return true;
            case DateWordKind.MonthNumber:
                return monthNext = true;
            case DateWordKind.Weekday:
                return Any = true;
            case DateWordKind.Filler:
                iso |= word is "T";
                return true;
            case DateWordKind.Meridiem:
                meridiem = value;
                return true;
            case DateWordKind.Zone:
                if (value == 0)
                    utcEnd = end;
                if (!zoned)
                    (zone, zoned) = (value, true);
                return true;
            case DateWordKind.Era:
                era = value;
                return true;
            case DateWordKind.Unit:
                units++;
                return true;
            case DateWordKind.Ago:
                return Any = ago = true;
            case DateWordKind.Published:
                // "Updated at 13:10 · Published on 18/04/2023": the date is the second label's.
                if (UpdatedFirst && Date is null && (hour is not null || day != 0))
                {
                    Complete();
                    UpdatedFirst = false;
                }

                Any = Labelled = true;
                return true;
            case DateWordKind.Updated:
                Any = Labelled = true;
                Complete();
                UpdatedFirst |= Date is null;
                return true;
            default:
                return false;
        }
    }

    /// <summary>"+07:00" behind a time, "+7" behind the name of UTC, "-0500" where a T parts date and time.</summary>
    bool TryOffset(ReadOnlySpan<char> line, ref int at)
    {
        if (line[at] is not ('+' or '-' or '−' or '–') || at + 1 >= line.Length || !Chars.Is(line[at + 1], CharClass.Digit))
            return false;
        var named = utcEnd > 0 && line[utcEnd..at].IsWhiteSpace();
        if (!named && !(timeEnd > 0 && (at == timeEnd || line[at] == '+' && line[timeEnd..at].Trim(" (").IsEmpty) && (line[at] == '+' || iso)))
            return false;
        var end = at + 1;
        int digits = 0, value = 0, minutes = 0, colon = 0;
        for (; end < line.Length && digits < 4 && (Chars.Is(line[end], CharClass.Digit) || line[end] == ':' && colon == 0); end++)
            if (line[end] == ':')
                (colon, minutes, value) = (digits, value, 0);
            else
                (value, digits) = (value * 10 + (int)char.GetNumericValue(line[end]), digits + 1);
        minutes = colon > 0 ? minutes * 60 + value : digits > 2 ? value / 100 * 60 + value % 100 : value * 60;
        if (minutes > MaxOffset)
            return false;
        (zone, zoned, utcEnd) = (line[at] == '+' ? minutes : -minutes, true, 0);
        at = end;
        return true;
    }

    bool Number(ReadOnlySpan<char> number, ReadOnlySpan<char> line, ref int at)
    {
        Numbers++;
        Span<int> parts = stackalloc int[4];
        int count = 0, digits = 0;
        foreach (var c in number)
        {
            if (Chars.Is(c, CharClass.Digit))
            {
                if (digits == 0 && ++count > 4)
                    return false;
                if (++digits > 4)
                    return false;
                parts[count - 1] = parts[count - 1] * 10 + (int)char.GetNumericValue(c);
            }
            else
            {
                digits = 0;
            }
        }

        var colon = number.Contains(':');
        if (colon)
        {
            Any = HasTime = true;
            if (hour is null || bare is not null)
                (hour, minute, bare) = (parts[0], parts[1], null);
            timeEnd = at;
            return parts[0] < 25 && parts[1] < 60;
        }

        if (count == 3)
        {
            Any = true;
            return parts[0] > 31 ? Take(parts[0], parts[1], parts[2])
                : parts[1] > 12 ? Take(parts[2], parts[0], parts[1])
                : Take(parts[2], parts[1], parts[0]);
        }

        // 2024年04月24日
        if (at < line.Length && (line[at] is '年' or '月' or '日' or '년' or '월' or '일' or '时' or '時' or '点' or '點' or '시' or '分' or '분'))
        {
            switch (line[at++])
            {
                case '年' or '년': (year, era) = (parts[0] + era, 0); break;
                case '月' or '월': month = parts[0]; break;
                case '日' or '일': day = parts[0]; break;
                case '分' or '분': minute = parts[0]; break;
                default: hour = parts[0]; minute = 0; HasTime = true; break;
            }

            Any = true;
            return true;
        }

        if (count == 2)
        {
            // 15h32, 11.16 Uhr, 4.5: a time of day when it can be one.
            hour ??= parts[0];
            minute ??= parts[1];
            return parts[0] < 25 && parts[1] < 60;
        }

        if (count != 1)
            return false;
        // An ordinal or a clock's h behind the number: 1st, 4th, 15h, 15h32.
        if (at < line.Length && Chars.Is(line[at], CharClass.Letter))
        {
            var suffix = at;
            while (at < line.Length && Chars.Is(line[at], CharClass.Letter | CharClass.Mark))
                at++;
            var word = line[suffix..at];
            var noon = DateWord.Of(word);
            if (noon.Kind == DateWordKind.Meridiem)
                meridiem = noon.Value;
            else if (!Suffixes.Contains(word) && word is not ("h" or "H"))
                return false;
            if (noon.Kind == DateWordKind.Meridiem || word is "h" or "H")
            {
                (hour, HasTime) = (parts[0], true);
                if (at + 1 < line.Length && Chars.Is(line[at], CharClass.Digit) && Chars.Is(line[at + 1], CharClass.Digit))
                {
                    minute = (int)char.GetNumericValue(line[at]) * 10 + (int)char.GetNumericValue(line[at + 1]);
                    at += 2;
                }

                return parts[0] < 25;
            }
        }

        // Behind the year, the clock of radio operators: 1402 GMT.
        if (year != 0 && hour is null && number.Length == 4 && parts[0] / 100 < 25 && parts[0] % 100 < 60
            && line[at..].TrimStart() is { Length: > 0 } name && Chars.Is(name[0], CharClass.Letter))
        {
            (hour, minute) = (parts[0] / 100, parts[0] % 100);
            return HasTime = true;
        }

        return Bare(parts[0]);
    }

    /// <summary>A number by itself: a year, or else the day, or else the hour.</summary>
    bool Bare(int number)
    {
        Any = true;
        if (monthNext && number is >= 1 and <= 12)
        {
            (month, monthNext) = (number, false);
            MonthAndDay |= day != 0;
        }
        else if (number > 31)
        {
            if (number is < 1300 or > 2700 and < 5600 or > 5900)
                return false;
            year = number;
        }
        else if (day == 0)
        {
            day = number;
            MonthAndDay |= month != 0;
        }
        else
        {
            bare = hour is null ? number : null;
            hour ??= number;
        }

        return true;
    }

    bool Take(int y, int m, int d)
    {
        if (y < 100)
            y += y < 70 ? 2000 : 1900;
        if (year != 0 || month != 0)
            Complete();
        (year, month, day) = (y, m, d);
        // Written in numbers, the year tells the calendar.
        calendar = y is >= 1300 and < 1450 ? Calendar.Persian : Calendar.Gregorian;
        return m is >= 1 and <= 12 && d is >= 1 and <= 31;
    }

    void Complete()
    {
        if (meridiem == 2 && hour < 12)
            hour += 12;
        else if (meridiem == 1 && hour == 12)
            hour = 0;
        if (Calendars.ToGregorian(calendar, year, month, day) is { } found)
            Date ??= hour is < 24 && (minute ?? (meridiem > 0 ? 0 : null)) is < 60 and var minutes
                ? new DateFound(found.Year, found.Month, found.Day, hour, minutes, zoned ? TimeSpan.FromMinutes(zone) : null)
                : new DateFound(found.Year, found.Month, found.Day);
        (year, month, day, hour, minute, bare, meridiem, zone, zoned, calendar) = (0, 0, 0, null, null, null, 0, 0, false, Calendar.Gregorian);
    }

    /// <summary>A day or a year of the Hebrew calendar in letters: כ"א, תשפ"א, ה'תשפ"א.</summary>
    static int? HebrewNumber(ReadOnlySpan<char> word)
    {
        if (word.Length > 8 || !IsHebrew(word[0]))
            return null;
        int value = 0, thousands = 0;
        var signed = false;
        foreach (var c in word)
        {
            if (c is '"' or '״' or '\'' or '’')
            {
                // The letter before an apostrophe at the start counts thousands.
                if (c is '\'' or '’' && value is > 0 and < 10 && thousands == 0 && word.Length > 3)
                    (thousands, value) = (value * 1000, 0);
                signed = true;
                continue;
            }

            var letter = "אבגדהוזחטיכלמנסעפצקרשת".IndexOf(c);
            if (letter < 0)
                return null;
            value += letter < 9 ? letter + 1 : letter < 18 ? (letter - 8) * 10 : (letter - 17) * 100;
        }

        // A year leaves its thousands out.
        return !signed ? null : value > 100 && thousands == 0 ? value + 5000 : value + thousands;
    }
}
