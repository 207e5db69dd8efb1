namespace Ingest.Core.Deduplication.Alignment;

/// <summary>A passage of the earlier article that reads otherwise in the later one; either side may be empty.</summary>
public readonly record struct Change(string Before, string After)
{
    /// <summary>Changes that are listed at most.</summary>
    public const int Most = 20;
}
