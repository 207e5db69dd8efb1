using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>The parts that words play in a date.</summary>
internal enum DateWordKind
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
internal readonly record struct DateWord(DateWordKind Kind, int Value, Calendar Calendar = default)
{
    /// <summary>Characters of the longest word, or of several that are written as one.</summary>
    public const int MaxLength = 24;

    static readonly Dictionary<string, DateWord> Words = Load();
    static readonly Dictionary<string, DateWord>.AlternateLookup<ReadOnlySpan<char>> Lookup = Words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>What a word of <c>dates.txt</c> is; of another kind where it is none.</summary>
    public static DateWord Of(ReadOnlySpan<char> word)
    {
        word = word.TrimEnd('.');
        if (word.Length is 0 or > MaxLength)
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
    static Dictionary<string, DateWord> Load()
    {
        var words = new Dictionary<string, DateWord>(StringComparer.Ordinal);
        foreach (var line in Resource.Lines("dates.txt"))
        {
            var colon = line.IndexOf(':');
            if (colon < 0 || line[..colon].Split(' ') is not [var head, var of])
                throw new FormatException($"'{line}' does not begin with a kind, what it is of, and a colon.");
            var kind = Enum.Parse<DateWordKind>(head.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
            var calendar = kind == DateWordKind.Month && Enum.TryParse<Calendar>(of, ignoreCase: true, out var named) ? named : Calendar.Gregorian;
            var items = line[(colon + 1)..].Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            for (var i = 0; i < items.Length; i++)
            {
                var value = kind switch
                {
                    DateWordKind.Zone => Zone(of),
                    DateWordKind.Era => int.Parse(of, System.Globalization.CultureInfo.InvariantCulture),
                    _ => i + 1,
                };
                foreach (var name in items[i].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                    words.TryAdd(string.Concat(name.TrimEnd('.').Select(Chars.Fold)), new DateWord(kind, value, calendar));
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
}
