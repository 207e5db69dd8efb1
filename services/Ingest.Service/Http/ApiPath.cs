using Ingest.Core.Articles;

namespace Ingest.Service.Http;

/// <summary>Where the endpoints of a collection are: those of the default one at <c>/v1</c>, too.</summary>
sealed class ApiPath(string collection)
{
    public const string Version = "/v1", Collections = "/v1/collections";

    /// <summary>Without a slash at its end.</summary>
    public override string ToString() => collection == ArticleIds.DefaultCollection ? Version : $"{Collections}/{collection}";
}
