using System.Globalization;
using Ingest.Core.Articles;

namespace Ingest.Core.Forms.Wires;

/// <summary>
/// IPTC 7901, the form of telegraph lines: "dpa123 4 pl 250 dpa 0456" in the header with a line of keywords, a headline that ends with an equals
/// sign, paragraphs in wrapped lines, and the time of sending behind them.
/// </summary>
public static class Iptc7901
{
    const string Form = "IPTC 7901 message";

    /// <summary>Lines above the text: a mark of the version, the headline, a byline.</summary>
    const int MaxHead = 8;

    static readonly string[] Months =
        ["jan", "feb fev fév", "mar mär maerz mrz", "apr avr", "may mai mei", "jun juin", "jul juil", "aug aou aoû ago", "sep", "oct okt", "nov", "dec dez déc dic"];

    static readonly Dictionary<string, string> Zones = new(StringComparer.OrdinalIgnoreCase)
    {
        ["GMT"] = "Z", ["UTC"] = "Z", ["Z"] = "Z", ["MEZ"] = "+01:00", ["CET"] = "+01:00", ["MESZ"] = "+02:00", ["CEST"] = "+02:00", ["BST"] = "+01:00",
    };

    public static bool Recognises(InputStart start) => HeaderOf(System.Text.Encoding.Latin1.GetString(WireMessages.FirstHeader(start.Beginning.Span))) is not null;

    public static IEnumerable<RawArticle> Read(Stream content, RawArticle file, InputLimits limits)
    {
        var bytes = WireBytes.Read(content, limits.MaxFile);
        if (bytes is null)
        {
            yield return WireArticle.Refused(file, null, 1, Rejection.TooLarge(-1, limits.MaxFile));
            yield break;
        }

        var number = 0;
        foreach (var message in WireMessages.In(bytes))
            yield return Article(message, file, ++number, limits);
    }

    static RawArticle Article(WireMessages.Message message, RawArticle file, int number, InputLimits limits)
    {
        if (HeaderOf(message.Header) is not var (id, priority, category, agency))
            return WireArticle.Refused(file, null, number, Rejection.Unreadable(Form, $"Its header is none: \"{WireText.Line(message.Header)}\"."));
        var (version, headline, bylines, text) = Head(message.Text);
        if (WireBody.Plain(text) is not { } body)
            return WireArticle.Refused(file, id, number, Rejection.Unreadable(Form, "It holds no text."));
        var metadata = ArticleMetadata.None with
        {
            Headline = headline,
            Bylines = bylines,
            Agency = agency,
            Dateline = WireText.DatelineOf(body.Content),
            Published = Sent(message.Trailer),
            Section = category,
            Slugline = WireText.Line(string.Join(' ', message.Header.Split('\n').Skip(1)))?.TrimEnd('/'),
            Version = version,
            Urgency = WireText.Urgency(priority),
        };
        return WireArticle.Of(file, id, number, metadata, body, limits);
    }

    /// <summary>Source and number, priority, category, and the agency, which stands before its own number; null where it is no header.</summary>
    static (string Id, string Priority, string Category, string? Agency)? HeaderOf(string header)
    {
        var line = header.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (line.Length < 4 || line[0].Length > 12 || !char.IsAsciiLetter(line[0][0]) || !char.IsAsciiDigit(line[0][^1])
            || line[1] is not [>= '0' and <= '9'] || line[2].Length > 4 || !line[2].All(char.IsAsciiLetter) || !line[3].All(char.IsAsciiDigit))
            return null;
        var agency = line.Skip(4).LastOrDefault(p => char.IsAsciiLetter(p[0]));
        return (line[0], line[1], line[2], agency);
    }

    /// <summary>
    /// What stands above the text. The line that ends with an equals sign ends the head; where none does, the first line is the headline.
    /// </summary>
    static (string? Version, string? Headline, IReadOnlyList<string>? Bylines, string Text) Head(string text)
    {
        var lines = text.Split('\n');
        var last = 0;
        for (var i = 0; i < Math.Min(lines.Length, MaxHead) && !(i > 0 && string.IsNullOrWhiteSpace(lines[i])); i++)
            if (lines[i].TrimEnd().EndsWith('='))
                last = i;
        string? version = null;
        var headline = new List<string>();
        var bylines = new List<string>();
        for (var i = 0; i <= last; i++)
            if (WireText.Line(lines[i].TrimEnd().TrimEnd('=')) is { } line)
                if (WireText.IsByline(line))
                    bylines.Add(line);
                else if (i < last && headline.Count == 0 && IsMark(line))
                    version = version is null ? line : $"{version} {line}";
                else
                    headline.Add(line);
        return (version, WireText.Line(string.Join(' ', headline)), WireText.Names(bylines), string.Join('\n', lines.Skip(last + 1)));
    }

    /// <summary>"1ST LEAD", "EXTRA": a few words in capitals.</summary>
    static bool IsMark(string line) => !line.Any(char.IsLower) && line.Count(' '.Equals) < 4;

    /// <summary>"131137 GMT Nov 13": day and time, month and year, with or without a zone.</summary>
    static string? Sent(string trailer)
    {
        var parts = trailer.Split([' ', '\n', '.', ','], StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 3 || parts[0].Length != 6 || !parts[0].All(char.IsAsciiDigit))
            return null;
        var zone = Zones.GetValueOrDefault(parts[1], "");
        var at = char.IsLetter(parts[1][0]) && MonthOf(parts[1]) == 0 ? 2 : 1;
        if (at + 1 >= parts.Length || MonthOf(parts[at]) is not (> 0 and var month) || !int.TryParse(parts[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var year))
            return null;
        return WireText.Instant($"{(year < 100 ? year + 2000 : year):0000}{month:00}{parts[0][..2]}T{parts[0][2..]}{zone}");
    }

    static int MonthOf(string name) =>
        Array.FindIndex(Months, m => m.Split(' ').Any(start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase))) + 1;
}
