using System.Net;
using System.Text.Json.Nodes;
using Ingest.Service.Operations;
using Ingest.Service.Serve;
using Microsoft.Extensions.DependencyInjection;

namespace Ingest.Service.Tests.Serve;

/// <summary>What an orchestrator asks: whether to start the program anew, and whether to send it anything.</summary>
public sealed class HealthTests
{
    [Fact]
    public void A_collections_parts_have_its_name_and_are_no_others()
    {
        var whole = new Health();
        var sport = whole.Of("sport");
        Assert.True(sport.NotReady("accept", "the disk is full"));
        Assert.False(sport.IsReady("accept"));
        Assert.True(whole.IsReady("accept"));
        Assert.Equal(["sport/accept"], whole.Reasons.Keys);
        whole.Ready("accept");
        Assert.False(sport.IsReady("accept"));
        sport.Ready("accept");
        Assert.Empty(whole.Reasons);
        Assert.Same(whole, whole.Of("default"));
    }

    [Fact]
    public async Task Only_what_a_new_start_alone_can_mend_is_not_live()
    {
        using var ledger = new TemporaryLedger();
        await using var app = Server.Build(new ServiceSettings { Url = "http://127.0.0.1:0" }, ledger.File);
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        var health = app.Services.GetRequiredService<Health>();
        for (var end = DateTime.UtcNow.AddSeconds(30); health.Reasons.Count > 0; await Task.Delay(10))
            Assert.True(DateTime.UtcNow < end, "It is not ready.");
        Assert.Equal((200, "live", ""), await Ask("live"));
        Assert.Equal((200, "ready", ""), await Ask("ready"));

        // What passes by itself keeps it from being ready: a new start would not mend it.
        health.NotReady("test", "the disk is full");
        Assert.Equal((503, "not ready", "the disk is full"), await Ask("ready"));
        Assert.Equal((200, "live", ""), await Ask("live"));
        health.Ready("test");

        health.Dead("test", "the disk hangs");
        Assert.Equal((503, "dead", "the disk hangs"), await Ask("live"));
        health.Dead("test", null);
        Assert.Equal((200, "live", ""), await Ask("live"));
        await app.StopAsync();

        async Task<(int, string, string)> Ask(string what)
        {
            using var answer = await http.GetAsync($"/health/{what}");
            var said = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            return ((int)answer.StatusCode, (string)said["status"]!, (string?)said["reasons"]!["test"] ?? "");
        }
    }
}
