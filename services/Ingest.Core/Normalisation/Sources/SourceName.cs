using Ingest.Core.Articles;

namespace Ingest.Core.Normalisation.Sources;

/// <summary>Whose habits an article shares: those of the feed it came by, else of its publisher, else of its site.</summary>
public static class SourceName
{
    /// <returns>Null where the article says none of these.</returns>
    public static string? Of(ArticleMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return Written(metadata.Feed) ?? Written(metadata.Publisher) ?? Site(metadata.Url);
    }

    /// <summary>A name without what no reader sees, so that it is the same wherever it is written.</summary>
    /// <returns>Null where nothing is left.</returns>
    public static string? Written(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
            return null;
        var seen = string.Concat(name.Select(c => char.IsControl(c) || c == '\ufffd' ? ' ' : c)).Trim();
        return seen.Length == 0 ? null : seen;
    }

    /// <summary>The host, as people name a site: without "www.".</summary>
    static string? Site(string? url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Host.Length == 0)
            return null;
        var host = parsed.IdnHost.ToLowerInvariant();
        return host.StartsWith("www.", StringComparison.Ordinal) ? host[4..] : host;
    }
}
