using System.Text.Json.Nodes;
using Ingest.EndToEnd.Tests;

namespace Ingest.Broker.Tests.Faults;

/// <summary>Row 23: the broker refuses, or is not the one that it says.</summary>
public sealed class RefusedTests
{
    const string Secret = "s3cret-of-the-desk";

    [BrokerFact]
    public async Task Not_ready_with_the_reason_and_no_secret_anywhere()
    {
        await using var broker = await Broker.StartNewAsync(new BrokerSettings { Tls = true });
        await using var desk = await Desk.OpenAsync(broker);
        await broker.AddUserAsync("editor", "an0ther-secret");
        Uri Of(Uri address, string? name = null, string? password = null, string path = "") =>
            new UriBuilder(address) { UserName = name ?? "guest", Password = password ?? "guest", Path = path }.Uri;

        // All at once, on one ledger: each needs seconds to start.
        List<(Serving Serving, string Reason)> servers =
        [
            (desk.ServeUnready(Of(broker.Address, "editor", Secret)), "refused the credentials"),
            (desk.ServeUnready(Of(broker.Address, "editor", "an0ther-secret", "nowhere")), "no such virtual host"),
            // It is there, and this user may not enter.
            (desk.ServeUnready(Of(broker.Address, "editor", "an0ther-secret", desk.VirtualHost)), "virtual host"),
            (desk.ServeUnready(Of(broker.TlsAddress, path: desk.VirtualHost)), "no trusted TLS connection"),
            (desk.ServeUnready(new Uri($"amqp://guest:{Secret}@127.0.0.1:{LoopbackPorts.Free()}/")), "Ingest:RabbitMq:Host and Port"),
        ];
        desk.At.Environment["Ingest__RabbitMq__TlsAuthority"] = broker.Certificates!.AuthorityFile;
        desk.At.Environment["Ingest__RabbitMq__TlsServerName"] = "elsewhere.example";
        servers.Add((desk.ServeUnready(Of(broker.TlsAddress, path: desk.VirtualHost)), "TlsServerName"));
        foreach (var (serving, reason) in servers)
            Assert.Contains(reason, await ReasonAsync(desk, serving), StringComparison.Ordinal);

        desk.At.Environment.Remove("Ingest__RabbitMq__TlsServerName");
        // What HTTP took meanwhile waited in the ledger.
        desk.Serve(Of(broker.TlsAddress, path: desk.VirtualHost));
        await desk.PublishAsync(desk.Records("trusted", 3));
        await desk.SettleAsync();
        Assert.DoesNotContain(Secret, desk.Logs, StringComparison.Ordinal);
        Assert.DoesNotContain("an0ther-secret", desk.Logs, StringComparison.Ordinal);
        Assert.DoesNotContain(":guest@", desk.Logs, StringComparison.Ordinal);
    }

    /// <summary>What keeps a server from being ready. It takes an article over HTTP all the same.</summary>
    static async Task<string> ReasonAsync(Desk desk, Serving serving)
    {
        var said = "";
        await desk.UntilAsync(
            () =>
            {
                try
                {
                    using var answer = serving.Http.GetAsync("/health/ready").GetAwaiter().GetResult();
                    said = answer.Content.ReadAsStringAsync().GetAwaiter().GetResult();
                    return (string?)JsonNode.Parse(said)!["reasons"]!["broker"] is { } reason && !reason.Contains("yet", StringComparison.Ordinal);
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "a reason why it is not ready");
        using var accepted = await serving.Http.PostAsync("/v1/articles", new StringContent(desk.Records($"posted-{Guid.NewGuid():N}", 1)[0], null, "application/json"));
        Assert.Equal(202, (int)accepted.StatusCode);
        Assert.DoesNotContain(Secret, said, StringComparison.Ordinal);
        Assert.Equal(0, serving.Stop());
        return (string)JsonNode.Parse(said)!["reasons"]!["broker"]!;
    }
}
