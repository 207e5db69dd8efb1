using System.Collections.Frozen;
using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>A date read from text; the time of day, and how far its zone is from UTC, where they stand with it.</summary>
internal readonly record struct DateFound(int Year, int Month, int Day, int? Hour = null, int? Minute = null, TimeSpan? Offset = null)
{
    public string Iso
    {
        get
        {
            var day = $"{Year:0000}-{Month:00}-{Day:00}";
            if (Hour is null)
                return day;
            var time = $"{day}T{Hour:00}:{Minute:00}";
            return Offset is { } zone ? $"{time}{(zone < TimeSpan.Zero ? '-' : '+')}{zone:hh\\:mm}" : time;
        }
    }
}

/// <summary>
/// Dates as newsrooms write them, in the languages and calendars of <c>dates.txt</c>. A line is a date line when every word of it belongs to
/// a date: a number, a month, a weekday, a time of day, a zone or a label such as "Published".
/// </summary>
internal static class Dates
{
    enum Word
    {
        Other,
        Month,
        MonthNumber,
        Weekday,
        Filler,
        Meridiem,
        Zone,
        Era,
        Unit,
        Ago,
        Published,
        Updated,
    }

    /// <summary>What a word is to a date.</summary>
    /// <param name="Value">
    /// The month, from 1; 1 before and 2 behind noon; the zone's minutes from UTC; the year before an era's first.
    /// </param>
    readonly record struct Meaning(Word Kind, int Value, Calendar Calendar = default);

