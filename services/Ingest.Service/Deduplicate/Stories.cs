using System.Globalization;
using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using Ingest.Service.Accept;

namespace Ingest.Service.Deduplicate;

/// <summary>When the articles of a run arrived. One that does not say came with the one before it, so that the day of the run decides nothing.</summary>
sealed class RunArrivals
{
    DateTimeOffset? latest;

    /// <param name="now">None arrives later.</param>
    public DateTimeOffset Of(RawArticle raw, DateTimeOffset now)
    {
        var arrival = Stories.Arrival(raw, latest ?? now, now);
        if (raw.Received is not null && arrival > (latest ?? DateTimeOffset.MinValue))
            latest = arrival;
        return arrival;
    }
}

/// <summary>Clean articles as the decision sees them, and the names of stories.</summary>
static class Stories
{
    /// <summary>The name space of story ids (RFC 9562, version 5).</summary>
    static readonly Guid NameSpace = new("6f1b5a0e-6a52-5f0e-9d53-1d6a5b7f4c21");

    /// <summary>A window of the longest kind reaches back to 1970 from here. An earlier arrival is a clock that was not set.</summary>
    static readonly DateTimeOffset Earliest = DateTimeOffset.UnixEpoch.AddDays(3661);

    /// <summary>What is compared is the paragraphs of the body, without the headline, which every paper writes anew.</summary>
    public static StoryArticle Of(Article article, DateTimeOffset arrival) => new(string.Join('\n', article.Body), arrival)
    {
        Headline = article.Headline,
        Agency = article.Agency,
        Publisher = article.Publisher,
        Version = article.Version,
        Correction = article.Correction,
    };

    /// <summary>A name-based UUID of the id of the story's first article: the same on every run.</summary>
    public static Guid Id(string firstArticle) => NamedId.Of(NameSpace, firstArticle);

    /// <summary>When an article arrived. One wrong clock must not make the window forget everything else.</summary>
    /// <param name="otherwise">Where the record does not say.</param>
    /// <param name="now">None arrives later.</param>
    public static DateTimeOffset Arrival(RawArticle raw, DateTimeOffset otherwise, DateTimeOffset now)
    {
        if (!DateTimeOffset.TryParse(raw.Received, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var received))
            return otherwise;
        return received > now ? now : received < Earliest ? Earliest : received;
    }
}
