using Ingest.EndToEnd.Tests;
using Ingest.EndToEnd.Tests.Serve;

namespace Ingest.Broker.Tests.Faults;

/// <summary><c>ingest copy-ledger</c> beside services that use the ledger on PostgreSQL.</summary>
public sealed class PostgresCopyTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [ServerFact]
    public async Task A_ledger_that_processes_use_is_copied_and_the_copy_stays_closed_until_they_have_ended()
    {
        using var desk = new ServerDesk(shared.Server!);
        using var servers = desk.Start("accept|normalise,deduplicate");
        await servers.First.Decided("1", Workplace.Text(Workplace.Paragraphs(1)));
        string[] copy = ["copy-ledger", "--from", desk.Options()[1], "--to", "copy.db"];
        foreach (var (used, roles) in ((Serving, string)[])[(servers.First, "accept"), (servers.Last, "normalise,deduplicate")])
        {
            var refused = desk.At.Run(copy);
            Assert.Equal(1, refused.Exit);
            Assert.Contains($"{Environment.MachineName} {used.Pid} ({roles})", refused.Errors, StringComparison.Ordinal);
            Assert.Contains("so copy.db is no ledger yet. Stop every process that uses", refused.Errors, StringComparison.Ordinal);
            Assert.Contains("unfinished copy", desk.At.Run("errors", "list", "--ledger", "copy.db").Errors, StringComparison.Ordinal);
            Assert.Equal(0, used.Stop());
        }

        var copied = desk.At.Run(copy);
        Assert.Equal((0, ""), (copied.Exit, copied.Errors));
        Assert.Contains("It is the same log", copied.Output, StringComparison.Ordinal);
    }
}
