using System.Globalization;
using Ingest.Core.Normalisation.Rules;

namespace Ingest.Core.Forms.Text;

/// <summary>
/// Dates as files of articles have them: ISO 8601 and RFC 822, both also as they should not be; those of C, of American pages, and seconds
/// since 1970.
/// </summary>
static class LooseDate
{
    const int Longest = 80;

    /// <summary>Months as programs write them in three or four letters, where people do not: beside those of <see cref="DateWord"/>.</summary>
    static readonly Dictionary<string, int> Months = new[]
    {
        "ian sty", "lut úno", "mär már bře", "kwi ápr dub", "maj máj kvě", "cze jún čvn iun", "lip júl čvc iul", "sie srp", "wrz szept zář", "paź říj", "lis noi", "gru pro",
    }.SelectMany((names, i) => names.Split(' ').Select(n => (Name: n, Month: i + 1))).ToDictionary(n => n.Name, n => n.Month, StringComparer.OrdinalIgnoreCase);

    /// <summary>ISO 8601 with the time and the offset that were written, and no others; null for what is no date.</summary>
    public static string? Read(string? written)
    {
        var text = written.AsSpan().Trim();
        if (text.Length is 0 or > Longest)
            return null;
        if (text.Length is 10 or 13 && !text.ContainsAnyExceptInRange('0', '9'))
            return DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(text, CultureInfo.InvariantCulture) * (text.Length == 10 ? 1000 : 1))
                .ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
        return InNumbers(text) ?? new Reading().Read(text);
    }

    /// <summary>"3.12.2026", "31/12/2026 14:05": day, month and year; null where the day and the month may be each other.</summary>
    static string? InNumbers(ReadOnlySpan<char> text)
    {
        var space = text.IndexOfAny(' ', ',', 'T');
        var date = space < 0 ? text : text[..space];
        var first = date.IndexOfAny('.', '/', '-');
        var second = first < 1 ? -1 : date[(first + 1)..].IndexOf(date[first]);
        if (second < 1 || date[(first + second + 2)..] is not { Length: 4 } year
            || !int.TryParse(date[..first], NumberStyles.None, CultureInfo.InvariantCulture, out var day)
            || !int.TryParse(date.Slice(first + 1, second), NumberStyles.None, CultureInfo.InvariantCulture, out var month))
            return null;
        if (month > 12)
            (day, month) = (month, day);
        else if (date[first] != '.' && day <= 12 && day != month)
            return null;
        return new Reading().Read($"{year}-{month:00}-{day:00} {(space < 0 ? "" : text[(space + 1)..])}");
    }

    struct Reading
    {
        int year, month, day, hour, minute, second;
        int? zone;
        bool timed, compact;

        public string? Read(ReadOnlySpan<char> text)
        {
            while (!text.IsEmpty)
            {
                var length = char.IsAsciiDigit(text[0]) ? text.IndexOfAnyExceptInRange('0', '9')
                    : char.IsLetter(text[0]) ? WordLength(text) : 1;
                if (length < 0)
                    length = text.Length;
                var part = text[..length];
                text = text[length..];
                if (char.IsLetter(part[0]))
                    Word(part);
                else if (char.IsAsciiDigit(part[0]))
                    Number(part, ref text);
                else if (part[0] is '+' or '-' or '\u2212' && timed && zone is null or 0 && !text.IsEmpty && char.IsAsciiDigit(text[0]))
                    Offset(part[0] == '+' ? 1 : -1, ref text);
                else if (part[0] == '(')
                    break;
            }

            return Iso();
        }

        static int WordLength(ReadOnlySpan<char> text)
        {
            var length = 1;
            while (length < text.Length && (char.IsLetter(text[length]) || char.IsAsciiLetter(text[0]) && text[length] == '\u0301'))
                length++;
            return length;
        }

        void Word(ReadOnlySpan<char> word)
        {
            if (word.Equals("T", StringComparison.OrdinalIgnoreCase))
                return;
            if (timed && ZoneName.Minutes(word) is { } minutes)
            {
                zone ??= minutes;
                return;
            }

            var said = DateWord.Of(word);
            if (said.Kind == DateWordKind.Month && said.Value <= 12)
                month = said.Value;
            else if (Months.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out var shortened))
                month = shortened;
            else if (said.Kind == DateWordKind.Meridiem && timed && hour <= 12)
                hour = hour % 12 + (said.Value == 2 ? 12 : 0);
        }

        void Number(ReadOnlySpan<char> digits, ref ReadOnlySpan<char> rest)
        {
            if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                return;
            if (!timed && !rest.IsEmpty && rest[0] == ':' && digits.Length <= 2)
                Time(value, ref rest);
            else if (digits.Length == 8 && year == 0)
                (year, month, day, compact) = (value / 10000, value / 100 % 100, value % 100, true);
            else if (compact && !timed && digits.Length is 4 or 6)
                (hour, minute, second, timed) = digits.Length == 6 ? (value / 10000, value / 100 % 100, value % 100, true) : (value / 100, value % 100, 0, true);
            else if (digits.Length == 4 && year == 0)
                year = value;
            else if (digits.Length > 2)
                return;
            else if (year > 0 && month == 0 && day == 0)
                month = value;
            else if (day == 0)
                day = value;
            else if (year == 0)
                year = value + (value < 70 ? 2000 : 1900);
        }

        void Time(int hours, ref ReadOnlySpan<char> rest)
        {
            (hour, minute, timed) = (hours, Two(ref rest), true);
            if (!rest.IsEmpty && rest[0] == ':')
                second = Math.Min(Two(ref rest), 59);
            // Parts of a second tell nothing that is asked for.
            if (rest.Length > 1 && rest[0] is '.' or ',' && char.IsAsciiDigit(rest[1]))
                rest = rest[1..].TrimStart("0123456789");
        }

        /// <summary>The number behind a colon.</summary>
        static int Two(ref ReadOnlySpan<char> rest)
        {
            rest = rest[1..];
            var length = 0;
            while (length < rest.Length && length < 2 && char.IsAsciiDigit(rest[length]))
                length++;
            var value = length == 0 ? 0 : int.Parse(rest[..length], CultureInfo.InvariantCulture);
            rest = rest[length..];
            return value;
        }

        /// <summary>+0100, +01:00, +1.</summary>
        void Offset(int sign, ref ReadOnlySpan<char> rest)
        {
            var length = 0;
            while (length < rest.Length && length < 4 && char.IsAsciiDigit(rest[length]))
                length++;
            var value = int.Parse(rest[..length], CultureInfo.InvariantCulture);
            rest = rest[length..];
            var minutes = length > 2 ? value / 100 * 60 + value % 100 : value * 60;
            if (length <= 2 && rest.Length > 2 && rest[0] == ':')
                minutes += Two(ref rest);
            if (minutes <= 14 * 60)
                zone = sign * minutes;
        }

        readonly string? Iso()
        {
            if (year is < 1000 or > 9998 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
                return null;
            var date = new DateTime(year, month, day);
            if (!timed || hour > 24 || minute > 59)
                return date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var time = date.AddHours(hour).AddMinutes(minute).AddSeconds(second).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
            return zone is { } offset ? $"{time}{(offset < 0 ? '-' : '+')}{Math.Abs(offset) / 60:00}:{Math.Abs(offset) % 60:00}" : time;
        }
    }
}
