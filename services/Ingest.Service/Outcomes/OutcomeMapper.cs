using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using Contract = Ingest.Contracts.V1;

namespace Ingest.Service.Outcomes;

/// <summary>The core's results in the words of the contract.</summary>
static class OutcomeMapper
{
    /// <param name="audience">Who reads it: see <see cref="Advice"/>.</param>
    public static Contract.ArticleOutcome ToContract(
        Guid articleId, string id, string? feed, NormalisationResult result, Contract.Story? story, Audience audience)
    {
        var removed = result.Blocks.Where(b => b.Kind.IsRemoved())
            .Select(b => new Contract.RemovedBlock(b.Kind.Name(), b.Rule, b.Span.Start, b.Span.Length, b.Text, b.Evidence)
            {
                Repeated = ToContract(b.Repeated, id),
            });
        return new Contract.ArticleOutcome(
            id,
            result.Rejection is not null ? "rejected" : story?.Relation is null ? "canonical" : "duplicate",
            result.Rejection is { } rejection ? ToContract(rejection, audience) : null,
            result.Article is { } article ? ToContract(article, result.Blocks) : null,
            [.. removed],
            result.Notes,
            result.Normaliser)
        {
            ArticleId = articleId,
            Feed = feed,
            Story = story,
        };
    }

    /// <summary>An article and the one that it matched; null for the first of a story.</summary>
    public static Contract.ArticlePair? Pair(Guid articleId, string id, Contract.Story story) => story.Relation is null
        ? null
        : new(
            id, articleId, story.Matched!, story.MatchedArticleId!.Value, story.Relation, story.Resemblance!.Value, story.Containment!.Value,
            story.Id, story.Canonical, story.CanonicalArticleId!.Value);

    /// <param name="own">The article's own id, which is no evidence.</param>
    public static Contract.Repeated? ToContract(Repeated? repeated, string own) =>
        repeated is null ? null : new(repeated.Articles, [.. repeated.Ids.Where(i => i != own).Take(Repeated.MostShown)]);

    public static Contract.Rejection ToContract(Rejection rejection, Audience audience) =>
        new(Word(rejection.Reason), Advice.Detail(rejection, audience));

    /// <summary>Four digits: more would only be noise in a log.</summary>
    public static double Rounded(double share) => Math.Round(share, 4);

    static Contract.Article ToContract(Article article, IReadOnlyList<Block> blocks)
    {
        var evidence = new Dictionary<string, Contract.FieldEvidence>(StringComparer.Ordinal);
        foreach (var found in article.Evidence)
            evidence.TryAdd(found.Field, new Contract.FieldEvidence(found.Rule, found.Span?.Start, found.Span?.Length));
        var clean = Clean(article);
        return new Contract.Article(
            clean.Headline,
            clean.Bylines,
            clean.Agency,
            clean.Publisher,
            clean.Dateline,
            clean.Published,
            clean.Language,
            clean.Url,
            clean.Slugline,
            clean.Version,
            clean.Correction,
            clean.EdNote,
            clean.CopyrightNotice,
            clean.Profile,
            clean.PubStatus,
            clean.RepresentationType,
            clean.Body,
            [.. blocks.Where(b => !b.Kind.IsRemoved())
                .Select(b => new Contract.KeptBlock(
                    b.Kind.Name(), b.Rule, b.Text, b.Span.Start, b.Span.Length, b.Paragraph, b.Uncertain))],
            clean.Media,
            clean.Embeds,
            clean.RelatedLinks,
            clean.Tags,
            evidence)
        {
            Section = clean.Section,
            Urgency = clean.Urgency,
            EmbargoedUntil = clean.EmbargoedUntil,
            UsageTerms = clean.UsageTerms,
        };
    }

    /// <summary>The article as it is published.</summary>
    public static Contract.CleanArticle Clean(Article article) => new(
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
        EdNote(article),
        article.CopyrightNotice,
        Profile(article),
        PubStatus(article),
        RepresentationType(article),
        article.Body,
        [.. article.Media.Select(m => new Contract.MediaItem(m.Caption, m.Credit))],
        [.. article.Embeds.Select(e => new Contract.SocialEmbed(e.Platform, e.Author, e.Handle, e.Date, e.Text))],
        article.RelatedLinks,
        article.Tags)
    {
        Section = article.Section,
        Urgency = article.Urgency,
        EmbargoedUntil = article.Embargo,
        UsageTerms = article.UsageTerms,
    };

    static string? EdNote(Article article) => article.EditorNotes.Count == 0 ? null : string.Join('\n', article.EditorNotes);

    /// <summary>A kill notice withdraws, whatever may be done with the notice itself.</summary>
    public static string PubStatus(Article article) =>
        article.Profile == ArticleProfile.Kill ? ArticleStatus.Canceled
        : article.Status == ArticleStatus.Withheld ? ArticleStatus.Withheld
        : ArticleStatus.Usable;

    public static string RepresentationType(Article article) => article.Truncated ? "partial" : "full";

    public static string Word(Relation relation) => relation.ToString().ToLowerInvariant();

    public static string Profile(Article article) => article.Profile.ToString().ToLowerInvariant();

    public static string Word(RejectionReason reason) => reason switch
    {
        RejectionReason.Empty => "empty",
        RejectionReason.TooLarge => "too-large",
        RejectionReason.Binary => "binary",
        RejectionReason.NoBody => "no-body",
        RejectionReason.NotAnArticle => "not-an-article",
        RejectionReason.TimeBudgetExceeded => "time-budget-exceeded",
        RejectionReason.MalformedRecord => "malformed-record",
        RejectionReason.Discarded => "discarded",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}