    /// <summary>What may be written behind the number of a day or a year, without a blank.</summary>
    static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Suffixes =
        Wording.SetOf("date.suffix", StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    static readonly Dictionary<string, Meaning> Words = Load();
    static readonly Dictionary<string, Meaning>.AlternateLookup<ReadOnlySpan<char>> Lookup = Words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Characters of the longest word, or of several that are written as one.</summary>
    const int MaxWord = 24;

    /// <summary>Zones are at most so far from UTC.</summary>
    const int MaxOffset = 14 * 60;

    /// <summary>What a date line says.</summary>
    /// <param name="Relative">It counts from now: "16 minutes ago".</param>
    internal readonly record struct Line(DateFound? Date, bool Updated, bool Labelled, bool Relative);

    /// <summary>
    /// Reads a line that is nothing but a date, with or without labels. Looks at its first 160 characters; longer lines are none.
    /// </summary>
    public static bool TryReadLine(ReadOnlySpan<char> line, out Line found)
    {
        found = default;
        if (line.Length > 160)
            return false;
        var reader = new Reader();
        if (!reader.Read(line, wholeLine: true) || !reader.Any)
            return false;
        found = new Line(reader.Date, reader.UpdatedFirst, reader.Labelled, reader.IsRelative);
        return reader.Date is not null || reader.Labelled && reader.Numbers > 0 || reader.HasTime || reader.MonthAndDay || reader.IsRelative;
    }

    /// <summary>Reads the first full date (with year) of a short text, other words beside it allowed.</summary>
    public static DateFound? FindIn(ReadOnlySpan<char> text)
    {
        var reader = new Reader();
        reader.Read(text.Length > 300 ? text[..300] : text, wholeLine: false);
        return reader.Date;
    }

    public static bool IsMonth(ReadOnlySpan<char> word) => MeaningOf(word).Kind == Word.Month;

    /// <summary>A month, a weekday or another word of dates: what may stand between a dateline's place and its agency.</summary>
    public static bool IsDateWord(ReadOnlySpan<char> word) => MeaningOf(word).Kind is Word.Month or Word.Weekday;

    /// <summary>A weekday in full; its short forms are names and words too.</summary>
    public static bool IsWeekday(ReadOnlySpan<char> word) => word.Length >= 5 && MeaningOf(word).Kind == Word.Weekday;

    /// <summary>The names of months in a language, all spellings.</summary>
    public static IEnumerable<string> MonthNames(string language)
    {
        var head = $"month {language}:";
        return Resource.Lines("dates.txt").Where(l => l.StartsWith(head, StringComparison.Ordinal))
            .SelectMany(l => l[head.Length..].Split(['|', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }

    static Meaning MeaningOf(ReadOnlySpan<char> word)
    {
        word = word.TrimEnd('.');
        if (word.Length is 0 or > MaxWord)
            return default;
        Span<char> folded = stackalloc char[word.Length];
        for (var i = 0; i < word.Length; i++)
            folded[i] = Chars.Fold(word[i]);
        if (Lookup.TryGetValue(folded, out var found))
            return found;
        // Hebrew joins its preposition to the month: "5 במרץ".
        return folded.Length > 2 && folded[0] == 'ב' && Lookup.TryGetValue(folded[1..], out found) ? found : default;
    }

    /// <exception cref="FormatException">A line of the list is not of its form; the message names it.</exception>
    static Dictionary<string, Meaning> Load()
    {
        var words = new Dictionary<string, Meaning>(StringComparer.Ordinal);
        foreach (var line in Resource.Lines("dates.txt"))
        {
            var colon = line.IndexOf(':');
            if (colon < 0 || line[..colon].Split(' ') is not [var head, var of])
                throw new FormatException($"'{line}' does not begin with a kind, what it is of, and a colon.");
            var kind = Enum.Parse<Word>(head.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
            var calendar = kind == Word.Month && Enum.TryParse<Calendar>(of, ignoreCase: true, out var named) ? named : Calendar.Gregorian;
            var items = line[(colon + 1)..].Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            for (var i = 0; i < items.Length; i++)
            {
                var value = kind switch
                {
                    Word.Zone => Zone(of),
                    Word.Era => int.Parse(of, System.Globalization.CultureInfo.InvariantCulture),
                    _ => i + 1,
                };
                foreach (var name in items[i].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                    words.TryAdd(string.Concat(name.TrimEnd('.').Select(Chars.Fold)), new Meaning(kind, value, calendar));
            }
        }

        return words;
    }

    /// <summary>Minutes of "+0530".</summary>
    static int Zone(string written)
    {
        var value = int.Parse(written, System.Globalization.CultureInfo.InvariantCulture);
        return value / 100 * 60 + value % 100;
    }

    /// <summary>One pass over the words and numbers of a line; the last three numbers and the last month make up a date.</summary>
    ref struct Reader
    {
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
            var meaning = MeaningOf(word);
            if (meaning.Kind != Word.Other)
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
                var length = Math.Min(word.Length, MaxWord);
                while (length > 0 && MeaningOf(word[..length]).Kind == Word.Other)
                    length--;
                if (length == 0 || !Take(MeaningOf(word[..length]), word[..length], end))
                    return false;
                word = word[length..];
            }

            return true;
        }

        bool Take(Meaning meaning, ReadOnlySpan<char> word, int end)
        {
            var value = meaning.Value;
            switch (meaning.Kind)
            {
                case Word.Month:
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
                case Word.MonthNumber:
                    return monthNext = true;
                case Word.Weekday:
                    return Any = true;
                case Word.Filler:
                    iso |= word is "T";
                    return true;
                case Word.Meridiem:
                    meridiem = value;
                    return true;
                case Word.Zone:
                    if (value == 0)
                        utcEnd = end;
                    if (!zoned)
                        (zone, zoned) = (value, true);
                    return true;
                case Word.Era:
                    era = value;
                    return true;
                case Word.Unit:
                    units++;
                    return true;
                case Word.Ago:
                    return Any = ago = true;
                case Word.Published:
                    // "Updated at 13:10 · Published on 18/04/2023": the date is the second label's.
                    if (UpdatedFirst && Date is null && (hour is not null || day != 0))
                    {
                        Complete();
                        UpdatedFirst = false;
                    }

                    Any = Labelled = true;
                    return true;
                case Word.Updated:
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
                var noon = MeaningOf(word);
                if (noon.Kind == Word.Meridiem)
                    meridiem = noon.Value;
                else if (!Suffixes.Contains(word) && word is not ("h" or "H"))
                    return false;
                if (noon.Kind == Word.Meridiem || word is "h" or "H")
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
}
