using Ingest.Core.Normalisation.Characters;
using System.Globalization;
using System.Text;
using Ingest.Core.Articles;
using Ingest.Core.Forms.Text;
using Ingest.Core.Normalisation.Rules;

namespace Ingest.Core.Forms.Wires;

/// <summary>
/// ANPA 1312, the form of American wires: service letter and number in the header; lines that open with a caret for keyword, headline and
/// byline; paragraphs that open with a tab; and the time of sending behind the text.
/// </summary>
internal static class Anpa1312
{
    const string Form = "an ANPA 1312 message";

    /// <summary>Lines of the head that speak to editors.</summary>
    static readonly string[] Notes = ["(", "eds", "editor", "with ap ", "ap photo", "ap video", "ap graphic"];

    static readonly string[] Copyrights = ["c.", "(c)", "©", "copyright"];

    public static bool Recognises(InputStart start) =>
        WireMessages.FirstHeader(start.Beginning.Span) is [var service, var a, var b, var c, ..]
        && char.IsAsciiLetter((char)service) && char.IsAsciiDigit((char)a) && char.IsAsciiDigit((char)b) && char.IsAsciiDigit((char)c)
        && !Iptc7901.Recognises(start);

    public static IEnumerable<RawArticle> Read(Stream content, RawArticle file, InputLimits limits) => WireMessages.Read(content, file, limits, Article);

    static RawArticle Article(WireMessages.Message message, RawArticle file, int number, InputLimits limits)
    {
        var header = message.Header.Split('\n');
        var id = header[0].Split(' ')[0];
        var keys = header.ElementAtOrDefault(1)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        var lines = message.Text.Split('\n');
        // Kyodo has no carets: its head ends with the first line that is indented.
        var isBare = !lines.Any(l => l.StartsWith('^')) && keys.Length > 2 && lines[0].StartsWith(keys[2], StringComparison.Ordinal);
        var head = lines.TakeWhile(l => l.StartsWith('^') || string.IsNullOrWhiteSpace(l) || isBare && !char.IsWhiteSpace(l[0])).ToList();
        // Some senders say so of all that they send.
        var isTable = message.IsTable && !WireText.AreWrapped(lines[head.Count..], (before, line) => !string.IsNullOrWhiteSpace(before) && line.Length > 0 && !char.IsWhiteSpace(line[0]));
        var (slugline, version, headline, bylines, agency, copyright, further) = Head(head);
        // Behind the byline stand the first lines of a table. Where there is none, they are a summary, or all that a list of headlines has.
        if ((Body(bylines is null ? lines.Skip(head.Count) : further.Concat(lines.Skip(head.Count)), isTable) ?? Body(further, isTable: false)) is not { } text)
            return WireArticle.Refused(file, id, number, Rejection.Unreadable(Form, "It holds no text."));
        var metadata = ArticleMetadata.None with
        {
            Headline = headline,
            Bylines = bylines,
            Agency = Chars.OneLine(message.Trailer) is { } trailer && trailer.IndexOf('-', StringComparison.Ordinal) is > 0 and < 12 and var dash
                && (Sent(trailer) ?? Agencies.News(trailer.AsSpan(0, dash))) is not null ? trailer[..dash] : agency,
            Dateline = WireText.DatelineOf(text.Content),
            Published = Sent(message.Trailer),
            Section = keys.ElementAtOrDefault(1) is [var category] ? category.ToString() : null,
            Slugline = slugline ?? keys.ElementAtOrDefault(2),
            Version = version,
            Urgency = keys.FirstOrDefault() switch { "f" => 1, "b" => 2, "u" => 3, "r" => 4, "d" => 5, _ => null },
            Copyright = copyright,
        };
        return WireArticle.Of(file, id, number, metadata, text, limits);
    }

    /// <summary>
    /// The keyword line, then the headline, notes and bylines, each with a job or an agency behind it. What else is there belongs to the text.
    /// </summary>
    static (string? Slugline, string? Version, string? Headline, IReadOnlyList<string>? Bylines, string? Agency, string? Copyright, List<string> Further) Head(List<string> head)
    {
        var lines = head.Where(l => Bare(l).Length > 0 && !Opens(Bare(l), Notes)).ToList();
        // A code for typesetters may stand before the keywords: "*9006< ^BC-Quay".
        var keyword = lines.Count > 0 ? Bare(lines[0])[(Bare(lines[0]).LastIndexOf('^') + 1)..] : "";
        var keys = keyword.Split(',', StringSplitOptions.TrimEntries);
        var version = keys.Skip(1).FirstOrDefault(k => k.Length > 0 && !k.All(char.IsAsciiDigit));
        string? headline = null, agency = null, copyright = null;
        var (bylines, further, isBehindName) = (new List<string>(), new List<string>(), false);
        for (var i = 1; i < lines.Count; i++)
        {
            var line = Bare(lines[i]);
            if (WireText.IsByline(line))
            {
                bylines.Add(line);
                further.Clear();
                isBehindName = Agencies.News(line.AsSpan(line.IndexOf(' ', StringComparison.Ordinal) + 1)) is null;
                continue;
            }

            if (Opens(line, Copyrights))
                copyright ??= line;
            else if (isBehindName)
                agency ??= Agencies.News(line) is null ? null : line;
            else if (headline is null && bylines.Count == 0)
                headline = line;
            else
                further.Add(lines[i]);
            isBehindName = false;
        }

        return (Chars.OneLine(keys[0]), version, headline, WireText.Names(bylines), agency, copyright, further);
    }

    static bool Opens(string line, string[] words) => Array.Exists(words, w => line.StartsWith(w, StringComparison.OrdinalIgnoreCase));

    /// <summary>A table keeps its lines.</summary>
    static WireBody? Body(IEnumerable<string> lines, bool isTable)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            // A paragraph opens with a tab or an indent, and may end with a sign.
            var opens = !isTable && line is ['\t', ..] or [' ', ' ', _, ..] || line.StartsWith('^');
            text.Append(opens ? "\n" : "").Append(Bare(line)).Append(!isTable && line.TrimEnd().EndsWith('<') ? "\n\n" : "\n");
        }

        return !isTable ? WireBody.Plain(text.ToString())
            : Chars.OneLine(text.ToString()) is null ? null
            : new WireBody(ArticleForm.Html, $"<pre>{WireMarkup.Escaped(text.ToString().Trim('\n'))}</pre>");
    }

    /// <summary>A line without the caret or the tab before it and the sign of its end.</summary>
    static string Bare(string line) => line.TrimStart('^', '\t', ' ').TrimEnd(' ', '\t', '<', '=', '^', '+');

    /// <summary>"AP-WF-02-20-16 0337GMT": month, day and year, and the time with its zone.</summary>
    static string? Sent(string trailer)
    {
        var parts = (Chars.OneLine(trailer) ?? "").Split(['-', ' ', '<'], StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i + 3 < parts.Length; i++)
        {
            if (!(parts[i].Length <= 2 && int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out var month)
                && int.TryParse(parts[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var day)
                && int.TryParse(parts[i + 2], NumberStyles.None, CultureInfo.InvariantCulture, out var year)))
                continue;
            var time = parts[i + 3];
            var zone = time.Length > 4 ? time[4..] : parts.ElementAtOrDefault(i + 4) ?? "";
            return time.Length < 4 ? null : WireText.Instant($"{(year < 100 ? year + 2000 : year):0000}{month:00}{day:00}T{time[..4]}{ZoneName.Offset(zone)}");
        }

        return null;
    }
}
