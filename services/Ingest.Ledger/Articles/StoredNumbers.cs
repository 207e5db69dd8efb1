using Ingest.Core.Articles;

namespace Ingest.Ledger.Articles;

/// <summary>
/// The numbers that stand for kinds, profiles and reasons in the ledger: the index in a list below. What is stored stays for years, and the
/// enums may gain a member between two others: only append here, never reorder or remove.
/// </summary>
static class StoredNumbers
{
    public static ReadOnlySpan<BlockKind> Kinds =>
    [
        BlockKind.Paragraph, BlockKind.Subhead, BlockKind.ListItem, BlockKind.Quote, BlockKind.Table,
        BlockKind.Headline, BlockKind.Byline, BlockKind.Dateline, BlockKind.Published, BlockKind.Publisher,
        BlockKind.Agency, BlockKind.Slugline, BlockKind.Version, BlockKind.SourceUrl, BlockKind.ListMarker,
        BlockKind.Caption, BlockKind.Credit, BlockKind.MediaControl, BlockKind.Embed, BlockKind.ShareBar,
        BlockKind.RelatedLink, BlockKind.TopicTags, BlockKind.Navigation, BlockKind.Newsletter, BlockKind.Paywall,
        BlockKind.Donation, BlockKind.Advertisement, BlockKind.AffiliateDisclosure, BlockKind.Interaction, BlockKind.ReadingTime,
        BlockKind.Timestamp, BlockKind.CrawlArtefact, BlockKind.AutomationNotice, BlockKind.ReporterCredit, BlockKind.AuthorBio,
        BlockKind.DeskInitials, BlockKind.EndMark, BlockKind.SyndicationCredit, BlockKind.Copyright, BlockKind.StandardsNote,
        BlockKind.PrintReference, BlockKind.WireHeader, BlockKind.WireTrailer, BlockKind.EditorNote, BlockKind.Correction,
        BlockKind.PressRelease, BlockKind.DatabaseHeader, BlockKind.LegalNotice, BlockKind.Repetition, BlockKind.Trailer,
        BlockKind.Furniture,
    ];

    public static ReadOnlySpan<ArticleProfile> Profiles => [ArticleProfile.Article, ArticleProfile.Advisory, ArticleProfile.Kill];

    public static ReadOnlySpan<RejectionReason> Reasons =>
    [
        RejectionReason.Empty, RejectionReason.TooLarge, RejectionReason.Binary, RejectionReason.NoBody, RejectionReason.TimeBudgetExceeded,
        RejectionReason.MalformedRecord, RejectionReason.Discarded, RejectionReason.NotAnArticle,
    ];

    /// <exception cref="ArgumentOutOfRangeException">The list lacks the value: a new member of an enum is to be appended.</exception>
    public static byte Of<T>(ReadOnlySpan<T> numbers, T value) where T : struct, Enum
    {
        var number = numbers.IndexOf(value);
        return number >= 0 ? (byte)number : throw new ArgumentOutOfRangeException(nameof(value), value, $"{typeof(T).Name} {value} has no number in the ledger. Append it to {nameof(StoredNumbers)}.");
    }
}
