using System.Collections.Frozen;
using Ingest.Core.Deduplication.Text;

namespace Ingest.Core.Deduplication.Alignment;

/// <summary>Knows the words that name a day (<c>days.txt</c>), by their hashes.</summary>
internal static class Days
{
    const string Month = "month ";

    static readonly (FrozenSet<ulong> Days, FrozenSet<ulong> Months) Data = Load();

    /// <summary>The name of a weekday.</summary>
    public static bool IsWeekday(ulong word) => Data.Days.Contains(word);

    /// <summary>The name of a month, or the character that stands behind the number of a day.</summary>
    public static bool IsMonth(ulong word) => Data.Months.Contains(word);

    static (FrozenSet<ulong> Days, FrozenSet<ulong> Months) Load()
    {
        var (days, months) = (new HashSet<ulong>(), new HashSet<ulong>());
        var words = new WordSequence(WordKernel.All[0]);
        foreach (var line in Resource.Lines("days.txt"))
        {
            var isMonth = line.StartsWith(Month, StringComparison.Ordinal);
            words.Read(isMonth ? line[Month.Length..] : line);
            foreach (var word in words.Hashes)
                (isMonth ? months : days).Add(word);
        }

        return (days.ToFrozenSet(), months.ToFrozenSet());
    }
}
