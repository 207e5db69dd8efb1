using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Lines;

namespace Ingest.Core.Normalisation.Documents;

/// <summary>The article's fields while the rules find them. The first finder of a field wins; each finding leaves its evidence.</summary>
internal sealed class ArticleDraft
{
    readonly Dictionary<string, string> fields = [];

    public List<Byline> Bylines { get; } = [];
    public List<string> EditorNotes { get; } = [];
    public List<MediaItem> Media { get; } = [];
    public List<SocialEmbed> Embeds { get; } = [];
    public List<string> RelatedLinks { get; } = [];
    public List<string> Tags { get; } = [];
    public List<FieldEvidence> Evidence { get; } = [];
    public ArticleProfile Profile { get; set; }
    public bool Truncated { get; set; }

    /// <summary>The text is a notice of the page that was asked for, and no article.</summary>
    public bool IsNotice { get; set; }

    public string? this[string field] => fields.GetValueOrDefault(field);

    /// <summary>Sets a field that no earlier and better source has set.</summary>
    public bool Set(string field, string? value, string rule, Segment? at = null)
    {
        if (string.IsNullOrWhiteSpace(value) || !fields.TryAdd(field, value.Trim()))
            return false;
        AddEvidence(field, rule, at);
        return true;
    }

    /// <summary>Sets a field that a further pass over the clean text found better.</summary>
    public void Replace(string field, string value, string rule, Segment at)
    {
        fields.Remove(field);
        Evidence.RemoveAll(e => e.Field == field);
        Set(field, value, rule, at);
    }

    public void AddEvidence(string field, string rule, Segment? at) =>
        Evidence.Add(new FieldEvidence(field, rule, at is null ? null : new Span(at.Start, at.Length)));
}

/// <summary>The names of the single-valued fields, as they stand in the evidence and in the contract.</summary>
internal static class Field
{
    public const string Headline = "headline";
    public const string Bylines = "bylines";
    public const string Agency = "agency";
    public const string Publisher = "publisher";
    public const string Dateline = "dateline";
    public const string Published = "published";
    public const string Language = "language";
    public const string Url = "url";
    public const string Slugline = "slugline";
    public const string Version = "version";
    public const string Correction = "correction";
    public const string CopyrightNotice = "copyrightNotice";
}
