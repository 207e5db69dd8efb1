namespace Ingest.Ledger.Articles;

/// <summary>What the ledger held of an article is no longer kept: see <see cref="Retention"/>. That is no damage.</summary>
public sealed class NoLongerKeptException : StoredResultException
{
    public NoLongerKeptException()
        : base("The text of the article is no longer kept (Ingest:Retention:Articles).")
    {
    }

    public NoLongerKeptException(string message) : base(message)
    {
    }

    public NoLongerKeptException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
