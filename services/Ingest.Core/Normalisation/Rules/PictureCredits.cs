using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>Does a stretch of text read as the credit of a picture: who made it, and who supplied it?</summary>
internal static class PictureCredits
{
    static readonly System.Buffers.SearchValues<char> SourceSigns = System.Buffers.SearchValues.Create(",-–—|");

    static readonly string[] CreditedBy = [.. Wording.Of("credit.by").Select(w => w + " ")];

    /// <summary>What stands behind a credit's label, without signs and "via".</summary>
    public static string TextOf(string text)
    {
        var credit = text.Trim(' ', ':', ')', '(', ']', '=', '\u00a0', '|', '\n', '\r', '\t', ';', '：', '＝');
        foreach (var word in CreditedBy)
            if (credit.StartsWith(word, StringComparison.OrdinalIgnoreCase))
                credit = credit[word.Length..].TrimStart();
        return credit;
    }

    public static bool Is(string credit) => credit.Length <= 90
        && (Agencies.IsPictureSource(credit) || IsNameAndSource(credit)
            || Names.IsPerson(credit.TrimEnd('.')) || BylineReader.IsNames(credit, out _));

    /// <summary>A name and a source parted by a slash, "via", a comma or a dash, in either order.</summary>
    public static bool IsNameAndSource(ReadOnlySpan<char> line)
    {
        var via = line.IndexOf(" via ");
        if (via > 0)
            return Agencies.IsPictureSource(line[(via + 5)..])
                && (Names.IsPerson(line[..via]) || Agencies.IsPictureSource(line[..via]) || via < 40);
        var slash = line.LastIndexOf('/');
        if (slash > 0 && slash < line.Length - 1)
        {
            var left = line[..slash].Trim();
            var right = line[(slash + 1)..].Trim();
            if (Agencies.IsPictureSource(right))
                return Names.IsPerson(left) || IsSourceName(left);
            if (Agencies.IsPictureSource(left))
                return Names.IsPerson(right) || IsSourceName(right);
            // An unknown source: a person's name before the slash, one to four capitalised words behind it.
            return Names.IsPerson(left) && IsSourceName(right);
        }

        if (!line.ContainsAny(SourceSigns))
            return false;
        foreach (var sign in (ReadOnlySpan<char>)[',', '-', '–', '—', '|'])
        {
            var at = line.LastIndexOf(sign);
            if (at > 2 && at < line.Length - 2 && Agencies.IsPictureSource(line[(at + 1)..]) && Names.IsPerson(line[..at]))
                return true;
        }

        return false;
    }

    static bool IsSourceName(ReadOnlySpan<char> text)
    {
        var words = 0;
        foreach (var range in text.Split(' '))
        {
            var word = text[range];
            if (word.IsEmpty)
                continue;
            if (!Chars.Is(word[0], CharClass.Upper) || ++words > 4)
                return false;
        }

        return words > 0;
    }
}
