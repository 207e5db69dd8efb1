namespace Ingest.Contracts.V1;

/// <summary>
/// An article as it is submitted: one line of a JSON Lines file. Only <c>text</c>, or <c>html</c> in its place, is required; what is given
/// wins over what the text says.
/// </summary>
/// <param name="Id">The submitter's id; where absent, one is made from the source's name and line.</param>
/// <param name="Text">Null where there is <see cref="Html"/>.</param>
/// <param name="Feed">The feed it came by; told again with every outcome.</param>
/// <param name="Bylines">Names.</param>
/// <param name="Published">ISO 8601.</param>
/// <param name="Received">ISO 8601: when the submitter received it.</param>
/// <param name="Language">ISO 639-1.</param>
public sealed record RawArticle(
    string? Id,
    string? Text,
    string? Url = null,
    string? Feed = null,
    string? Headline = null,
    IReadOnlyList<string>? Bylines = null,
    string? Agency = null,
    string? Publisher = null,
    string? Dateline = null,
    string? Published = null,
    string? Received = null,
    string? Language = null)
{
    /// <summary>A page of HTML in place of the text.</summary>
    public string? Html { get; init; }

    /// <summary>The part of the paper or site: Politics, World.</summary>
    public string? Section { get; init; }

    /// <summary>The wire's keyword line.</summary>
    public string? Slugline { get; init; }

    /// <summary>The wire's version: a number, or a mark such as <c>UPDATE 2</c>.</summary>
    public string? Version { get; init; }

    /// <summary><c>usable</c>, <c>withheld</c> or <c>canceled</c>.</summary>
    public string? Status { get; init; }

    /// <summary>1 (flash) to 9.</summary>
    public int? Urgency { get; init; }

    /// <summary>ISO 8601: not to be published before.</summary>
    public string? Embargo { get; init; }

    /// <summary>Who may use it, and how.</summary>
    public string? UsageTerms { get; init; }

    public string? Copyright { get; init; }
}
