namespace Ingest.Ledger.Articles;

/// <summary>
/// The line scorer's evidence, "score 0.07: short lines around it, rules removed lines near it", is half of a page's blob when each is
/// stored in full: few are alike, but their parts are. Like <see cref="Mending"/> this is a part of the format; other
/// wordings are stored in full.
/// </summary>
static class Reasons
{
    /// <summary>No part is longer, so that parts made of parts cannot grow.</summary>
    public const int LongestPart = 64;

    /// <summary>"score 0.07: ".</summary>
    const int Head = 12;
    const string Between = ", ";

    public static bool Split(string text, out int percent, out ReadOnlySpan<char> first, out ReadOnlySpan<char> second)
    {
        percent = 0;
        first = second = [];
        if (text.Length < Head || !text.StartsWith("score ", StringComparison.Ordinal)
            || text[7] != '.' || text[10] != ':' || text[11] != ' '
            || !char.IsAsciiDigit(text[6]) || !char.IsAsciiDigit(text[8]) || !char.IsAsciiDigit(text[9]))
            return false;
        percent = 100 * (text[6] - '0') + 10 * (text[8] - '0') + text[9] - '0';
        var rest = text.AsSpan(Head);
        var comma = rest.IndexOf(Between);
        if (comma < 0)
            return false;
        first = rest[..comma];
        second = rest[(comma + Between.Length)..];
        return first.Length <= LongestPart && second.Length <= LongestPart
            && !first.ContainsAnyInRange('\ud800', '\udfff') && !second.ContainsAnyInRange('\ud800', '\udfff');
    }

    public static string Join(int percent, string first, string second) =>
        $"score {percent / 100}.{percent / 10 % 10}{percent % 10}: {first}{Between}{second}";
}
