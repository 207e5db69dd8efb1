using System.Globalization;

namespace Ingest.Core.Articles;

/// <summary>The date of a record in the form of the contract.</summary>
static class RecordDate
{
    static readonly string[] Iso =
    [
        "yyyy", "yyyy-MM", "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>
    /// ISO 8601 as given, with <c>T</c> for the space that many put there; the dates of RSS feeds (RFC 1123) turned into
    /// it; null for anything else.
    /// </summary>
    public static string? Read(string given)
    {
        given = given.Trim();
        // Not in "Sun, 1 Mar 2026 …", which has a space there too.
        if (given.Length > 10 && given[10] == ' ' && given[4] == '-')
            given = string.Concat(given.AsSpan(0, 10), "T", given.AsSpan(11).TrimStart());
        given = WithShortFraction(given);
        if (DateTime.TryParseExact(given, Iso, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            return given;
        return DateTimeOffset.TryParseExact(given.Replace(" GMT", " +00:00", StringComparison.Ordinal),
            ["ddd, d MMM yyyy HH:mm:ss zzz", "d MMM yyyy HH:mm:ss zzz"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var feed)
            ? feed.ToString("yyyy-MM-dd'T'HH:mm:sszzz")
            : null;
    }

    /// <summary>Nanoseconds are cut to what a time has here: seven digits.</summary>
    static string WithShortFraction(string given)
    {
        const int Digits = 7;
        var dot = given.IndexOf('.');
        if (dot < 0)
            return given;
        var end = dot + 1;
        while (end < given.Length && char.IsAsciiDigit(given[end]))
            end++;
        return end - dot - 1 > Digits ? string.Concat(given.AsSpan(0, dot + 1 + Digits), given.AsSpan(end)) : given;
    }
}
