using Ingest.Service.Http;
using Microsoft.AspNetCore.Http;

namespace Ingest.Service.Tests.Http;

/// <summary>Which requests are meant for this service, and which a web page makes a browser send.</summary>
public sealed class HostGuardTests
{
    const string Loopback = "http://127.0.0.1:8080", Everywhere = "http://0.0.0.0:8080";

    [Theory]
    [InlineData(Loopback, null, "127.0.0.1:8080", true)]
    [InlineData(Loopback, null, "127.0.0.1", true)]
    [InlineData(Loopback, null, "LocalHost:9000", true)]
    [InlineData(Loopback, null, "localhost.", true)]
    [InlineData(Loopback, null, "[::1]:8080", true)]
    [InlineData(Loopback, null, "[0:0:0:0:0:0:0:1]", true)]
    [InlineData(Loopback, null, "[::ffff:127.0.0.1]:8080", true)]
    [InlineData("http://[::1]:8080", null, "[::1]:8080", true)]
    [InlineData("http://localhost:8080", null, "127.0.0.1:8080", true)]
    [InlineData(Loopback, null, "evil.example", false)]
    [InlineData(Loopback, null, "evil.example:8080", false)]
    [InlineData(Loopback, null, "localhost.evil.example", false)]
    [InlineData(Loopback, null, "127.0.0.1.evil.example", false)]
    [InlineData(Loopback, null, "newsbox", false)]
    [InlineData(Loopback, null, "192.0.2.7:8080", false)]
    [InlineData(Loopback, null, "0.0.0.0:8080", false)]
    [InlineData(Loopback, null, "", false)]
    [InlineData(Loopback, "ingest.example, other.example", "INGEST.example.:443", true)]
    [InlineData(Loopback, "ingest.example, other.example", "other.example", true)]
    [InlineData(Loopback, "ingest.example", "x.ingest.example", false)]
    [InlineData(Loopback, "2001:db8::7", "[2001:DB8:0::7]:8080", true)]
    [InlineData(Loopback, "*", "evil.example", true)]
    [InlineData(Everywhere, null, "192.0.2.7:8080", true)]
    [InlineData(Everywhere, null, "[2001:db8::7]:8080", true)]
    [InlineData(Everywhere, null, "localhost:8080", true)]
    [InlineData(Everywhere, null, "ingest:8080", true)]
    [InlineData(Everywhere, null, "evil.example:8080", false)]
    [InlineData(Everywhere, null, "", false)]
    [InlineData("http://192.0.2.7:8080", null, "192.0.2.7:8080", true)]
    public void The_host_of_a_request_must_be_this_one(string url, string? allowed, string host, bool served) =>
        Assert.Equal(served ? null : 421, Status(url, allowed, host));

    [Theory]
    [InlineData("GET", "/v1/events", "Sec-Fetch-Site: same-origin", true)]
    [InlineData("GET", "/v1/events", "Sec-Fetch-Site: none", true)]
    [InlineData("GET", "/v1/events", "Sec-Fetch-Site: cross-site", false)]
    [InlineData("GET", "/v1/events", "Sec-Fetch-Site: same-site", false)]
    [InlineData("POST", "/v1/articles", "Origin: http://127.0.0.1:8080", true)]
    [InlineData("POST", "/v1/articles", "Origin: https://evil.example", false)]
    [InlineData("POST", "/v1/articles", "Origin: http://127.0.0.1:3000", false)]
    [InlineData("POST", "/v1/articles", "Origin: http://localhost:8080", false)]
    [InlineData("POST", "/v1/articles", "Origin: null", false)]
    [InlineData("POST", "/v1/articles", "Origin: http://127.0.0.1:8080, http://evil.example", false)]
    [InlineData("POST", "/v1/articles", "Origin: https://ingest.example", true)]
    [InlineData("OPTIONS", "/v1/articles", "Origin: https://evil.example", false)]
    [InlineData("GET", "/openapi/v1.json", "Sec-Fetch-Site: cross-site", false)]
    [InlineData("GET", "/pages", "Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: navigate|Sec-Fetch-Dest: document", true)]
    [InlineData("GET", "/pages", "Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: navigate|Sec-Fetch-Dest: iframe", false)]
    [InlineData("GET", "/v1/events", "Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: navigate|Sec-Fetch-Dest: document", false)]
    [InlineData("POST", "/pages", "Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: navigate|Sec-Fetch-Dest: document", false)]
    [InlineData("GET", "/health/ready", "Origin: https://evil.example|Host: evil.example", true)]
    public void A_page_of_another_site_is_refused(string method, string path, string headers, bool served) =>
        Assert.Equal(served ? null : 403, Status(Loopback, "ingest.example", "127.0.0.1:8080", method, path, headers));

    [Fact]
    public void Behind_a_proxy_that_keeps_the_host_a_page_of_it_is_served()
    {
        Assert.Null(Status(Loopback, "*", "ingest.example", "POST", "/v1/articles", "Origin: https://ingest.example"));
        Assert.Null(Status(Loopback, "*", "ingest.example:8443", "POST", "/v1/articles", "Origin: https://ingest.example:8443"));
        Assert.Equal(403, Status(Loopback, "*", "ingest.example", "POST", "/v1/articles", "Origin: https://evil.example"));
    }

    [Theory]
    [InlineData("http://ingest.example")]
    [InlineData("ingest.example:8080")]
    [InlineData("*.ingest.example")]
    [InlineData("ingest.example/path")]
    [InlineData("two words")]
    public void A_name_that_is_no_host_name_is_named(string name) =>
        Assert.Contains($"'{name}'", Assert.Throws<FormatException>(() => new HostGuard(new Uri(Loopback), name)).Message, StringComparison.Ordinal);

    static int? Status(string url, string? allowed, string host, string method = "GET", string path = "/v1/stories", string headers = "")
    {
        var request = new DefaultHttpContext().Request;
        (request.Method, request.Path) = (method, path);
        request.Headers.Host = host;
        foreach (var header in headers.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = (header[..header.IndexOf(':', StringComparison.Ordinal)], header[(header.IndexOf(':', StringComparison.Ordinal) + 2)..]);
            request.Headers[name] = value;
        }

        return new HostGuard(new Uri(url), allowed).Refusal(request)?.Status;
    }
}
