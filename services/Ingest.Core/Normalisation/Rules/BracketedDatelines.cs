using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>The datelines of East Asia: place and agency in brackets, or run together without a space.</summary>
internal static class BracketedDatelines
{
    public const string Name = "dateline.bracketed";

    /// <summary>The words for a reporter, and those that end "X reports from Y".</summary>
    static readonly string[] Reporter = Wording.Of("dateline.reporter"), Reports = Wording.Of("dateline.reports");

    /// <summary>What says that the copy is the paper's own.</summary>
    static readonly string[] Own = Wording.Of("dateline.own");

    static readonly string[] Titles = Wording.Of("byline.title");

    /// <summary>The words for "wire".</summary>
    const string Wire = "电電";

    /// <summary>
    /// 【ロンドン共同】, 【モスクワ=ロイター】, (서울=연합뉴스) 김하늘 기자 =, 新华社北京2月4日电（记者李明）, （中央社記者林芳如溪口5日電）, 〔記者林芳／溪口報導〕, 本报讯（记者 李明）.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<char> line, int offset, out DatelineReader.Found found)
    {
        found = default;
        if (Closing(line[0]) is { } closing)
        {
            var close = line[1..Math.Min(line.Length, 40)].IndexOf(closing);
            if (close < 2)
                return false;
            var inside = line.Slice(1, close);
            var end = close + 2;
            if (!TryReadInside(line[0], inside, out var place, out var agency, out var reporter))
                return false;
            reporter = TitledBehind(line, ref end) ?? reporter;
            if (agency is null && reporter is null)
                return false;
            found = new DatelineReader.Found(offset + DatelineReader.SkipSeparator(line, end), place, agency, null, Name, reporter);
            return true;
        }

        return Chars.Is(line[0], CharClass.Spaceless) && (TryReadWire(line, offset, out found) || TryReadOwn(line, offset, out found));
    }

    static char? Closing(char open) => open switch
    {
        '【' => '】', '（' => '）', '[' => ']', '(' => ')', '〔' => '〕', '［' => '］', _ => null,
    };

    static bool TryReadInside(char open, ReadOnlySpan<char> inside, out string? place, out string? agency, out string? reporter)
    {
        (place, agency, reporter) = (null, null, null);
        if (TryReadReporter(inside, out place, out agency, out reporter))
            return true;
        var sign = inside.IndexOfAny('=', '＝', '・');
        if (sign <= 0)
        {
            SplitSpaceless(inside, out agency, out place);
            return agency is not null;
        }

        ReadOnlySpan<char> left = inside[..sign], right = inside[(sign + 1)..];
        agency = Agencies.News(right) ?? Agencies.News(left);
        if (agency is null && open == '【' && Names.IsPerson(right))
        {
            // 【潮見浦＝佐伯みどり】: place and reporter.
            (place, reporter) = (left.ToString(), right.ToString());
            return true;
        }

        // [한빛신문=솔재]: a house that is not known stands first.
        place = (agency is not null && Agencies.News(right) is not null ? left : right).Trim().ToString();
        return true;
    }

    /// <summary>新华社北京2月4日电（记者李明）: agency, place, date, the word for "wire", in brackets the reporter.</summary>
    static bool TryReadWire(ReadOnlySpan<char> line, int offset, out DatelineReader.Found found)
    {
        found = default;
        var wire = line[..Math.Min(line.Length, 30)].IndexOfAny(Wire);
        if (wire < 4 || Opening(line[..wire], out var rest) is not { } agency)
            return false;
        var digit = rest.IndexOfAnyInRange('0', '9');
        var end = wire + 1;
        var reporter = BracketedReporter(line, ref end);
        found = new DatelineReader.Found(
            offset + DatelineReader.SkipSeparator(line, end), (digit >= 0 ? rest[..digit] : rest).ToString(), agency, null, Name, reporter);
        return true;
    }

    /// <summary>本报讯（记者 李明）.</summary>
    static bool TryReadOwn(ReadOnlySpan<char> line, int offset, out DatelineReader.Found found)
    {
        found = default;
        foreach (var own in Own)
        {
            if (!line.StartsWith(own))
                continue;
            var end = own.Length;
            var reporter = BracketedReporter(line, ref end);
            var behind = Math.Max(end, DatelineReader.SkipSeparator(line, end));
            if (reporter is null && behind == end && !(end < line.Length && Chars.Is(line[end], CharClass.Space)))
                return false;
            found = new DatelineReader.Found(offset + behind, null, null, null, Name, reporter);
            return true;
        }

        return false;
    }

