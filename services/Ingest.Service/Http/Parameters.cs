using System.Globalization;

namespace Ingest.Service.Http;

/// <summary>Parameters of a query.</summary>
static class Parameters
{
    static readonly string[] Moments =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>
    /// An ISO 8601 date, or date and time, in UTC where it names no offset; null for anything else, such as a time without a date.
    /// </summary>
    public static DateTimeOffset? Moment(string given) =>
        DateTimeOffset.TryParseExact(given, Moments, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment
            : null;

    /// <summary>A whole number; the default where it is not given, null where it is not a number or out of range.</summary>
    public static long? Number(string? given, long least, long most, long otherwise) => given is null
        ? otherwise
        : long.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : null;
}
