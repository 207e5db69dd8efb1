using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using Ingest.Core.Normalisation;
using Ingest.Service.Deduplicate;
using Contract = Ingest.Contracts.V1;

namespace Ingest.Service.Normalise;

/// <summary>The core's results in the words of the contract.</summary>
static class OutcomeMapper
{
    public static Contract.ArticleOutcome ToContract(string id, NormalisationResult result, StoryPlace? story)
    {
        var removed = result.Blocks.Where(b => b.Kind.IsRemoved())
            .Select(b => new Contract.RemovedBlock(b.Kind.Name(), b.Rule, b.Span.Start, b.Span.Length, b.Text, b.Evidence));
        return new Contract.ArticleOutcome(
            id,
            result.Rejection is not null ? "rejected" : story?.Match is null ? "canonical" : "duplicate",
            result.Rejection is { } rejection ? new Contract.Rejection(Hyphenated(rejection.Reason), rejection.Detail) : null,
            result.Article is { } article ? ToContract(article, result.Blocks) : null,
            [.. removed],
            result.Notes,
            Normaliser.Version)
        {
            Story = story is null ? null : ToContract(story),
        };
    }

    static Contract.Story ToContract(StoryPlace story) => new(
        story.Id,
        story.Canonical,
        story.Version,
        story.Match is { } match ? Name(match.Relation) : null,
        Rounded(story.Match?.Similarity.Resemblance),
        Rounded(story.Match?.Similarity.Containment),
        story.Matched,
        [.. (story.Match?.Changes ?? []).Select(c => new Contract.Change(c.Before, c.After))]);

    /// <summary>Four digits: more would only be noise in a log.</summary>
    static double? Rounded(double? share) => share is { } value ? Math.Round(value, 4) : null;

    static Contract.Article ToContract(Article article, IReadOnlyList<Block> blocks)
    {
        var evidence = new Dictionary<string, Contract.FieldEvidence>(StringComparer.Ordinal);
        foreach (var found in article.Evidence)
            evidence.TryAdd(found.Field, new Contract.FieldEvidence(found.Rule, found.Span?.Start, found.Span?.Length));
        return new Contract.Article(
            article.Headline,
            [.. article.Bylines.Select(b => new Contract.Byline(b.Name, b.Organization))],
            article.Agency,
            article.Publisher,
            article.Dateline,
            article.Published,
            article.Language,
            article.Url,
            article.Slugline,
            article.Version,
            article.Correction,
            article.EditorNotes.Count == 0 ? null : string.Join('\n', article.EditorNotes),
            article.CopyrightNotice,
            Profile(article),
            PubStatus(article),
            RepresentationType(article),
            article.Body,
            [.. blocks.Where(b => !b.Kind.IsRemoved()).Select(b => new Contract.KeptBlock(b.Kind.Name(), b.Rule, b.Text, b.Span.Start, b.Span.Length, b.Paragraph, b.Uncertain))],
            [.. article.Media.Select(m => new Contract.MediaItem(m.Caption, m.Credit))],
            [.. article.Embeds.Select(e => new Contract.SocialEmbed(e.Platform, e.Author, e.Handle, e.Date, e.Text))],
            article.RelatedLinks,
            article.Tags,
            evidence);
    }

    public static string PubStatus(Article article) => article.Profile == ArticleProfile.Kill ? "canceled" : "usable";

    public static string RepresentationType(Article article) => article.Truncated ? "partial" : "full";

    public static string Name(Relation relation) => relation.ToString().ToLowerInvariant();

    public static string Profile(Article article) => article.Profile.ToString().ToLowerInvariant();

    public static string Hyphenated(RejectionReason reason) => reason switch
    {
        RejectionReason.Empty => "empty",
        RejectionReason.TooLarge => "too-large",
        RejectionReason.Binary => "binary",
        RejectionReason.NoBody => "no-body",
        RejectionReason.TimeBudgetExceeded => "time-budget-exceeded",
        RejectionReason.MalformedRecord => "malformed-record",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}
