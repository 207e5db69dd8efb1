using System.Collections.Frozen;
using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>A date read from text; the time of day where it stands with it.</summary>
internal readonly record struct DateFound(int Year, int Month, int Day, int? Hour = null, int? Minute = null)
{
    public string Iso => Hour is null ? $"{Year:0000}-{Month:00}-{Day:00}" : $"{Year:0000}-{Month:00}-{Day:00}T{Hour:00}:{Minute:00}";
}

/// <summary>
/// Dates as newsrooms write them, in the languages of <c>dates.txt</c>. A line is a date line when every word of it belongs to a date: a
/// number, a month, a weekday, a time of day, a zone or a label such as "Published".
/// </summary>
internal static class Dates
{
    enum Word
    {
        Other,
        Month,
        Weekday,
        Filler,
        Meridiem,
        Published,
        Updated,
    }

    /// <summary>What may be written behind the number of a day or a year, without a blank.</summary>
    static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Suffixes =
        Wording.SetOf("date.suffix", StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    static readonly Dictionary<string, (Word Kind, int Value)> Words = Load();
    static readonly Dictionary<string, (Word Kind, int Value)>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        Words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>What a date line says.</summary>
    internal readonly record struct Line(DateFound? Date, bool Updated, bool Labelled);

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
        found = new Line(reader.Date, reader.UpdatedFirst, reader.Labelled);
        return reader.Date is not null || reader.Labelled && reader.Numbers > 0 || reader.HasTime || reader.MonthAndDay;
    }

    /// <summary>Reads the first full date (with year) of a short text, other words beside it allowed.</summary>
    public static DateFound? FindIn(ReadOnlySpan<char> text)
    {
        var reader = new Reader();
        reader.Read(text.Length > 300 ? text[..300] : text, wholeLine: false);
        return reader.Date;
    }

    public static bool IsMonth(ReadOnlySpan<char> word) => KindOf(word, out _) == Word.Month;

    /// <summary>A month, a weekday or another word of dates: what may stand between a dateline's place and its agency.</summary>
    public static bool IsDateWord(ReadOnlySpan<char> word) => KindOf(word, out _) is Word.Month or Word.Weekday;

