using Ingest.Core.Articles;

namespace Ingest.Core.Normalisation.Reading;

/// <summary>A raw article with its identity: what every way in hands on, and what a ledger keeps.</summary>
public sealed class Submission
{
    readonly Lazy<ReadArticle> reading;

    /// <summary>An article that was submitted before.</summary>
    public Submission(Guid articleId, RawArticle raw, DateTimeOffset accepted)
        : this(articleId, raw, accepted, new Lazy<ReadArticle>(() => RawReader.Read(raw)))
    {
    }

    /// <summary>An article of which what is kept is damaged: reading it throws, so that it fails alone.</summary>
    /// <param name="raw">What can be said of it all the same.</param>
    public static Submission Unreadable(Guid articleId, RawArticle raw, DateTimeOffset accepted, Exception fault) => new(articleId, raw, accepted, new Lazy<ReadArticle>(() => throw fault));

    Submission(Guid articleId, RawArticle raw, DateTimeOffset accepted, Lazy<ReadArticle> reading) =>
        (ArticleId, Raw, Accepted, this.reading) = (articleId, raw, accepted, reading);

    /// <summary>Ours: see <see cref="ArticleIds"/>.</summary>
    public Guid ArticleId { get; }

    /// <summary>Its id is the submitter's; ours where none was given.</summary>
    public RawArticle Raw { get; }

    public DateTimeOffset Accepted { get; }

    /// <summary>What could be read of it. Reading is pure: it is done once, when it is first asked for.</summary>
    public ReadArticle Read => reading.Value;

    /// <summary>The submitter's id.</summary>
    public string Id => Raw.Id;

    /// <param name="delivery">See <see cref="ArticleIds.Of"/>.</param>
    public static Submission Of(RawArticle raw, string? delivery, DateTimeOffset now, string collection = ArticleIds.DefaultCollection) =>
        Of(raw, RawReader.Read(raw), delivery, now, collection);

    /// <summary>The submissions of what came as one: see <see cref="ArticleParts"/>.</summary>
    /// <inheritdoc cref="Of(RawArticle, string?, DateTimeOffset, string)"/>
    public static IReadOnlyList<Submission> AllOf(
        RawArticle raw, string? delivery, DateTimeOffset now, string collection = ArticleIds.DefaultCollection)
    {
        ArgumentNullException.ThrowIfNull(raw);
        var read = RawReader.Read(raw);
        var parts = ArticleParts.Of(raw, read);
        if (parts.Count == 1)
            return [Of(raw, read, delivery, now, collection)];
        var all = new Submission[parts.Count];
        for (var i = 0; i < all.Length; i++)
            // Without an id they are named by the first, which has its own.
            all[i] = Of(i > 0 && parts[i].Id.Length == 0 ? parts[i] with { Id = $"{all[0].Id}#{i + 1}" } : parts[i], delivery, now, collection);
        return all;
    }

    static Submission Of(RawArticle raw, ReadArticle read, string? delivery, DateTimeOffset now, string collection)
    {
        var articleId = ArticleIds.Of(collection, raw, read, delivery);
        var id = read.Id.Length > 0 ? read.Id : articleId.ToString();
        return new Submission(articleId, raw with { Id = id }, now, new Lazy<ReadArticle>(read with { Id = id }));
    }
}
