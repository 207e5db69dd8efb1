namespace Ingest.Core.Articles;

/// <summary>
/// One article as it arrived. Only <see cref="Text"/> is required; metadata given here wins over what is read from the text.
/// </summary>
/// <param name="Id">The sender's id, unique within a run or a ledger.</param>
/// <param name="Text">The raw text, decoded. Every span of a result is measured in its UTF-16 code units.</param>
public sealed record RawArticle(string Id, string Text)
{
    public string? Url { get; init; }
    public string? Feed { get; init; }
    public string? Headline { get; init; }
    public IReadOnlyList<string>? Bylines { get; init; }
    public string? Agency { get; init; }
    public string? Publisher { get; init; }
    public string? Dateline { get; init; }

    /// <summary>ISO 8601 date or date and time, as given.</summary>
    public string? Published { get; init; }

    /// <summary>ISO 8601 date and time of arrival, as given.</summary>
    public string? Received { get; init; }

    /// <summary>ISO 639-1 code.</summary>
    public string? Language { get; init; }

    /// <summary>What reading the bytes had to mend, such as "read as Windows-1252".</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
