namespace Ingest.Contracts.V1;

/// <summary>A clean article. Unknown fields are null, empty lists empty.</summary>
/// <param name="Headline">Without a version mark.</param>
/// <param name="Agency">
/// The news agency's usual short name; from a byline, dateline, credit line, trailer or the URL's host, never from the prose.
/// </param>
/// <param name="Publisher">The newspaper or site; from a line of its own, a trailer or the URL's host.</param>
/// <param name="Dateline">The place, as written.</param>
/// <param name="Published">ISO 8601 date, or date and time.</param>
/// <param name="Language">ISO 639-1.</param>
/// <param name="Slugline">The wire's keyword line.</param>
/// <param name="Version">The wire's version mark as written, such as <c>UPDATE 2</c> or <c>1st Ld-Writethru</c>, or the version that was given.</param>
/// <param name="Correction">The mark or note that says this copy corrects an earlier one.</param>
/// <param name="EdNote">Notes to editors, a line each.</param>
/// <param name="Profile"><c>article</c>, <c>advisory</c> or <c>kill</c>.</param>
/// <param name="PubStatus"><c>usable</c>, <c>withheld</c> where the sender says so, or <c>canceled</c> for what is withdrawn.</param>
/// <param name="RepresentationType"><c>full</c>, or <c>partial</c> where a paywall cut the body off.</param>
/// <param name="Body">Paragraphs, subheads, list items and quotes in reading order, hard wraps mended.</param>
/// <param name="Blocks">The kept stretches of the text, of the body and of the fields, in its order.</param>
/// <param name="Evidence">For each field that was found, by its name in this record: where it came from.</param>
public sealed record Article(
    string? Headline,
    IReadOnlyList<Byline> Bylines,
    string? Agency,
    string? Publisher,
    string? Dateline,
    string? Published,
    string? Language,
    string? Url,
    string? Slugline,
    string? Version,
    string? Correction,
    string? EdNote,
    string? CopyrightNotice,
    string Profile,
    string PubStatus,
    string RepresentationType,
    IReadOnlyList<string> Body,
    IReadOnlyList<KeptBlock> Blocks,
    IReadOnlyList<MediaItem> Media,
    IReadOnlyList<SocialEmbed> Embeds,
    IReadOnlyList<string> RelatedLinks,
    IReadOnlyList<string> Tags,
    IReadOnlyDictionary<string, FieldEvidence> Evidence)
{    /// <summary>The part of the paper or site, as its sender calls it.</summary>
    public string? Section { get; init; }

    /// <summary>1 (flash) to 9.</summary>
    public int? Urgency { get; init; }

    /// <summary>ISO 8601: not to be published before.</summary>
    public string? EmbargoedUntil { get; init; }

    /// <summary>Who may use it, and how, in the sender's words.</summary>
    public string? UsageTerms { get; init; }
}

public sealed record Byline(string Name, string? Organization);

/// <param name="Kind">One of the closed list in <see cref="BlockKinds"/>.</param>
/// <param name="Paragraph">
/// Index in <c>body</c>; null for a field. Two blocks with one index are one paragraph that something stood inside of.
/// </param>
/// <param name="Uncertain">True where the text was kept although some evidence was against it.</param>
public sealed record KeptBlock(string Kind, string Rule, string Text, int Start, int Length, int? Paragraph, bool Uncertain);

/// <summary>A caption with its credit; either may be empty, not both.</summary>
public sealed record MediaItem(string Caption, string Credit);

/// <param name="Platform"><c>twitter</c>, <c>bluesky</c>, <c>instagram</c>, <c>tiktok</c> or <c>facebook</c>.</param>
/// <param name="Date">ISO 8601 date.</param>
public sealed record SocialEmbed(string Platform, string? Author, string? Handle, string? Date, string Text);

/// <param name="Rule">The rule that found it; <c>record</c> for metadata that came with the article.</param>
/// <param name="Start">Where it stands in the text; null where it does not.</param>
public sealed record FieldEvidence(string Rule, int? Start, int? Length);
