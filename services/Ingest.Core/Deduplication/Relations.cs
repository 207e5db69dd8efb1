using Ingest.Core.Deduplication.Alignment;

namespace Ingest.Core.Deduplication;

/// <summary>Names the relation of an article to an earlier one of its story, and says which of the two should be the canonical.</summary>
internal static class Relations
{
    /// <summary>A text is whole in another if it has this share of it: what is missing is style.</summary>
    const double Whole = 0.8;

    /// <summary>A fuller article adds at least this share.</summary>
    const double Fuller = 1.1;

    public static Relation Of(StoryArticle incoming, StoryArticle earlier, Similarity similarity)
    {
        if (IsRevision(incoming, earlier, similarity))
            return Relation.Revision;
        return (similarity.ContainmentA >= Whole, similarity.ContainmentB >= Whole) switch
        {
            (true, false) => Relation.Excerpt,
            (false, true) => Relation.Expanded,
            _ => Relation.Near,
        };
    }

    /// <summary>
    /// True where the agency itself says so: both are its copy, and the later one has another correction mark, or a
    /// version mark that is not older.
    /// </summary>
    public static bool DeclaresRevision(StoryArticle incoming, StoryArticle earlier) =>
        SameSource(incoming, earlier)
        && (incoming.Correction is not null && incoming.Correction != earlier.Correction
            || incoming.Version is not null && incoming.Version != earlier.Version && Number(incoming.Version) >= Number(earlier.Version));

    /// <summary>
    /// Whether an article should take the canonical's place. In this order: a correction or later version by the same agency; a fuller
    /// text that begins like the canonical and has all of it (one that only contains it, as a digest does, is no better); the agency's
    /// own copy before a reprint; otherwise the earliest stays.
    /// </summary>
    public static bool IsBetter(StoryArticle incoming, StoryArticle canonical, Similarity similarity)
    {
        if (IsRevision(incoming, canonical, similarity))
            return true;
        if (canonical.Correction is not null && incoming.Correction is null)
            return false;
        var holdsIt = similarity.ContainmentB >= Whole;
        if (holdsIt && similarity.WordsA >= Fuller * similarity.WordsB)
            return similarity.LeadA <= similarity.WordsA / 8 + 12;
        return holdsIt && similarity.ContainmentA >= Whole && IsOriginal(incoming)
            && !IsOriginal(canonical) && SameSource(incoming, canonical);
    }

    /// <summary>False where an article of the same words as another can never be better: a reprint without marks.</summary>
    public static bool MayReplace(StoryArticle incoming) => IsOriginal(incoming) || (incoming.Version ?? incoming.Correction) is not null;

    static bool IsRevision(StoryArticle incoming, StoryArticle earlier, Similarity similarity)
    {
        if (DeclaresRevision(incoming, earlier))
            return similarity.WordsA * 2 >= similarity.WordsB;
        // Without a mark: the agency's own later copy with other facts or more text. A paper's edit of it is no revision.
        return SameSource(incoming, earlier) && IsOriginal(incoming) && IsOriginal(earlier)
            && incoming.Version == earlier.Version && incoming.Correction == earlier.Correction
            && similarity.WordsA >= similarity.WordsB
            && (similarity.Replaced > 0 || similarity.ContainmentA < Whole);
    }

    /// <summary>The number in a version mark, such as 2 in "UPDATE 2" and "2nd Ld"; 0 for none.</summary>
    static int Number(string? version)
    {
        var digits = (version ?? "").SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit).Take(6);
        return digits.Aggregate(0, (number, digit) => number * 10 + digit - '0');
    }

    static bool SameSource(StoryArticle one, StoryArticle other) =>
        Source(one) is { } source && string.Equals(source, Source(other), StringComparison.OrdinalIgnoreCase);

    /// <summary>Whose text it is: the agency's, or without one the publisher's own.</summary>
    static string? Source(StoryArticle article) => article.Agency ?? article.Publisher;

    /// <summary>The source's own copy: not printed by somebody else.</summary>
    static bool IsOriginal(StoryArticle article) =>
        Source(article) is { } source
        && (article.Publisher is null || string.Equals(article.Publisher, source, StringComparison.OrdinalIgnoreCase));
}
