using Ingest.Core.Articles;

namespace Ingest.Core.Deduplication;

/// <summary>What the decision needs to know of an article.</summary>
/// <param name="Body">The normalised body, paragraphs separated by line breaks.</param>
/// <param name="Arrival">When it arrived, as far as anybody says: it is compared with what arrived at most a window before.</param>
public sealed record StoryArticle(string Body, DateTimeOffset Arrival)
{
    /// <summary>
    /// What is compared is the paragraphs of the body, without the headline, which every paper writes anew.
    /// </summary>
    public static StoryArticle Of(Article article, DateTimeOffset arrival)
    {
        ArgumentNullException.ThrowIfNull(article);
        return new StoryArticle(string.Join('\n', article.Body), arrival)
        {
            Headline = article.Headline,
            Agency = article.Agency,
            Publisher = article.Publisher,
            Version = article.Version,
            Correction = article.Correction,
        };
    }

    public string? Headline { get; init; }
    public string? Agency { get; init; }
    public string? Publisher { get; init; }

    /// <summary>Its version mark, as written.</summary>
    public string? Version { get; init; }

    /// <summary>Its correction mark or note.</summary>
    public string? Correction { get; init; }
}
