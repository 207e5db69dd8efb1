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
        var article = file with { Id = InputForm.IdOf(file, own, number), Form = body.Form, Metadata = metadata.Or(file.Metadata) };
        return content.Length > limits.MaxArticle
            ? article with { Content = ReadOnlyMemory<byte>.Empty, OverLimit = limits.MaxArticle }
            : article with { Content = content };
    }

    /// <summary>A file that is larger than may be in memory at once.</summary>
    public static RawArticle TooLarge(RawArticle file, InputLimits limits) => file with { OverLimit = limits.MaxFile };

    /// <summary>An item without an article.</summary>
    public static RawArticle Refused(RawArticle file, string? own, int number, Rejection reason) =>
        file with { Id = InputForm.IdOf(file, own, number), Content = ReadOnlyMemory<byte>.Empty, Refused = reason };

    /// <summary>
    /// The text of an item; of one that is taken back and has none, its headline: that it is taken back must reach whoever has the article.
    /// </summary>
    public static WireBody? OrNotice(this WireBody? body, ArticleMetadata metadata) =>
        body ?? (metadata is { Status: "canceled" or "cancelled" or "withheld", Headline: { } headline } ? WireBody.Plain(headline) : null);
}
