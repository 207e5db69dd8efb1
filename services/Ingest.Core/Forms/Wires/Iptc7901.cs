using Ingest.Core.Normalisation.Characters;
using System.Buffers;
using System.Globalization;
using Ingest.Core.Articles;
using Ingest.Core.Forms.Text;
using Ingest.Core.Normalisation.Rules;

namespace Ingest.Core.Forms.Wires;

/// <summary>
/// IPTC 7901, the form of telegraph lines: "dpa123 4 pl 250 dpa 0456" in the header with a line of keywords, a headline that ends with an equals
/// sign, paragraphs in wrapped lines, and the time of sending behind them.
/// </summary>
internal static class Iptc7901
{
    const string Form = "an IPTC 7901 message";

    static readonly SearchValues<char> AsciiLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>dpa's code for the services that a message goes to: "ccccb".</summary>
    const string Routing = "cccc";

    /// <summary>Lines above the text: a mark of the version, the headline, a byline.</summary>
    const int MaxHead = 8;

    static readonly string[] Months =
        ["jan", "feb fev fév", "mar mär maerz mrz", "apr avr", "may mai mei", "jun juin", "jul juil", "aug aou aoû ago", "sep", "oct okt", "nov", "dec dez déc dic"];

    public static bool Recognises(InputStart start) => HeaderOf(System.Text.Encoding.Latin1.GetString(WireMessages.FirstHeader(start.Beginning.Span))) is not null;

    public static IEnumerable<RawArticle> Read(Stream content, RawArticle file, InputLimits limits) => WireMessages.Read(content, file, limits, Article);

    static RawArticle Article(WireMessages.Message message, RawArticle file, int number, InputLimits limits)
    {
        if (HeaderOf(message.Header) is not var (id, priority, category, named))
            return WireArticle.Refused(file, null, number, Rejection.Unreadable(Form, $"Its header is none: \"{Chars.OneLine(message.Header)}\"."));
        var (written, trailer) = Trailer(message);
        written = WithoutNotebook(written);
        var (version, headline, bylines, text) = Head(written);
        if (WireBody.Plain(text) is not { } body)
            return WireArticle.Refused(file, id, number, Rejection.Unreadable(Form, "It holds no text."));
        var metadata = ArticleMetadata.None with
        {
            Headline = headline,
            Bylines = bylines,
            // Where the header does not name it, the trailer or the message's id opens with its name.
            Agency = new[] { named, Letters(trailer), Letters(id) }.FirstOrDefault(name => Agencies.News(name) is not null),
            Dateline = WireText.DatelineOf(body.Content),
            Published = Sent(trailer),
            Section = category,
            Slugline = Chars.OneLine(string.Join(' ', message.Header.Split('\n').Skip(1))),
            Version = version,
            Urgency = WireText.Urgency(priority),
        };
        return WireArticle.Of(file, id, number, metadata, body, limits);
    }

    /// <summary>Source and number, priority, category, and the agency, which may have a number of its own behind it; null where it is no header.</summary>
    static (string Id, string Priority, string Category, string? Agency)? HeaderOf(string header)
    {
        var line = header.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (line.Length < 4 || line[0].Length > 12 || !char.IsAsciiLetter(line[0][0]) || !char.IsAsciiDigit(line[0][^1])
            || line[1] is not [>= '0' and <= '9'] || line[2].Length > 4 || !line[2].All(char.IsAsciiLetter) || !line[3].All(char.IsAsciiDigit))
            return null;
        var last = line.Length > 5 && line[^1].All(char.IsAsciiDigit) ? line[^2] : line[^1];
        var isAgency = line.Length > 4 && char.IsAsciiLetter(last[0]) && !last.StartsWith(Routing, StringComparison.Ordinal);
        return (line[0], line[1], line[2], isAgency ? last : null);
    }

    /// <summary>The text and what stands behind it; that may be the text's last line.</summary>
    static (string Text, string Trailer) Trailer(WireMessages.Message message)
    {
        var text = message.Text.TrimEnd();
        var last = text.LastIndexOf('\n');
        return string.IsNullOrWhiteSpace(message.Trailer) && last > 0 && Sent(text[last..]) is not null
            ? (text[..last], text[last..]) : (message.Text, message.Trailer);
    }

    /// <summary>The text without what dpa tells editors behind it, under a heading of its own: who wrote it, and whom to call.</summary>
    static string WithoutNotebook(string text)
    {
        const int Longest = 40;
        for (var at = text.IndexOf("\n#", StringComparison.Ordinal); at >= 0; at = text.IndexOf("\n#", at + 1, StringComparison.Ordinal))
        {
            var heading = text.AsSpan(at + 1, Math.Min(Longest, text.Length - at - 1));
            heading = heading[..(heading.IndexOf('\n') is >= 0 and var end ? end : heading.Length)];
            if (heading.Contains("notebook", StringComparison.OrdinalIgnoreCase) || heading.Contains("notizblock", StringComparison.OrdinalIgnoreCase))
                return text[..at];
        }

        return text;
    }

    /// <summary>The letters that open a text: two or more.</summary>
    static string? Letters(string text)
    {
        text = text.TrimStart();
        var end = text.AsSpan().IndexOfAnyExcept(AsciiLetters);
        return end > 1 ? text[..end] : null;
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
            if (Chars.OneLine(lines[i].TrimEnd().TrimEnd('=')) is { } line)
                if (WireText.IsByline(line))
                    bylines.Add(line);
                else if (i < last && headline.Count == 0 && IsMark(line))
                    version = version is null ? line : $"{version} {line}";
                else
                    headline.Add(line);
        return (version, Chars.OneLine(string.Join(' ', headline)), WireText.Names(bylines), string.Join('\n', lines.Skip(last + 1)));
    }

    /// <summary>"1ST LEAD", "EXTRA": a few words in capitals.</summary>
    static bool IsMark(string line) => !line.Any(char.IsLower) && line.Count(' '.Equals) < 4;

    /// <summary>
    /// "131137 GMT Nov 13": day and time, month and year, with or without a zone; or a date as ISO writes it. The agency may stand before either.
    /// </summary>
    static string? Sent(string trailer)
    {
        var parts = trailer.Split([' ', '\n', '.', ','], StringSplitOptions.RemoveEmptyEntries);
        if (Letters(trailer) is not null)
            parts = parts[1..];
        if (parts.Length > 0 && WireText.Instant(parts[0].Replace('/', 'T')) is { } iso)
            return iso;
        if (parts.Length < 3 || parts[0].Length != 6 || !parts[0].All(char.IsAsciiDigit))
            return null;
        var zone = ZoneName.Offset(parts[1]);
        var at = char.IsLetter(parts[1][0]) && MonthOf(parts[1]) == 0 ? 2 : 1;
        if (at + 1 >= parts.Length || MonthOf(parts[at]) is not (> 0 and var month) || !int.TryParse(parts[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var year))
            return null;
        return WireText.Instant($"{(year < 100 ? year + 2000 : year):0000}{month:00}{parts[0][..2]}T{parts[0][2..]}{zone}");
    }

    static int MonthOf(string name) =>
        Array.FindIndex(Months, m => m.Split(' ').Any(start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase))) + 1;
}
