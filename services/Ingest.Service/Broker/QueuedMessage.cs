namespace Ingest.Service.Broker;

/// <summary>A message of the queue as it came.</summary>
/// <param name="FileName">The header <see cref="FileNameHeader"/>: what its articles are called by.</param>
/// <param name="Columns">The header <see cref="ColumnsHeader"/>.</param>
/// <param name="Id">Null where it has none that is a UUID.</param>
sealed record QueuedMessage(
    ReadOnlyMemory<byte> Body, string? ContentType, string? ContentEncoding = null, string? FileName = null, string? Columns = null, Guid? Id = null)
{
    public const string FileNameHeader = "filename", ColumnsHeader = "columns", CollectionHeader = "ingest-collection";

    /// <summary>The header <see cref="CollectionHeader"/>: the collection that it is for, where it is not that of the queue. Null for none.</summary>
    public string? Collection { get; init; }
}
