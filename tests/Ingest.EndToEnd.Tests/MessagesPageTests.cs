using System.Reflection;
using Ingest.Contracts.Tests;
using Ingest.Core.Articles;
using Ingest.Service.Accept;
using Ingest.Service.Broker;
using Ingest.Service.Http;
using Ingest.Service.Outcomes;
using Ingest.Service.Publish;
using Microsoft.AspNetCore.Http;

namespace Ingest.EndToEnd.Tests;

/// <summary>What <c>docs/messages.md</c>, <c>docs/http.md</c> and the client beside them name is what the code has.</summary>
public class MessagesPageTests
{
    static readonly string Page = File.ReadAllText(Repository.PathTo("docs", "messages.md"));

    /// <summary>What stands in back quotes.</summary>
    static readonly List<string> Names = [.. string.Concat(Page.Split("```").Where((_, i) => i % 2 == 0)).Split('`').Where((_, i) => i % 2 == 1)];

    [Fact]
    public void The_exchanges_are_those_that_events_are_sent_to()
    {
        Assert.Equal(Event.Names.Select(BrokerTopology.TypeName), Names.Where(n => n.StartsWith("Ingest.Contracts.V1:", StringComparison.Ordinal)).Distinct());
        var client = File.ReadAllText(Repository.PathTo("docs", "clients", "ingest_client.py"));
        Assert.Contains($"EVENTS = [{string.Join(", ", Event.Names.Select(t => $"\"{t}\""))}]", client, StringComparison.Ordinal);
        Assert.Contains(BrokerTopology.TypeName("{event}"), client, StringComparison.Ordinal);
        Assert.Contains($"routing_key=\"{BrokerTopology.AcceptQueue}\"", client, StringComparison.Ordinal);
    }

    [Fact]
    public void The_queues_are_those_of_the_program()
    {
        string[] stages = [BrokerTopology.AcceptQueue, BrokerTopology.NormaliseQueue, BrokerTopology.DeduplicateQueue];
        Assert.Equal(
            stages.Concat(stages.Select(s => s + "_error")).Append(BrokerTopology.DeadLetters).Append(BrokerTopology.PublishTurn).Order(StringComparer.Ordinal),
            Names.Where(n => n.StartsWith("ingest.", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_limit_of_deliveries_is_that_of_the_program() =>
        Assert.Contains($"`Ingest:RabbitMq:DeliveryLimit` ({new BrokerSettings().DeliveryLimit})", Page, StringComparison.Ordinal);

    [Fact]
    public void The_problems_are_those_that_are_answered_with_their_statuses()
    {
        var faults = typeof(Faults).GetMethods(BindingFlags.Public | BindingFlags.Static).Where(m => m.ReturnType == typeof(Fault))
            .Where(m => m.Name != nameof(Faults.Of))
            .SelectMany(m => m.Name == nameof(Faults.Rejected)
                ? Enum.GetValues<RejectionReason>().Where(r => r != RejectionReason.Discarded).Select(r => Faults.Rejected(new Rejection(r, "")))
                : m.Name == nameof(Faults.BadRequest) ? [Faults.BadRequest(new BadHttpRequestException("", 400))]
                : [(Fault)m.Invoke(null, [.. m.GetParameters().Select(p => p.ParameterType == typeof(string) ? "" : p.ParameterType == typeof(Guid) ? Guid.Empty : Convert.ChangeType(0, p.ParameterType, null))])!]);
        var told = File.ReadAllLines(Repository.PathTo("docs", "http.md")).Where(l => l.StartsWith("| 4", StringComparison.Ordinal) || l.StartsWith("| 5", StringComparison.Ordinal))
            .SelectMany(l => l.Split('`').Where((_, i) => i % 2 == 1).Where(n => n.All(c => c is '-' || char.IsAsciiLetterLower(c))).Select(n => $"{l[2..5]} /problems/{n}"));
        faults = faults.Concat(new[] { 404, 405, 415 }.Select(status => Faults.Of(new DefaultHttpContext { Response = { StatusCode = status } })!));
        Assert.Equal(faults.Select(f => $"{f.Status} {f.Problem.Type}").Distinct().Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }
}
