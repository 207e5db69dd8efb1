using System.Text;
using System.Text.Json.Nodes;
using Ingest.Contracts.Tests;
using Ingest.EndToEnd.Tests;

namespace Ingest.Broker.Tests.Faults;

/// <summary>Row 22: two versions of the program at once.</summary>
[Collection(nameof(OneBroker))]
public sealed class VersionsTests(SharedBroker shared)
{
    [BrokerFact]
    public async Task Every_sample_of_a_submission_that_was_ever_published_is_an_article_still()
    {
        await using var desk = await Desk.OpenAsync(shared.Broker);
        desk.Serve();
        var samples = Directory.EnumerateFiles(Repository.PathTo("contracts/samples/v1"), "*.json").Where(f => Path.GetFileName(f).StartsWith("raw-article", StringComparison.Ordinal) || Path.GetFileName(f).StartsWith("submit-articles", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(samples);
        var articles = new List<JsonNode>();
        foreach (var sample in samples.Select(File.ReadAllText))
        {
            var json = JsonNode.Parse(sample)!;
            var list = json as JsonArray ?? json["articles"] as JsonArray ?? [json.DeepClone()];
            articles.AddRange(list.Select(a => a!));
            await desk.PublishAsync(sample, Guid.NewGuid().ToString());
            // As MassTransit's own publishers send it.
            await desk.PublishAsync([(
                Encoding.UTF8.GetBytes($$"""{"messageId":"{{Guid.NewGuid()}}","messageType":["urn:message:Ingest.Contracts.V1:SubmitArticles"],"message":{"articles":""" + list.ToJsonString() + "}}"),
                new RabbitMQ.Client.BasicProperties { ContentType = "application/vnd.masstransit+json" })]);
        }

        // The same article in two samples is one.
        foreach (var same in articles.GroupBy(a => (string)a["id"]!, StringComparer.Ordinal))
            desk.Account.Submit(same.Key, same.Select(a => a.ToJsonString()).Distinct(StringComparer.Ordinal).Count());
        var balance = await desk.SettleAsync();
        Assert.DoesNotContain(balance.Log, d => d.Rejection is not null);
        Assert.Equal(new QueueCounts(0, 0), await shared.Broker.CountAsync(Desk.AcceptErrors, desk.VirtualHost));
    }

    [BrokerFact]
    public async Task A_ledger_of_a_newer_version_is_refused_while_the_one_that_has_it_open_goes_on()
    {
        await using var desk = await Desk.OpenAsync(shared.Broker);
        desk.Serve();
        await desk.PublishAsync(desk.Records("before", 1));
        await desk.SettleAsync();
        desk.Account.Execute("PRAGMA user_version = 99");

        var refused = desk.At.Run("serve", "--url", "http://127.0.0.1:0", "--rabbitmq", desk.Address.ToString());
        Assert.Equal(1, refused.Exit);
        Assert.Contains("has schema 99", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("A newer version of Ingest wrote the ledger", refused.Errors, StringComparison.Ordinal);

        await desk.PublishAsync(desk.Records("after", 3));
        Assert.Equal(4, (await desk.SettleAsync()).Log.Count);
    }
}
