namespace Ingest.Core.Articles;

/// <summary>A clean article. Absent fields are null, absent lists empty.</summary>
public sealed record Article
{
    public string? Headline { get; init; }
    public IReadOnlyList<Byline> Bylines { get; init; } = [];

    /// <summary>
    /// The news agency the copy comes from, by its usual short name (AFP, AP, dpa, ...); never from an attribution in the prose.
    /// </summary>
    public string? Agency { get; init; }
    public string? Publisher { get; init; }

    /// <summary>The place as written, such as "BUENOS AIRES, Argentina".</summary>
    public string? Dateline { get; init; }

    /// <summary>ISO 8601: a date, or a date and time where the source gives one.</summary>
    public string? Published { get; init; }

    /// <summary>ISO 639-1; null where the text is too short to tell.</summary>
    public string? Language { get; init; }
    public string? Url { get; init; }
    public string? Slugline { get; init; }

    /// <summary>Version mark as written, or the version that came beside the text: "UPDATE 2", "1st Ld-Writethru", "2".</summary>
    public string? Version { get; init; }

    /// <summary>The correction mark or note: this copy corrects an earlier one.</summary>
    public string? Correction { get; init; }
    public IReadOnlyList<string> EditorNotes { get; init; } = [];
    public string? CopyrightNotice { get; init; }

    /// <summary>The part of the paper or site, as its sender calls it.</summary>
    public string? Section { get; init; }

    /// <summary>1 (flash) to 9; null where nobody says.</summary>
    public int? Urgency { get; init; }

    /// <summary>ISO 8601: not to be published before.</summary>
    public string? Embargo { get; init; }

    /// <summary>Who may use it, and how, in the sender's words.</summary>
    public string? UsageTerms { get; init; }

    /// <summary>One of <see cref="ArticleStatus"/>; null where the sender says nothing. A canceled article is a <see cref="ArticleProfile.Kill"/>.</summary>
    public string? Status { get; init; }

    /// <summary>What the copy is for its receivers: an article, or an advisory or a kill notice about one.</summary>
    public ArticleProfile Profile { get; init; }

    /// <summary>True where a paywall or an ellipsis cut the body off.</summary>
    public bool Truncated { get; init; }

    /// <summary>Paragraphs, subheads, list items and quotes in reading order.</summary>
    public IReadOnlyList<string> Body { get; init; } = [];
    public IReadOnlyList<MediaItem> Media { get; init; } = [];
    public IReadOnlyList<SocialEmbed> Embeds { get; init; } = [];
    public IReadOnlyList<string> RelatedLinks { get; init; } = [];
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Where each field came from.</summary>
    public IReadOnlyList<FieldEvidence> Evidence { get; init; } = [];
}

public sealed record Byline(string Name, string? Organization = null);

/// <summary>A caption with its credit; either may be empty, not both.</summary>
public sealed record MediaItem(string Caption, string Credit);

/// <summary>A social-media post embedded in the copy. <see cref="Date"/> is ISO 8601 where it could be read.</summary>
public sealed record SocialEmbed(string Platform, string? Author, string? Handle, string? Date, string Text);

/// <summary>Field <see cref="Field"/> came from rule <see cref="Rule"/>, at <see cref="Span"/> where it stands in the text.</summary>
public sealed record FieldEvidence(string Field, string Rule, Span? Span);

public enum ArticleProfile
{
    Article,

    /// <summary>A note to editors: a schedule, a planned coverage, a hold.</summary>
    Advisory,

    /// <summary>Withdraws an earlier article: it must not be used.</summary>
    Kill,
}
