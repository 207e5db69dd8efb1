using Ingest.Core.Articles;
using Ingest.Service.Http;
using Microsoft.AspNetCore.Http;

namespace Ingest.Service.Serve;

/// <summary>Tells who may ask for what: each collection has its own keys, and the list of them has those of the section <c>Ingest</c>.</summary>
sealed class Access(Collections collections, SecuritySettings security)
{
    readonly ApiKeys keys = new(security.ApiKeys);

    /// <summary>Whether some request needs no key that would change something.</summary>
    public bool IsOpen => !keys.AreAsked || collections.All.Any(c => !c.Keys.AreAsked);

    /// <summary>Why a request is not served; null where it is.</summary>
    public Fault? Refusal(HttpRequest request)
    {
        // In any case, as routes are matched.
        if (!request.Path.StartsWithSegments(ApiPath.Version, StringComparison.OrdinalIgnoreCase))
            return null;
        var name = CollectionOf(request.Path);
        var collection = name is null ? null : collections.Find(name);
        var reading = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        var (asked, open) = collection is null ? (keys, !security.ProtectReading) : (collection.Keys, !collection.ProtectsReading);
        if (asked.AreAsked && !(reading && open) && !asked.Allow(request.Headers.Authorization))
            return Faults.Unauthorised();
        return name is not null && collection is null ? Faults.UnknownCollection(name, string.Join(", ", collections.All.Select(c => c.Name))) : null;
    }

    /// <returns>Null for what is none's: the list of collections.</returns>
    static string? CollectionOf(PathString path)
    {
        if (!path.StartsWithSegments(ApiPath.Collections, StringComparison.OrdinalIgnoreCase, out var rest))
            return ArticleIds.DefaultCollection;
        var name = rest.Value!.Split('/', 3, StringSplitOptions.None) is [_, { Length: > 0 } first, ..] ? first : null;
        // Routes match a name in any case, too.
        return name?.ToLowerInvariant();
    }
}
