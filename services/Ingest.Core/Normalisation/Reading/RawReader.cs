using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Decoding;
using Ingest.Core.Normalisation.Pages;

namespace Ingest.Core.Normalisation.Reading;

/// <summary>
/// From what was submitted to the text and what is known of it, by its form. Never throws for its content: what cannot be
/// read is a named rejection.
/// </summary>
public static class RawReader
{
    public static ReadArticle Read(RawArticle raw)
    {
        ArgumentNullException.ThrowIfNull(raw);
        if (raw.OverLimit is { } limit)
            return new ReadArticle(raw.Id, null, Rejection.TooLarge(-1, limit));
        if (raw.Refused is { } refused)
            return new ReadArticle(raw.Id, null, refused);
        return raw.Form switch
        {
            ArticleForm.Text or ArticleForm.Html => ReadText(raw),
            ArticleForm.Record => RecordReader.Read(raw),
            _ => throw new ArgumentOutOfRangeException(nameof(raw), raw.Form, "There is no reader for this form."),
        };
    }

    /// <summary>
    /// Only the text that spans are measured in: quicker than <see cref="Read"/> where nothing else is asked for. For what was an article when it was read;
    /// a record that was rejected for another field than its text may have its text all the same.
    /// </summary>
    public static string Text(RawArticle raw) => raw.Form == ArticleForm.Record && RecordReader.Text(raw.Content.Span) is { } text ? text : Read(raw).Text;

    /// <summary>A text, or a page of HTML.</summary>
    static ReadArticle ReadText(RawArticle raw)
    {
        var decoded = TextDecoder.Decode(raw.Content.Span);
        if (decoded.Text is not { } text)
            return new ReadArticle(raw.Id, null, Rejection.Binary(decoded.BinarySign!));
        var article = raw.Form == ArticleForm.Html ? PageReader.Read(text, raw.Metadata, decoded.Notes) : new ArticleText(text, raw.Metadata, decoded.Notes);
        return new ReadArticle(raw.Id, article, null);
    }
}
