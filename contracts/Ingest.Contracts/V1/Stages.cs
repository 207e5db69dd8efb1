using System.Text.Json.Serialization;

namespace Ingest.Contracts.V1;

/// <summary>Between processes of the service, on <c>ingest.normalise</c>: accepted articles that are to be cleaned.</summary>
/// <param name="Articles">Their numbers in the ledger.</param>
public sealed record NormaliseArticles(IReadOnlyList<long> Articles);

/// <summary>Between processes of the service, on <c>ingest.deduplicate</c>: cleaned articles that wait for their decision.</summary>
public sealed record DeduplicateArticles(IReadOnlyList<NormalisedArticle> Articles);

/// <param name="Article">Its number in the ledger.</param>
/// <param name="Result">What the normaliser made of it, in the ledger's own form; base64 in JSON.</param>
public sealed record NormalisedArticle(long Article, ReadOnlyMemory<byte> Result)
{
    /// <summary>With the knowledge of how many articles of its source it was cleaned; missing for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Learnt { get; init; }

    /// <summary>The number of the last ruling about its source that it was cleaned with; missing for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Ruled { get; init; }

    /// <summary>Why it could not be cleaned; the result is then empty.</summary>
    public NormalisationFault? Fault { get; init; }
}

/// <param name="Name">Of the kind of fault.</param>
public sealed record NormalisationFault(string Name, string Detail);
