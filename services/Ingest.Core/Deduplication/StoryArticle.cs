namespace Ingest.Core.Deduplication;

/// <summary>What the decision needs to know of an article.</summary>
/// <param name="Body">The normalised body, paragraphs separated by line breaks.</param>
/// <param name="Arrival">When it arrived, as far as anybody says: it is compared with what arrived at most a window before.</param>
public sealed record StoryArticle(string Body, DateTimeOffset Arrival)
{
    public string? Headline { get; init; }
    public string? Agency { get; init; }
    public string? Publisher { get; init; }

    /// <summary>Its version mark, as written.</summary>
    public string? Version { get; init; }

    /// <summary>Its correction mark or note.</summary>
    public string? Correction { get; init; }
}
