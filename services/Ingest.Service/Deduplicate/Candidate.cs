using System.Globalization;
using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using Ingest.Core.Deduplication.Fingerprints;

namespace Ingest.Service.Deduplicate;

/// <summary>A clean article as the decision sees it, with its fingerprint.</summary>
sealed record Candidate(StoryArticle Article, Fingerprint Fingerprint)
{
    /// <summary>What is compared is the paragraphs of the body, without the headline, which every paper writes anew.</summary>
    public static StoryArticle Compared(Article article, DateTimeOffset arrival) => new(string.Join('\n', article.Body), arrival)
    {
        Headline = article.Headline,
        Agency = article.Agency,
        Publisher = article.Publisher,
        Version = article.Version,
        Correction = article.Correction,
    };
}

/// <summary>When articles arrived.</summary>
static class Arrival
{
    /// <summary>A window of the longest kind reaches back to 1970 from here. An earlier arrival is a clock that was not set.</summary>
    static readonly DateTimeOffset Earliest = DateTimeOffset.UnixEpoch.AddDays(3661);

    /// <summary>When an article arrived. One wrong clock must not make the window forget everything else.</summary>
    /// <param name="received">As the submitter says.</param>
    /// <param name="otherwise">Where nobody says.</param>
    /// <param name="now">None arrives later.</param>
    public static DateTimeOffset Of(string? received, DateTimeOffset otherwise, DateTimeOffset now)
    {
        if (!DateTimeOffset.TryParse(received, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var arrival))
            return otherwise;
        return arrival > now ? now : arrival < Earliest ? Earliest : arrival;
    }
}