    /// <summary>The name in （记者李明）; moves behind the brackets, whatever stands in them.</summary>
    static string? BracketedReporter(ReadOnlySpan<char> line, ref int at)
    {
        if (at >= line.Length || line[at] is not ('（' or '(' or '/'))
            return null;
        var close = line[at..Math.Min(line.Length, at + 40)].IndexOfAny('）', ')');
        if (close < 2)
            return null;
        var inside = line.Slice(at + 1, close - 1);
        at += close + 1;
        foreach (var word in Reporter)
            if (inside.IndexOf(word) is var start and >= 0 && inside[(start + word.Length)..].Trim(" :：　") is var name && Names.IsPerson(name))
                return name.ToString();
        return null;
    }

    /// <summary>中央社記者林芳如溪口5日電, 記者林芳／溪口即時報導: a house or none, the word for a reporter, the name, the place.</summary>
    public static bool TryReadReporter(ReadOnlySpan<char> text, out string? place, out string? agency, out string? reporter)
    {
        (place, agency, reporter) = (null, null, null);
        foreach (var word in Reporter)
        {
            var at = text[..Math.Min(text.Length, 12)].IndexOf(word);
            if (at < 0)
                continue;
            agency = Agencies.News(text[..at].Trim());
            var rest = text[(at + word.Length)..].Trim();
            var slash = rest.IndexOfAny('／', '/');
            if (slash > 0)
            {
                if (Reported(rest[(slash + 1)..]) is not { } from || !Names.IsPerson(rest[..slash]))
                    return false;
                (reporter, place) = (rest[..slash].Trim().ToString(), from);
                return true;
            }

            // Name and place are written together; most names have three characters, and most places two.
            if (rest.IndexOfAny(Wire) != rest.Length - 1 || rest.IndexOfAnyInRange('0', '9') is not (>= 4 and <= 8 and var digit))
                return false;
            var name = digit == 4 ? 2 : 3;
            (reporter, place) = (rest[..name].ToString(), rest[name..digit].ToString());
            return true;
        }

        return false;
    }

    /// <summary>溪口即時報導: the place before the words for "reports".</summary>
    static string? Reported(ReadOnlySpan<char> text)
    {
        foreach (var word in Reports)
            if (text.EndsWith(word) && text.Length - word.Length is >= 0 and <= 8)
                return text[..^word.Length].ToString();
        return null;
    }

    /// <summary>김하늘 기자 =: a name and its title before an equals sign; moves behind it.</summary>
    static string? TitledBehind(ReadOnlySpan<char> line, ref int at)
    {
        var reach = line[at..Math.Min(line.Length, at + 30)];
        var sign = reach.IndexOfAny('=', '＝');
        if (sign < 4)
            return null;
        var titled = reach[..sign].Trim();
        foreach (var title in Titles)
            if (titled.EndsWith(title) && titled[..^title.Length].Trim() is var name && Names.IsPerson(name))
            {
                at += sign + 1;
                while (at < line.Length && Chars.Is(line[at], CharClass.Space))
                    at++;
                return name.ToString();
            }

        return null;
    }

    /// <summary>The agency that opens a text without blanks, and what is behind its name.</summary>
    static string? Opening(ReadOnlySpan<char> head, out ReadOnlySpan<char> rest)
    {
        for (var length = 2; length <= 5 && length < head.Length; length++)
            if (Agencies.News(head[..length]) is { } agency)
            {
                rest = head[length..];
                return agency;
            }

        rest = default;
        return null;
    }

    /// <summary>Place and agency written together: ロンドン共同.</summary>
    static void SplitSpaceless(ReadOnlySpan<char> inside, out string? agency, out string? place)
    {
        for (var length = 2; length <= 6 && length < inside.Length; length++)
        {
            agency = Agencies.News(inside[^length..]);
            if (agency is not null)
            {
                place = inside[..^length].Trim().ToString();
                return;
            }
        }

        agency = Agencies.News(inside);
        place = null;
    }
}
