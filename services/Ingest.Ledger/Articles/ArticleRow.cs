using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Reading;

namespace Ingest.Ledger.Articles;

/// <summary>A row of the table <c>articles</c> as Dapper fills it; the content may be left out.</summary>
class ArticleRow
{
    /// <summary>
    /// The columns, for a table that is called a. Texts are selected as blobs, because SQLite's library ends a text at U+0000; PostgreSQL, which
    /// has no such texts, keeps them as blobs.
    /// </summary>
    public static readonly string WithoutContent =
        $"a.id, a.article AS number, {Ledger.Columns.Whole("submitted")}, {Ledger.Columns.Whole("feed")}, a.sender, a.accepted, a.form, a.metadata";

    /// <summary>The columns with the content.</summary>
    public static string All(LedgerStore ledger) => $"{WithoutContent}, {ledger.Content} AS content, {ledger.Packed} AS packed";

    /// <summary>The table, with all its columns.</summary>
    public static string From(LedgerStore ledger) => $"articles a{ledger.JoinContents}";

    public long Number { get; init; }
    public byte[] Id { get; init; } = [];
    public byte[] Submitted { get; init; } = [];
    public byte[]? Feed { get; init; }
    public string Sender { get; init; } = "";
    public long Accepted { get; init; }
    public string Form { get; init; } = "";
    public string? Metadata { get; init; }
    public byte[]? Content { get; init; }

    /// <summary>Whether the content is: see <see cref="Packing"/>.</summary>
    public long Packed { get; init; }

    /// <summary>What the content takes in memory.</summary>
    public long Bytes => Content is null ? 0 : Packed == 0 ? Content.Length : Packing.LengthOf(Content);

    /// <summary>Never throws: one damaged row must not stop those beside it. Reading the article of such a row does.</summary>
    public AcceptedArticle Article()
    {
        var (articleId, accepted) = (Ledger.Columns.Id(Id), Ledger.Columns.Moment(Accepted));
        try
        {
            if (!Ledger.Columns.IsId(Id))
                throw new StoredResultException(
                    $"The stored id of article '{Ledger.Columns.Text(Submitted)}' has {Id.Length} bytes instead of {Ledger.Columns.IdLength}. The ledger's row is damaged.");
            return new AcceptedArticle(new ArticleNumber(Number), FeedText, new Submission(articleId, Raw() ?? throw new NoLongerKeptException(), accepted));
        }
        catch (StoredResultException e)
        {
            var raw = new RawArticle(Ledger.Columns.Text(Submitted), ArticleForm.Text, Whole(), ArticleMetadata.None, Sender);
            return new AcceptedArticle(new ArticleNumber(Number), FeedText, Submission.Unreadable(articleId, raw, accepted, e));
        }
    }

    public string? FeedText => Feed is null ? null : Ledger.Columns.Text(Feed);

    /// <summary>Null where the content was left out, or is no longer kept.</summary>
    /// <exception cref="StoredResultException">The row is damaged.</exception>
    public RawArticle? Raw() => Content is null ? null : RawOf(Ledger.Columns.Text(Submitted), Form, ContentOf(Content, Packed), Metadata, Sender);

    /// <inheritdoc cref="Raw"/>
    public static byte[] ContentOf(byte[] stored, long packed) => packed == 0 ? stored : Packing.Unpack(stored);

    /// <summary>As much of the content as there is; of a damaged row too.</summary>
    byte[] Whole()
    {
        try
        {
            return Content is null ? [] : ContentOf(Content, Packed);
        }
        catch (StoredResultException)
        {
            return [];
        }
    }

    /// <inheritdoc cref="Raw"/>
    public static RawArticle RawOf(string id, string form, byte[] content, string? metadata, string sender)
    {
        try
        {
            return new RawArticle(id, StoredWords.Forms.Read(form), content, ArticleMetadata.FromJson(metadata), sender);
        }
        catch (FormatException e)
        {
            throw new StoredResultException($"The stored metadata of article '{id}' {e.Message}. The ledger's row is damaged.", e);
        }
    }
}
