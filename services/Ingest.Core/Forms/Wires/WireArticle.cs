using System.Text;
using Ingest.Core.Articles;

namespace Ingest.Core.Forms.Wires;

/// <summary>Makes the raw articles of wires.</summary>
internal static class WireArticle
{
    /// <param name="own">Its id in the file; null where it has none.</param>
    /// <param name="number">Its place in the file, from 1.</param>
    public static RawArticle Of(RawArticle file, string? own, int number, ArticleMetadata metadata, WireBody body, InputLimits limits)
    {
        var content = Encoding.UTF8.GetBytes(body.Content);
        var article = Named(file, own, number) with { Form = body.Form, Metadata = Over(metadata, file.Metadata) };
        return content.Length > limits.MaxArticle
            ? article with { Content = ReadOnlyMemory<byte>.Empty, OverLimit = content.Length }
            : article with { Content = content };
    }

    /// <summary>An item without an article.</summary>
    public static RawArticle Refused(RawArticle file, string? own, int number, Rejection reason) =>
        Named(file, own, number) with { Content = ReadOnlyMemory<byte>.Empty, Refused = reason };

    static RawArticle Named(RawArticle file, string? own, int number) => file with
    {
        Id = InputForm.IdOf(file, own, number),
        Name = InputForm.IdOf(file with { Id = file.Name }, own, number),
    };

    /// <summary>What the first states, and of the rest what the second states: an item over the document in it, both over their file.</summary>
    public static ArticleMetadata Over(ArticleMetadata first, ArticleMetadata second) => new(
        first.Url ?? second.Url, first.Feed ?? second.Feed, first.Headline ?? second.Headline, first.Bylines ?? second.Bylines,
        first.Agency ?? second.Agency, first.Publisher ?? second.Publisher, first.Dateline ?? second.Dateline,
        first.Published ?? second.Published, first.Received ?? second.Received, first.Language ?? second.Language)
    {
        Section = first.Section ?? second.Section,
        Slugline = first.Slugline ?? second.Slugline,
        Version = first.Version ?? second.Version,
        Status = first.Status ?? second.Status,
        Urgency = first.Urgency ?? second.Urgency,
        Embargo = first.Embargo ?? second.Embargo,
        UsageTerms = first.UsageTerms ?? second.UsageTerms,
        Copyright = first.Copyright ?? second.Copyright,
    };

    /// <summary>
    /// The text of an item; of one that is taken back and has none, its headline: that it is taken back must reach whoever has the article.
    /// </summary>
    public static WireBody? OrNotice(this WireBody? body, ArticleMetadata metadata) =>
        body ?? (metadata is { Status: "canceled" or "cancelled" or "withheld", Headline: { } headline } ? WireBody.Plain(headline) : null);
}
