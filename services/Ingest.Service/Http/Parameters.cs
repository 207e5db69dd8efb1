using System.Globalization;

namespace Ingest.Service.Http;

/// <summary>Parameters of a query.</summary>
static class Parameters
{
    /// <summary>A whole number; the default where it is not given, null where it is not a number or out of range.</summary>
    public static long? Number(string? given, long least, long most, long otherwise) => given is null
        ? otherwise
        : long.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : null;
}
