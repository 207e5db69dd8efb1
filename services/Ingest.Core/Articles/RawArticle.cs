using System.Text;

namespace Ingest.Core.Articles;

/// <summary>What the bytes of a raw article are.</summary>
public enum ArticleForm
{
    /// <summary>The text of one article, in any encoding that <c>TextDecoder</c> knows.</summary>
    Text,

    /// <summary>A JSON object with the text and what is known of it.</summary>
    Record,

    /// <summary>A page of HTML, or the part of one that holds an article.</summary>
    Html,
}

/// <summary>
/// One article as it was submitted: bytes, what kind of thing they are, and what came beside them. Nothing has been read yet: only the
/// normaliser makes an article, or a rejection, of it, so that the outcome is the same in every process.
/// </summary>
/// <param name="Id">
/// The submitter's id; for a file its path, for a line of a file its path and number; empty where nobody gave one. A record's own id wins.
/// </param>
/// <param name="Content">As it came.</param>
/// <param name="Metadata">What came beside the content. What the content itself says wins.</param>
/// <param name="Sender">Who sent it: <c>file</c>, <c>http</c> or <c>queue</c>.</param>
public sealed record RawArticle(string Id, ArticleForm Form, ReadOnlyMemory<byte> Content, ArticleMetadata Metadata, string Sender)
{
    /// <summary>What a table calls it; not kept.</summary>
    public string Name { get; init; } = Id;

    /// <summary>The folder of its file; not kept.</summary>
    public string? Folder { get; init; }

    /// <summary>
    /// Where the content has more than this many bytes, so that it was not taken in: it is empty then, and the article is kept nowhere.
    /// </summary>
    public long? OverLimit { get; init; }

    /// <summary>
    /// Why there is no article in it, where the file that it was found in tells: an entry that is damaged. It is kept nowhere.
    /// </summary>
    public Rejection? Refused { get; init; }

    /// <summary>A text of which nothing else is known.</summary>
    public static RawArticle OfText(string id, string text, string sender = "file") =>
        new(id, ArticleForm.Text, Encoding.UTF8.GetBytes(text), ArticleMetadata.None, sender);
}

/// <summary>The text of a raw article and what is known of it: what the rules read.</summary>
/// <param name="Text">Decoded. Every span of a result is measured in its UTF-16 code units.</param>
/// <param name="Notes">What had to be assumed or mended to read it.</param>
public record ArticleText(string Text, ArticleMetadata Metadata, IReadOnlyList<string> Notes)
{
    /// <summary>The HTML that the text was read from; null where it came as text. What is sent on is this.</summary>
    public virtual string? Markup => null;

    /// <summary>A text of which nothing else is known.</summary>
    public ArticleText(string text) : this(text, ArticleMetadata.None, [])
    {
    }
}

/// <summary>What reading a raw article gave: its text, or the reason why it has none.</summary>
/// <param name="Id">The submitter's id; empty where there is none.</param>
/// <param name="Article">Null exactly where there is a rejection.</param>
public sealed record ReadArticle(string Id, ArticleText? Article, Rejection? Rejection)
{
    /// <summary>The text that spans are measured in; empty where nothing could be read.</summary>
    public string Text => Article?.Text ?? "";

    public ArticleMetadata Metadata => Article?.Metadata ?? ArticleMetadata.None;
}
