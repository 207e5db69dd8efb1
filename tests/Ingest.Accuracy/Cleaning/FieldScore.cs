using Ingest.Core.Articles;

namespace Ingest.Accuracy.Cleaning;

/// <summary>
/// How many of the fields that a set states are right: a headline that has the same letters and digits, all names of the authors and no other,
/// the day of publication.
/// </summary>
sealed class FieldScore
{
    int headlines, headlinesRight, authors, authorsRight, dates, datesRight;

    public void Add(LabelledArticle labelled, Article? article)
    {
        if (labelled.Headline is { } headline)
            Count(ref headlines, ref headlinesRight, Fold(headline) == Fold(article?.Headline ?? ""));
        if (labelled.Author is { } author)
            Count(ref authors, ref authorsRight, Names(author).SetEquals(Names(string.Join(" and ", article?.Bylines.Select(b => b.Name) ?? []))));
        if (labelled.Published is { Length: >= 10 } day)
            Count(ref dates, ref datesRight, article?.Published is { Length: >= 10 } found && found[..10] == day[..10]);
    }

    public override string ToString() =>
        $"headlines {(double)headlinesRight / Math.Max(1, headlines):0.000} of {headlines}, authors {(double)authorsRight / Math.Max(1, authors):0.000} of {authors}, "
        + $"dates {(double)datesRight / Math.Max(1, dates):0.000} of {dates}";

    static void Count(ref int all, ref int right, bool isRight)
    {
        all++;
        right += isRight ? 1 : 0;
    }

    static string Fold(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>Degrees and titles behind a comma count as names of their own on both sides, so they must be there too.</summary>
    static HashSet<string> Names(string text) =>
        [.. text.Replace(" and ", ",", StringComparison.Ordinal).Replace('&', ',').Replace(';', ',').Split(',').Select(Fold).Where(n => n.Length > 0)];
}
