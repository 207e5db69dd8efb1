namespace Ingest.Core.Normalisation.Rules;

/// <summary>Newspapers and sites of <c>publishers.txt</c>: by the host of a URL, or by name.</summary>
internal static class Publishers
{
    static readonly Dictionary<string, string> ByHost = new(StringComparer.OrdinalIgnoreCase);
    static readonly HashSet<string> KnownNames = new(StringComparer.OrdinalIgnoreCase);

    static Publishers()
    {
        foreach (var line in Resource.Lines("publishers.txt"))
        {
            var space = line.IndexOf(' ');
            ByHost[line[..space]] = line[(space + 1)..].Trim();
            KnownNames.Add(line[(space + 1)..].Trim());
        }
    }

    public static bool IsName(string text) => KnownNames.Contains(text.Trim());

    /// <summary>The publisher at the URL's host: a known one by its name, else the host itself; null for what is no http URL.</summary>
    public static string? AtUrl(string? url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return null;
        var host = uri.IdnHost;
        foreach (var prefix in (ReadOnlySpan<string>)["www.", "m.", "amp.", "edition.", "news."])
            if (host.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && host.AsSpan(prefix.Length).Contains('.'))
            {
                if (ByHost.TryGetValue(host, out var whole))
                    return whole;
                host = host[prefix.Length..];
            }

        return ByHost.TryGetValue(host, out var name) ? name : host;
    }
}
