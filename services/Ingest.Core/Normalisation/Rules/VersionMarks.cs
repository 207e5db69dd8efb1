using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>
/// Version marks of wires: <c>UPDATE 2-</c>, <c>CORRECTED-</c>, <c>WRAPUP 3-</c>, <c>REFILE-</c>, <c>RPT-</c> before a headline;
/// <c>1st Ld-Writethru</c>, <c>2ND LEAD</c> in a slug. Marks of genre (EXCLUSIVE, FACTBOX) stay in the headline.
/// </summary>
internal static class VersionMarks
{
    static readonly string[] Corrections = Wording.Of("version.correction"),
        Numbered = Wording.Of("version.numbered"), Plain = Wording.Of("version.plain");
    static readonly string[] Ordinals = [.. Wording.Of("version.ordinal").Select(w => " " + w)], InSlugs = Wording.Of("version.slug");

    /// <summary>
    /// Reads the marks before a headline, several of them where they follow each other ("CORRECTED-UPDATE 2-").
    /// </summary>
    /// <param name="length">Characters up to the headline.</param>
    public static bool TryReadPrefix(ReadOnlySpan<char> headline, out string version, out bool correction, out int length)
    {
        length = 0;
        correction = false;
        var marks = new List<string>();
        while (TryReadOne(headline[length..], out var mark, out var corrects, out var used))
        {
            marks.Add(mark);
            correction |= corrects;
            length += used;
        }

        version = string.Join("-", marks);
        return marks.Count > 0 && length < headline.Length;
    }

    static bool TryReadOne(ReadOnlySpan<char> text, out string mark, out bool correction, out int used)
    {
        (mark, correction, used) = ("", false, 0);
        foreach (var word in Corrections)
            if (Takes(text, word, numbered: false, out used))
            {
                mark = text[..MarkLength(text, used)].ToString();
                correction = true;
                return true;
            }

        foreach (var word in Numbered)
            if (Takes(text, word, numbered: true, out used))
            {
                mark = text[..MarkLength(text, used)].ToString();
                return true;
            }

        foreach (var word in Plain)
            if (Takes(text, word, numbered: false, out used))
            {
                mark = text[..MarkLength(text, used)].ToString();
                return true;
            }

        // Yonhap: "(LEAD)", "(2nd LD)".
        if (text.Length > 8 && text[0] == '('
            && text[1..Math.Min(text.Length, 12)].IndexOf(')') is var close and > 1 && IsLead(text.Slice(1, close)))
        {
            mark = text.Slice(1, close).ToString();
            used = close + 2;
            while (used < text.Length && text[used] == ' ')
                used++;
            return true;
        }

        // "1ST LEAD ", "2ND NET ", "3RD LEAD:".
        if (text.Length > 8 && char.IsAsciiDigit(text[0]) && Ordinal(text, out var end))
            foreach (var word in Ordinals)
                if (text[end..].StartsWith(word, StringComparison.Ordinal))
                {
                    // dpa puts no sign behind it: "2ND LEAD Zug entgleist".
                    used = Math.Max(Sign(text, end + word.Length), end + word.Length);
                    while (used < text.Length && text[used] == ' ')
                        used++;
                    mark = text[..(end + word.Length)].ToString();
                    return used > end + word.Length;
                }

        return false;
    }

    static bool IsLead(ReadOnlySpan<char> mark) =>
        mark is "LEAD" or "LD" || Ordinal(mark, out var end) && mark[end..].Trim() is "LEAD" or "LD";

    static int MarkLength(ReadOnlySpan<char> text, int used)
    {
        while (used > 0 && !Chars.Is(text[used - 1], CharClass.Letter | CharClass.Digit))
            used--;
        return used;
    }

    static bool Takes(ReadOnlySpan<char> text, string word, bool numbered, out int used)
    {
        used = 0;
        if (!text.StartsWith(word, StringComparison.Ordinal))
            return false;
        var i = word.Length;
        if (numbered)
        {
            if (i + 1 >= text.Length || text[i] != ' ' || !char.IsAsciiDigit(text[i + 1]))
                return false;
            i++;
            while (i < text.Length && char.IsAsciiDigit(text[i]))
                i++;
        }
        else if (i < text.Length && text[i] == ' ' && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1]))
        {
            i++;
            while (i < text.Length && char.IsAsciiDigit(text[i]))
                i++;
        }

        used = Sign(text, i);
        return used > i;
    }

    /// <summary>Behind the sign that parts a mark from the headline: "-", ":", ", ".</summary>
    static int Sign(ReadOnlySpan<char> text, int at)
    {
        var i = at;
        while (i < text.Length && text[i] == ' ')
            i++;
        if (i >= text.Length || text[i] is not ('-' or ':' or '–' or '—' or '/'))
            return at;
        while (i < text.Length && text[i] is '-' or ':' or '–' or '—' or ' ' or '/')
            i++;
        return i;
    }

    static bool Ordinal(ReadOnlySpan<char> text, out int end)
    {
        end = 0;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        var suffix = text[end..];
        if (suffix.Length < 2 || !(suffix.StartsWith("ST") || suffix.StartsWith("ND") || suffix.StartsWith("RD") || suffix.StartsWith("TH")
            || suffix.StartsWith("st") || suffix.StartsWith("nd") || suffix.StartsWith("rd") || suffix.StartsWith("th")))
            return false;
        end += 2;
        return true;
    }

    /// <summary>
    /// Reads the mark inside a slug line such as <c>BC-US--Ethanol-Losing Grassland, 1st Ld-Writethru,1140</c>.
    /// </summary>
    public static bool TryReadSlug(ReadOnlySpan<char> slug, out string version)
    {
        version = "";
        foreach (var word in InSlugs)
        {
            var at = slug.IndexOf(word, StringComparison.Ordinal);
            if (at < 0)
                continue;
            var end = at + word.Length;
            var start = slug[..at].LastIndexOfAny(',', ';') + 1;
            for (var i = start; i < at; i++)
                if (char.IsAsciiDigit(slug[i]) && Ordinal(slug[i..], out _) && (i == 0 || !char.IsAsciiDigit(slug[i - 1])))
                {
                    start = i;
                    break;
                }

            version = slug[start..end].Trim(" ,-").ToString();
            return true;
        }

        return false;
    }
}
