using System.Text;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Decoding;
using Ingest.Core.Normalisation.Rules;

namespace Ingest.Core.Forms.Wires;

/// <summary>
/// Telexes that have no other header: each stands between a line that opens with ZCZC and a line with NNNN. Some agencies, such as AAP, put lines
/// between them whose first sign tells what they are: "$" the headline, "#" the keyword, ":" the place or a second headline.
/// </summary>
internal static class Telex
{
    const string Form = "a telex", Start = "ZCZC", End = "NNNN";

    const string Signs = "%#$:&*@^=+";

    public static bool Recognises(InputStart start) => IsStart(Encoding.Latin1.GetString(start.Beginning.Span).TrimStart(Blanks));

    /// <summary>Bytes that telex lines leave before a message.</summary>
    static readonly char[] Blanks = [' ', '\t', '\r', '\n', '\0', '\u0001', '\u007f', '\u00ef', '\u00bb', '\u00bf'];

    public static IEnumerable<RawArticle> Read(Stream content, RawArticle file, InputLimits limits)
    {
        if (!BoundedReader.TryReadAll(content, limits.MaxFile, out var bytes))
        {
            yield return WireArticle.TooLarge(file, limits);
            yield break;
        }

        var number = 0;
        foreach (var message in Messages(TextDecoder.Decode(bytes).Text ?? Encoding.Latin1.GetString(bytes)))
            yield return Article(message, file, ++number, limits);
    }

    /// <summary>The lines of each message, of which the first opens with ZCZC. What is cut has what came of it.</summary>
    static IEnumerable<List<string>> Messages(string text)
    {
        List<string>? open = null;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (IsStart(line.TrimStart(Blanks)))
            {
                if (open is not null)
                    yield return open;
                open = [line.TrimStart(Blanks)];
            }
            else if (line.Trim() == End)
            {
                if (open is not null)
                    yield return open;
                open = null;
            }
            else
            {
                open?.Add(line);
            }
        }

        if (open is not null)
            yield return open;
    }

    static RawArticle Article(List<string> lines, RawArticle file, int number, InputLimits limits)
    {
        var head = lines.Skip(1).TakeWhile(l => IsTagged(l) || string.IsNullOrWhiteSpace(l)).ToList();
        // A letter alone is the code of a service.
        var said = head.Where(IsTagged).Select(l => (Sign: l[0], Line: Chars.OneLine(l[1..]))).Where(l => l.Line is { Length: > 1 }).ToList();
        string? Said(char sign) => said.Find(l => l.Sign == sign).Line;
        if (WireBody.Plain(string.Join('\n', lines.Skip(1 + head.Count))) is not { } body)
            return WireArticle.Refused(file, null, number, Rejection.Unreadable(Form, "It holds no text."));
        var code = Chars.OneLine(lines[0][Start.Length..]);
        var metadata = ArticleMetadata.None with
        {
            Headline = Said('$') ?? Said('^') ?? said.Find(l => l.Sign == ':' && !IsPlace(l.Line!) && l.Line!.Any(char.IsLetter)).Line ?? Said('#'),
            Slugline = Said('#'),
            Dateline = said.Find(l => l.Sign == ':' && IsPlace(l.Line!)).Line?.Trim('(', ')'),
            Agency = code is not null && Agencies.News(code) is not null ? code : null,
        };
        return WireArticle.Of(file, null, number, metadata, body, limits);
    }

    static bool IsStart(string line) => line.StartsWith(Start, StringComparison.Ordinal) && (line.Length == Start.Length || char.IsWhiteSpace(line[Start.Length]));

    static bool IsTagged(string line) => line.Length > 0 && Signs.Contains(line[0]);

    static bool IsPlace(string line) => line is ['(', _, .., ')'];
}
