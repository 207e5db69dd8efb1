using System.Reflection;
using Ingest.Contracts.Tests;
using Ingest.Core.Articles;
using Ingest.Service.Accept;
using Ingest.Service.Broker;
using Ingest.Service.Operations;
using Ingest.Service.Publish;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Ingest.EndToEnd.Tests;

/// <summary>What <c>docs/messages.md</c> and the client beside it name is what the code has.</summary>
public class MessagesPageTests
{
    static readonly string Page = File.ReadAllText(Repository.PathTo("docs", "messages.md"));

    /// <summary>What stands in back quotes.</summary>
    static readonly List<string> Names = [.. string.Concat(Page.Split("```").Where((_, i) => i % 2 == 0)).Split('`').Where((_, i) => i % 2 == 1)];

    [Fact]
    public void The_exchanges_are_those_that_events_are_sent_to()
    {
        Assert.Equal(Event.Types.Select(BrokerTopology.Exchange), Names.Where(n => n.StartsWith("Ingest.Contracts.V1:", StringComparison.Ordinal)).Distinct());
        var client = File.ReadAllText(Repository.PathTo("docs", "clients", "ingest_client.py"));
        Assert.Contains($"EVENTS = [{string.Join(", ", Event.Types.Select(t => $"\"{t}\""))}]", client, StringComparison.Ordinal);
        Assert.Contains(BrokerTopology.Exchange("{event}"), client, StringComparison.Ordinal);
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
    public void The_settings_are_ones_that_the_program_knows()
    {
        var named = Names.Where(n => n.StartsWith("Ingest:", StringComparison.Ordinal)).Distinct().ToList();
        Assert.Contains("Ingest:RabbitMq:Events", named);
        Assert.All(named, name => Assert.Throws<SettingsException>(() => ServiceSettings.Read(Configuration($"{name}x", "1"))));
        // An empty value is none: whether the name is known is all that is asked.
        Assert.All(named, name => Assert.DoesNotContain("no setting", Record.Exception(() => ServiceSettings.Read(Configuration(name, "?")))?.Message ?? "", StringComparison.Ordinal));
        Assert.Contains($"`Ingest:RabbitMq:DeliveryLimit` ({new BrokerSettings().DeliveryLimit})", Page, StringComparison.Ordinal);

        static IConfiguration Configuration(string name, string value) => new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(name, (string?)value)]).Build();
    }

    [Fact]
    public void The_problems_are_those_that_are_answered_with_their_statuses()
    {
        var faults = typeof(Faults).GetMethods(BindingFlags.Public | BindingFlags.Static).Where(m => m.ReturnType == typeof(Fault))
            .Where(m => m.Name != nameof(Faults.Of))
            .SelectMany(m => m.Name == nameof(Faults.Rejected)
                ? Enum.GetValues<RejectionReason>().Where(r => r != RejectionReason.Discarded).Select(r => Faults.Rejected(new Rejection(r, "")))
                : m.Name == nameof(Faults.BadRequest) ? [Faults.BadRequest(new BadHttpRequestException("", 400))]
                : [(Fault)m.Invoke(null, [.. m.GetParameters().Select(p => p.ParameterType == typeof(string) ? "" : Convert.ChangeType(0, p.ParameterType, null))])!]);
        var told = Page.Split('\n').Where(l => l.StartsWith("| 4", StringComparison.Ordinal) || l.StartsWith("| 5", StringComparison.Ordinal))
            .SelectMany(l => l.Split('`').Where((_, i) => i % 2 == 1).Where(n => n.All(c => c is '-' || char.IsAsciiLetterLower(c))).Select(n => $"{l[2..5]} /problems/{n}"));
        faults = faults.Concat(new[] { 404, 405, 415 }.Select(status => Faults.Of(new DefaultHttpContext { Response = { StatusCode = status } })!));
        Assert.Equal(faults.Select(f => $"{f.Status} {f.Problem.Type}").Distinct().Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_it_links_to_is_there()
    {
        var links = Page.Split("](").Skip(1).Select(l => l[..l.IndexOf(')', StringComparison.Ordinal)]).ToList();
        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.True(Path.Exists(Path.Combine(Repository.PathTo("docs"), link)), link));
    }
}
