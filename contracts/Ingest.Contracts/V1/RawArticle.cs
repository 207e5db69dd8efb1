namespace Ingest.Contracts.V1;

/// <summary>
/// An article as it is submitted: one line of a JSON Lines file. Only <c>text</c> is required; what is given wins
/// over what the text says.
/// </summary>
/// <param name="Id">The submitter's id; where absent, one is made from the source's name and line.</param>
/// <param name="Feed">The feed it came by; told again with every outcome.</param>
/// <param name="Bylines">Names.</param>
/// <param name="Published">ISO 8601.</param>
/// <param name="Received">ISO 8601: when the submitter received it.</param>
/// <param name="Language">ISO 639-1.</param>
public sealed record RawArticle(
    string? Id,
    string Text,
    string? Url = null,
    string? Feed = null,
    string? Headline = null,
    IReadOnlyList<string>? Bylines = null,
    string? Agency = null,
    string? Publisher = null,
    string? Dateline = null,
    string? Published = null,
    string? Received = null,
    string? Language = null);