    /// <summary>The names of months in a language, all spellings.</summary>
    public static IEnumerable<string> MonthNames(string language)
    {
        var head = $"month {language}:";
        return Resource.Lines("dates.txt").Where(l => l.StartsWith(head, StringComparison.Ordinal))
            .SelectMany(l => l[head.Length..].Split(['|', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }

    static Word KindOf(ReadOnlySpan<char> word, out int value)
    {
        value = 0;
        word = word.TrimEnd('.');
        if (word.Length is 0 or > 24)
            return Word.Other;
        Span<char> folded = stackalloc char[word.Length];
        for (var i = 0; i < word.Length; i++)
            folded[i] = Chars.Fold(word[i]);
        if (!Lookup.TryGetValue(folded, out var found))
            return Word.Other;
        value = found.Value;
        return found.Kind;
    }

    static Dictionary<string, (Word Kind, int Value)> Load()
    {
        var words = new Dictionary<string, (Word Kind, int Value)>(StringComparer.Ordinal);
        foreach (var line in Resource.Lines("dates.txt"))
        {
            var colon = line.IndexOf(':');
            var head = line[..colon].Split(' ');
            var kind = Enum.Parse<Word>(head[0], ignoreCase: true);
            var items = line[(colon + 1)..].Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            for (var i = 0; i < items.Length; i++)
                foreach (var name in items[i].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                    words.TryAdd(string.Concat(name.TrimEnd('.').Select(Chars.Fold)), (kind, i + 1));
        }

        return words;
    }

    /// <summary>One pass over the words and numbers of a line; the last three numbers and the last month make up a date.</summary>
    ref struct Reader
    {
        int month, day, year;
        int? hour, minute;

        public DateFound? Date { get; private set; }
        public bool Any { get; private set; }
        public bool Labelled { get; private set; }
        public bool UpdatedFirst { get; private set; }
        public bool HasTime { get; private set; }
        public bool MonthAndDay { get; private set; }
        public int Numbers { get; private set; }

        public bool Read(ReadOnlySpan<char> line, bool wholeLine)
        {
            var i = 0;
            while (i < line.Length)
            {
                var c = line[i];
                if (Chars.Is(c, CharClass.Digit))
                {
                    var start = i;
                    while (i < line.Length && (Chars.Is(line[i], CharClass.Digit) || IsJoint(line, i)))
                        i++;
                    if (!Number(line[start..i], line, ref i) && wholeLine)
                        return false;
                }
                else if (Chars.Is(c, CharClass.Letter))
                {
                    var start = i;
                    while (i < line.Length && (Chars.Is(line[i], CharClass.Letter | CharClass.Mark) || line[i] is '\'' or '’'
                        || line[i] == '.' && i + 1 < line.Length && Chars.Is(line[i + 1], CharClass.Letter) && i - start <= 2))
                        i++;
                    if (!Name(line[start..i]) && wholeLine)
                        return false;
                }
                else
                {
                    i++;
                }
            }

            Complete();
            return true;
        }

        /// <summary>A sign that holds the numbers of one date or time together.</summary>
        static bool IsJoint(ReadOnlySpan<char> line, int i) =>
            line[i] is '-' or '/' or '.' or ':' && i > 0 && Chars.Is(line[i - 1], CharClass.Digit)
            && i + 1 < line.Length && Chars.Is(line[i + 1], CharClass.Digit);

        bool Name(ReadOnlySpan<char> word)
        {
            switch (KindOf(word, out var value))
            {
                case Word.Month:
                    if (month != 0)
                        Complete();
                    month = value;
                    Any = true;
                    MonthAndDay |= day != 0;
                    return true;
                case Word.Weekday:
                    Any = true;
                    return true;
                case Word.Filler:
                    return true;
                case Word.Meridiem:
                    if (value == 2 && hour < 12)
                        hour += 12;
                    else if (value == 1 && hour == 12)
                        hour = 0;
                    return true;
                case Word.Published:
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
                hour = parts[0];
                minute = parts[1];
                return hour < 25 && minute < 60;
            }

            if (count == 3)
            {
                Any = true;
                return parts[0] > 31 ? Take(parts[0], parts[1], parts[2])
                    : parts[1] > 12 ? Take(parts[2], parts[0], parts[1])
                    : Take(parts[2], parts[1], parts[0]);
            }

            // 2024年04月24日
            if (at < line.Length && (line[at] is '年' or '月' or '日' or '년' or '월' or '일' or '时' or '時' or '点' or '시' or '分' or '분'))
            {
                switch (line[at++])
                {
                    case '年' or '년': year = parts[0]; break;
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
            // An ordinal or a clock's h behind the number: 1st, 4th, 15h.
            if (at < line.Length && Chars.Is(line[at], CharClass.Letter))
            {
                var suffix = at;
                while (at < line.Length && Chars.Is(line[at], CharClass.Letter))
                    at++;
                var word = line[suffix..at];
                if (word is "am" or "pm" or "AM" or "PM")
                    hour = parts[0] % 12 + (word[0] is 'p' or 'P' ? 12 : 0);
                else if (!Suffixes.Contains(word) && word is not ("h" or "H"))
                    return false;
                if (word is "h" or "H" or "am" or "pm" or "AM" or "PM")
                {
                    HasTime = true;
                    return parts[0] < 25;
                }
            }

            if (parts[0] > 31)
            {
                if (parts[0] is < 1500 or > 2200)
                    return false;
                year = parts[0];
            }
            else if (day == 0)
            {
                day = parts[0];
                MonthAndDay |= month != 0;
            }
            else
            {
                hour ??= parts[0];
            }

            Any = true;
            return true;
        }

        bool Take(int y, int m, int d)
        {
            if (y < 100)
                y += y < 70 ? 2000 : 1900;
            if (year != 0 || month != 0)
                Complete();
            (year, month, day) = (y, m, d);
            return m is >= 1 and <= 12 && d is >= 1 and <= 31;
        }

        void Complete()
        {
            if (year is >= 1500 and <= 2200 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month))
                Date ??= hour is < 24 && minute is < 60 ? new DateFound(year, month, day, hour, minute) : new DateFound(year, month, day);
            (year, month, day, hour, minute) = (0, 0, 0, null, null);
        }
    }
}
