namespace Ingest.Ledger.Articles;

/// <summary>
/// What the ledger holds of an article cannot be read: cut off, corrupt, of a later format, or not of this text. The message says what was
/// wrong and where.
/// </summary>
public class StoredResultException : Exception
{
    public StoredResultException()
    {
    }

    public StoredResultException(string message) : base(message)
    {
    }

    public StoredResultException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
