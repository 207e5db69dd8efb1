using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>The datelines of East Asia: place and agency in brackets, or run together without a space.</summary>
internal static class BracketedDatelines
{
    public const string Name = "dateline.bracketed";

    /// <summary>【ロンドン共同】, 【モスクワ=ロイター】, (서울=연합뉴스), 新华社北京2月4日电.</summary>
    public static bool TryRead(ReadOnlySpan<char> line, int offset, out DatelineReader.Found found)
    {
        found = default;
        if (line[0] is '【' or '(' or '（' or '[')
        {
            var closing = line[0] switch { '【' => '】', '（' => '）', '[' => ']', _ => ')' };
            var close = line[1..Math.Min(line.Length, 40)].IndexOf(closing);
            if (close < 2)
                return false;
            var inside = line.Slice(1, close);
            var sign = inside.IndexOfAny('=', '＝', '・');
            string? agency, place;
            if (sign > 0 && Agencies.News(inside[(sign + 1)..]) is null
                && Agencies.News(inside[..sign]) is null && line[0] == '【' && Names.IsPerson(inside[(sign + 1)..]))
            {
                // 【潮見浦＝佐伯みどり】: place and reporter.
                found = new DatelineReader.Found(offset + DatelineReader.SkipSeparator(line, close + 2),
                    inside[..sign].ToString(), null, null, Name, inside[(sign + 1)..].ToString());
                return true;
            }

            if (sign > 0)
            {
                agency = Agencies.News(inside[(sign + 1)..]) ?? Agencies.News(inside[..sign]);
                place = Agencies.News(inside[(sign + 1)..]) is not null ? inside[..sign].ToString() : inside[(sign + 1)..].ToString();
            }
            else
            {
                SplitSpaceless(inside, out agency, out place);
            }

            if (agency is null)
                return false;
            var end = close + 2;
            found = new DatelineReader.Found(offset + DatelineReader.SkipSeparator(line, end), place, agency, null, Name);
            return true;
        }

        // 新华社北京2月4日电（记者李明）: agency, place, date, the word for "wire".
        if (!Chars.Is(line[0], CharClass.Spaceless))
            return false;
        var wire = line[..Math.Min(line.Length, 30)].IndexOf('电');
        if (wire < 0)
            wire = line[..Math.Min(line.Length, 30)].IndexOf('電');
        if (wire < 4)
            return false;
        var head = line[..wire];
        for (var length = 2; length <= 5 && length < head.Length; length++)
            if (Agencies.News(head[..length]) is { } agency)
            {
                var place = head[length..];
                var digit = place.IndexOfAnyInRange('0', '9');
                if (digit >= 0)
                    place = place[..digit];
                var end = wire + 1;
                if (end < line.Length && line[end] is '（' or '(')
                {
                    var close = line[end..Math.Min(line.Length, end + 40)].IndexOfAny('）', ')');
                    if (close > 0)
                        end += close + 1;
                }

                found = new DatelineReader.Found(offset + DatelineReader.SkipSeparator(line, end), place.ToString(), agency, null, Name);
                return true;
            }

        return false;
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
