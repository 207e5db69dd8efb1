using Ingest.Core.Normalisation.Rules;

namespace Ingest.Core.Forms.Text;

/// <summary>The zones of dates in files, by name.</summary>
static class ZoneName
{
    /// <summary>Minutes from UTC; null for what is no zone. "CST" is the American one, as in RFC 822: in prose it may be China's.</summary>
    public static int? Minutes(ReadOnlySpan<char> name) =>
        name.Equals("ut", StringComparison.OrdinalIgnoreCase) ? 0
        : name.Equals("cst", StringComparison.OrdinalIgnoreCase) ? -6 * 60
        : DateWord.Of(name) is { Kind: DateWordKind.Zone, Value: var minutes } ? minutes : null;

    /// <summary>The offset as ISO 8601 has it behind a time; empty for what is no zone.</summary>
    public static string Offset(ReadOnlySpan<char> name) => Minutes(name) switch
    {
        null => "",
        0 => "Z",
        var minutes => $"{(minutes < 0 ? '-' : '+')}{Math.Abs(minutes.Value) / 60:00}:{Math.Abs(minutes.Value) % 60:00}",
    };
}
