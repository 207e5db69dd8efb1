using System.Net;
using Ingest.Service.Display;
using Microsoft.AspNetCore.Http;

namespace Ingest.Service.Http;

/// <summary>
/// Tells requests that are meant for this service from those that a web page makes a browser send: by their <c>Host</c>, which is the
/// page's own name after DNS rebinding, and by what browsers say of the page they come from.
/// </summary>
sealed class HostGuard
{
    const string Any = "*", Local = "localhost";

    readonly HashSet<string> listed = new(StringComparer.Ordinal);

    /// <param name="url">Where HTTP listens.</param>
    /// <param name="allowed">Host names separated by commas, as in <see cref="SecuritySettings.AllowedHosts"/>.</param>
    /// <exception cref="FormatException">One is no host name.</exception>
    public HostGuard(Uri url, string? allowed)
    {
        IsLoopback = url.IsLoopback;
        foreach (var name in (allowed ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            listed.Add(name == Any ? Any : Read(name));
    }

    /// <summary>Only programs on this machine can connect.</summary>
    public bool IsLoopback { get; }

    /// <summary>Why a request is not served; null where it is.</summary>
    public Fault? Refusal(HttpRequest request)
    {
        // Probes of orchestrators name an address of their own, or none; and they learn nothing but whether it runs.
        if (request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase))
            return null;
        if (!IsHere(Plain(request.Host.Host)))
            return Faults.WrongHost(request.Host.Value ?? "", IsLoopback);
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0 && site is not ("same-origin" or "none") && !IsLink(request))
            return Faults.CrossSite($"Sec-Fetch-Site is '{site}'");
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || IsOwn(origin, request.Host) ? null : Faults.CrossSite($"Origin is '{origin}'");
    }

    /// <summary>
    /// A link from another site that a person follows may lead to a page of ours, which that site cannot read; not to data.
    /// </summary>
    static bool IsLink(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Headers["Sec-Fetch-Mode"] == "navigate" && request.Headers["Sec-Fetch-Dest"] == "document"
        && !request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// No page can have an address for its name, so an address is safe; nor, where others on the network connect by the machine's or the
    /// container's name, a name without a dot. Any other name must be listed.
    /// </summary>
    bool IsHere(string host) => listed.Contains(Any) || listed.Contains(host) || host == Local
        || (IPAddress.TryParse(host, out var address)
            ? !IsLoopback || IPAddress.IsLoopback(address)
            : !IsLoopback && host.Length > 0 && !host.Contains('.', StringComparison.Ordinal));

    /// <summary>The page's host is that of the request, or listed: a proxy may have put its own into the request.</summary>
    bool IsOwn(string origin, HostString host)
    {
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var page) || page.Scheme is not ("http" or "https") || page.PathAndQuery != "/")
            return false;
        var name = Plain(page.IdnHost);
        return listed.Contains(name) || name == Plain(host.Host) && page.Port == (host.Port ?? (page.Scheme == "https" ? 443 : 80));
    }

    /// <summary>One form for each host: lower case, addresses as .NET writes them, without brackets and a dot at the end.</summary>
    static string Plain(string? host)
    {
        var name = (host ?? "").Trim('[', ']').ToLowerInvariant();
        if (name.EndsWith('.'))
            name = name[..^1];
        return IPAddress.TryParse(name, out var address) ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString() : name;
    }

    static string Read(string name)
    {
        var bare = name.Trim('[', ']');
        if (IPAddress.TryParse(bare, out _))
            return Plain(bare);
        return Uri.CheckHostName(name) == UriHostNameType.Dns
            ? Plain(new Uri($"http://{name}").IdnHost)
            : throw new FormatException(
                $"Ingest:Security:AllowedHosts has '{Secrets.Hidden(name)}': it takes host names such as ingest.example, without scheme and port, "
                + "separated by commas, or * for any.");
    }
}
