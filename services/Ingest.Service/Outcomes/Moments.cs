using System.Globalization;

namespace Ingest.Service.Outcomes;

/// <summary>Dates of articles, for forms that know no date without a time.</summary>
static class Moments
{
    /// <summary>
    /// An ISO 8601 date is the start of that day in UTC, a time without a zone one in UTC. Null for a year or a month alone, which say too
    /// little for that.
    /// </summary>
    public static DateTimeOffset? Of(string? date) =>
        date is { Length: >= 10 } && DateTimeOffset.TryParse(date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment
            : null;
}
