using Ingest.Service.Operations;

namespace Ingest.Service.Tests.Operations;

/// <summary>Every set of stages that a process can run: how each stage hands on, and which sets are refused.</summary>
public sealed class TopologyTests
{
    const string Refused = "refused", None = "-";

    // Roles; then alone, with a broker, and with a server for the ledger: how an accepted article goes on, how a cleaned one, and whether the process takes up
    // what waits in the ledger.
    static readonly (string Roles, string Alone, string WithBroker, string WithServer)[] all =
    [
        ("accept", "Ledger - no", "Broker - yes", "Ledger - no"),
        ("normalise", Refused, "- Broker yes", "- Ledger yes"),
        ("deduplicate", "- Memory yes", "- - no", "- - yes"),
        ("publish", "- - no", "- - no", "- - no"),
        ("accept,normalise", Refused, "Memory Broker yes", "Memory Ledger yes"),
        ("accept,deduplicate", "Memory Memory yes", "Broker - yes", "Ledger - yes"),
        ("accept,publish", "Ledger - no", "Broker - yes", "Ledger - no"),
        ("normalise,deduplicate", "- Memory yes", "- Memory yes", "- Memory yes"),
        ("normalise,publish", Refused, "- Broker yes", "- Ledger yes"),
        ("deduplicate,publish", "- Memory yes", "- - no", "- - yes"),
        ("accept,normalise,deduplicate", "Memory Memory yes", "Memory Memory yes", "Memory Memory yes"),
        ("accept,normalise,publish", Refused, "Memory Broker yes", "Memory Ledger yes"),
        ("accept,deduplicate,publish", "Memory Memory yes", "Broker - yes", "Ledger - yes"),
        ("normalise,deduplicate,publish", "- Memory yes", "- Memory yes", "- Memory yes"),
        ("accept,normalise,deduplicate,publish", "Memory Memory yes", "Memory Memory yes", "Memory Memory yes"),
    ];

    public static TheoryData<string, bool, bool, string> Sets()
    {
        var sets = new TheoryData<string, bool, bool, string>();
        foreach (var (roles, alone, withBroker, withServer) in all)
        {
            sets.Add(roles, false, false, alone);
            sets.Add(roles, true, false, withBroker);
            sets.Add(roles, false, true, withServer);
            // With both the broker carries what crosses processes.
            sets.Add(roles, true, true, withBroker);
        }

        return sets;
    }

    [Fact]
    public void No_set_is_left_out() => Assert.Equal((1 << Roles.Names.Count) - 1, all.Select(a => string.Join(',', a.Roles.Split(',').Order(StringComparer.Ordinal))).Distinct().Count());

    [Theory]
    [MemberData(nameof(Sets))]
    public void Each_stage_hands_on_to_where_the_next_one_runs(string names, bool broker, bool server, string expected)
    {
        var roles = Roles.Parse(names);
        if (expected == Refused)
        {
            var refusal = Assert.Throws<FormatException>(() => Topology.Of(roles, broker, server)).Message;
            Assert.Contains("Add deduplicate to the roles", refusal, StringComparison.Ordinal);
            Assert.Contains("--rabbitmq", refusal, StringComparison.Ordinal);
            Assert.Contains("--postgres", refusal, StringComparison.Ordinal);
            return;
        }

        var topology = Topology.Of(roles, broker, server);
        // Where nothing is accepted or cleaned, nothing is handed on.
        var accepted = roles.Has(Role.Accept) ? $"{topology.AfterAccept}" : None;
        var cleaned = topology.Cleans ? $"{topology.AfterNormalise}" : None;
        Assert.Equal(expected, $"{accepted} {cleaned} {(topology.TakesUp ? "yes" : "no")}");
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Nothing_is_handed_over_to_nobody(string names, bool broker, bool server, string expected)
    {
        if (expected == Refused)
            return;
        var topology = Topology.Of(Roles.Parse(names), broker, server);
        // A message needs a broker; and what is left in the ledger needs somebody who can start the missing stages, who is told which.
        Assert.True(broker || topology.AfterAccept != HandOver.Broker);
        Assert.True(broker || !topology.Cleans || topology.AfterNormalise == (topology.Roles.Has(Role.Deduplicate) ? HandOver.Memory : HandOver.Ledger));
        if (topology.AfterAccept == HandOver.Ledger)
            Assert.Contains(server ? "stages normalise and deduplicate" : "--roles normalise,deduplicate,publish", topology.Successor, StringComparison.Ordinal);
        if (topology is { AfterAccept: HandOver.Memory, AfterNormalise: HandOver.Ledger })
            Assert.Contains("the stage deduplicate", topology.Successor, StringComparison.Ordinal);
        if (topology.AfterAccept == HandOver.Broker)
            Assert.Contains("the stage normalise", topology.Successor, StringComparison.Ordinal);
        if (topology is { AfterAccept: HandOver.Memory, AfterNormalise: HandOver.Broker })
            Assert.Contains("the stage deduplicate", topology.Successor, StringComparison.Ordinal);
        Assert.False(topology.TakesUpLeftBehind && !topology.TakesUp);
        // Whoever cleans without a broker finds what another process left behind.
        Assert.Equal(topology.TakesUp && !broker || topology.TakesUp && Roles.Parse(names).Has(Role.Accept), topology.TakesUpLeftBehind);
    }
    [Theory]
    [InlineData("", "accept normalise deduplicate")]
    [InlineData("accept,normalise|deduplicate,publish", "")]
    [InlineData("accept|publish", "normalise deduplicate")]
    [InlineData("accept,normalise,deduplicate,publish", "")]
    public void What_no_process_has_is_missing(string processes, string missing) =>
        Assert.Equal(missing, string.Join(' ', Topology.Missing(processes.Split('|'))));
}
