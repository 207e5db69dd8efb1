using System.Text;

namespace Ingest.Core.Articles;

/// <summary>
/// What a stretch of raw text is. The list is closed and part of the contract: the wire form is the name in lower case with hyphens.
/// Kinds up to <see cref="Table"/> make the body, those up to <see cref="SourceUrl"/> are fields of the article, the rest is removed.
/// </summary>
public enum BlockKind
{
    // The body, in reading order.
    Paragraph,
    Subhead,
    ListItem,
    Quote,
    Table,

    // Fields: kept, beside the body.
    Headline,
    Byline,
    Dateline,
    Published,
    Publisher,
    Agency,
    Slugline,
    Version,
    SourceUrl,

    // Removed; what has value (captions, embeds, notes, ...) is kept as data.
    ListMarker,
    Caption,
    Credit,
    MediaControl,
    Embed,
    ShareBar,
    RelatedLink,
    TopicTags,
    Navigation,
    Newsletter,
    Paywall,
    Donation,
    Advertisement,
    AffiliateDisclosure,
    Interaction,
    ReadingTime,
    Timestamp,
    CrawlArtefact,
    AutomationNotice,
    ReporterCredit,
    AuthorBio,
    DeskInitials,
    EndMark,
    SyndicationCredit,
    Copyright,
    StandardsNote,
    PrintReference,
    WireHeader,
    WireTrailer,
    EditorNote,
    Correction,
    PressRelease,
    DatabaseHeader,
    LegalNotice,
    Repetition,
    Trailer,
    Furniture,
}

/// <summary>The three groups of <see cref="BlockKind"/> and the wire form of its names.</summary>
public static class BlockKinds
{
    static readonly string[] Names = [.. Enum.GetValues<BlockKind>().Select(Hyphenated)];
    static readonly Dictionary<string, BlockKind> ByName = Enum.GetValues<BlockKind>().ToDictionary(Hyphenated);

    public static bool IsBody(this BlockKind kind) => kind <= BlockKind.Table;

    public static bool IsField(this BlockKind kind) => kind is > BlockKind.Table and <= BlockKind.SourceUrl;

    public static bool IsRemoved(this BlockKind kind) => kind > BlockKind.SourceUrl;

    /// <summary>The wire form: <c>ListItem</c> is <c>list-item</c>.</summary>
    public static string Name(this BlockKind kind) => Names[(int)kind];

    /// <exception cref="FormatException">The name is not one of the closed list.</exception>
    public static BlockKind Parse(string name) => ByName.TryGetValue(name, out var kind)
        ? kind
        : throw new FormatException($"'{name}' is not a block kind. Kinds: {string.Join(", ", Names)}.");

    static string Hyphenated(BlockKind kind)
    {
        var name = new StringBuilder();
        foreach (var c in kind.ToString())
        {
            if (char.IsAsciiLetterUpper(c) && name.Length > 0)
                name.Append('-');
            name.Append(char.ToLowerInvariant(c));
        }
        return name.ToString();
    }
}
