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
    /// <summary>As the submitter says; null where nobody says, or no date can be read.</summary>
    public static DateTimeOffset? Stated(string? received) =>
        DateTimeOffset.TryParse(received, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var stated) ? stated : null;

    /// <summary>When an article arrived: as stated, but no later than it is decided. Where nobody says, it arrives then.</summary>
    /// <param name="clock">The log's, at the decision.</param>
    public static DateTimeOffset Of(DateTimeOffset? stated, DateTimeOffset clock) =>
        stated is { } moment && moment < clock ? moment : clock;
}
