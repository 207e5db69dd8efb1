using Ingest.Core.Articles;
using Ingest.Ledger.Articles;

namespace Ingest.Service.Accept;

/// <summary>A record that was read, on its way into the ledger.</summary>
/// <param name="Raw">The article with the id that it is called by.</param>
/// <param name="Rejection">Why it is none: then the text is what was sent.</param>
sealed record Submission(NewArticle Article, RawArticle Raw, Rejection? Rejection = null)
{
    /// <param name="raw">Its id is empty where the submitter gave none.</param>
    /// <param name="delivery">See <see cref="ArticleIds.Of"/>.</param>
    public static Submission Of(RawArticle raw, string? delivery, DateTimeOffset now, Rejection? rejection = null)
    {
        var id = ArticleIds.Of(raw, StoredMetadata.Write(raw with { Received = null }), delivery);
        if (raw.Id.Length == 0)
            raw = raw with { Id = id.ToString() };
        return new Submission(new NewArticle(id, raw.Id, now, StoredMetadata.Write(raw), raw.Text), raw, rejection);
    }
}
