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
        var reader = new DateReader();
        if (!reader.Read(line, wholeLine: true) || !reader.Any)
            return false;
        found = new Line(reader.Date, reader.UpdatedFirst, reader.Labelled, reader.IsRelative);
        return reader.Date is not null || reader.Labelled && reader.Numbers > 0 || reader.HasTime || reader.MonthAndDay || reader.IsRelative;
    }

    /// <summary>"Published", "Updated on:" and no date.</summary>
    public static bool IsLabel(ReadOnlySpan<char> line)
    {
        var reader = new DateReader();
        return line.Length is > 0 and <= 40 && reader.Read(line, wholeLine: true) && reader is { Labelled: true, Numbers: 0 };
    }

    /// <summary>Reads the first full date (with year) of a short text, other words beside it allowed.</summary>
    public static DateFound? FindIn(ReadOnlySpan<char> text)
    {
        var reader = new DateReader();
        reader.Read(text.Length > 300 ? text[..300] : text, wholeLine: false);
        return reader.Date;
    }

    public static bool IsMonth(ReadOnlySpan<char> word) => DateWord.Of(word).Kind == DateWordKind.Month;

    /// <summary>A month, a weekday or another word of dates: what may stand between a dateline's place and its agency.</summary>
    public static bool IsDateWord(ReadOnlySpan<char> word) => DateWord.Of(word).Kind is DateWordKind.Month or DateWordKind.Weekday;

    /// <summary>A weekday in full; its short forms are names and words too.</summary>
    public static bool IsWeekday(ReadOnlySpan<char> word) => word.Length >= 5 && DateWord.Of(word).Kind == DateWordKind.Weekday;

    /// <summary>The names of months in a language, all spellings.</summary>
    public static IEnumerable<string> MonthNames(string language)
    {
        var head = $"month {language}:";
        return Resource.Lines("dates.txt").Where(l => l.StartsWith(head, StringComparison.Ordinal))
            .SelectMany(l => l[head.Length..].Split(['|', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }
}
