using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Pages;

/// <summary>Where the article of a page begins.</summary>
internal static class PageHeadline
{
    /// <summary>Letters of a line that may be the headline where no heading is.</summary>
    const int LeastLength = 12;

    /// <summary>
    /// The line of the first heading that says what the page calls its article; or else another line that says it, or the first heading of the first order,
    /// or the line before the first of running text.
    /// </summary>
    /// <param name="said">The headline as the page's data and title have it; null for none.</param>
    /// <returns>-1 where the page begins with running text, or has none.</returns>
    public static int Of(IReadOnlyList<PageLine> lines, ReadOnlySpan<char> text, string? said)
    {
        var (first, other, prose) = (-1, -1, -1);
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            var says = said is not null && Chars.SayTheSame(text.Slice(line.Start, line.Length), said);
            if (IsHeading(line.Element))
            {
                if (says)
                    return i;
                first = first < 0 ? i : first;
            }
            else if (says && other < 0 && line.Length >= LeastLength)
            {
                other = i;
            }
            else if (prose < 0 && PageProse.IsProse(line))
            {
                prose = i;
            }
        }

        return other >= 0 ? other : first >= 0 ? first : prose - 1;
    }

    static bool IsHeading(PageElement element)
    {
        for (var up = element; up is not null; up = up.Parent)
            if (up.Name == "h1")
                return true;
        return false;
    }
}
