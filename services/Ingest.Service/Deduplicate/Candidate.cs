using System.Globalization;
using Ingest.Core.Deduplication;
using Ingest.Core.Deduplication.Fingerprints;

namespace Ingest.Service.Deduplicate;

/// <summary>A clean article as the decision sees it, with its fingerprint.</summary>
sealed record Candidate(StoryArticle Article, Fingerprint Fingerprint);

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
