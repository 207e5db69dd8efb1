using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Ingest.EndToEnd.Tests;
using Ingest.EndToEnd.Tests.Serve;

namespace Ingest.Broker.Tests.Faults;

/// <summary>
/// The ledger on PostgreSQL: what becomes of an article does not depend on how many processes there are, and rows 10, 13, 14, 20 and 23 of faults.md.
/// </summary>
public sealed class PostgresTests(SharedServer shared) : IClassFixture<SharedServer>
{
    const string Split = "accept|normalise|deduplicate|deduplicate,publish";

    PostgresServer Server => shared.Server!;

    [ServerTheory]
    [InlineData("")]
    [InlineData(Split)]
    [InlineData("accept,normalise|deduplicate")]
    [InlineData("accept|normalise,deduplicate|normalise,deduplicate,publish")]
    public async Task Servers_tell_what_a_run_tells(string roles)
    {
        using var desk = new ServerDesk(Server);
        var expected = Mixture.Run(desk.At);
        using (var servers = desk.Start(roles))
        {
            await Mixture.Submit(servers.First);
            await Mixture.AssertTells(servers.First, expected);
            await Mixture.AssertTells(servers.Last, expected);
            servers.Stop();
        }

        // And the ledger is the same to a run.
        Mixture.AssertSame(expected, Mixture.Run(desk.At, desk.Options()));
        Assert.Equal(0, desk.At.Run(["check", "--url", "http://127.0.0.1:9", .. desk.Options()]).Exit);
    }

    /// <summary>Row 10, and row 14: the isolation that a database gives by default does not matter.</summary>
    [ServerTheory]
    [InlineData("read committed")]
    [InlineData("repeatable read")]
    public async Task Copies_that_come_at_once_to_two_processes_are_one_story(string isolation)
    {
        using var desk = new ServerDesk(Server);
        desk.Execute($"DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = ''{isolation}''', current_database()); END $$");
        using var servers = desk.Start("|");
        var accepted = await Copies(servers.All, rounds: 5);
        await servers.First.Events(accepted.Count);
        AssertWhole(desk.Audit(accepted), copies: 200);
    }

    /// <summary>Row 13: the server ends sessions, of the lane too, and is itself killed and restarted.</summary>
    [ServerFact]
    public async Task Sessions_that_the_server_ends_and_its_restarts_lose_nothing()
    {
        using var server = new PostgresServer();
        using var desk = new ServerDesk(server);
        using var servers = desk.Start(Split);
        using var load = new Stream(servers.First, copies: 4);
        for (var round = 0; round < 8; round++)
        {
            await Task.Delay(500);
            desk.Execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ingest' AND pid <> pg_backend_pid()");
        }

        server.Kill();
        await Task.Delay(500);
        server.Start();
        await Task.Delay(1500);
        server.Stop();
        server.Start();
        await Task.Delay(1500);
        var accepted = await load.Stop();
        await servers.Last.Events(accepted.Count);
        AssertWhole(desk.Audit(accepted), copies: 4);
        servers.Stop();
    }

    /// <summary>Row 13: one that has the lane hangs, and one is killed: the other goes on, and what wakes up again writes nothing twice.</summary>
    [ServerFact]
    public async Task Who_hangs_with_the_lane_loses_it()
    {
        using var desk = new ServerDesk(Server);
        using var servers = desk.Start(Split);
        using var load = new Stream(servers.First, copies: 4);
        var (one, other) = (servers.All[2], servers.All[3]);
        for (var round = 0; round < 3; round++)
        {
            // Until it has it.
            await servers.First.Until("it has the lane", () =>
            {
                Processes.Signal([one.Pid], Processes.Stop);
                var has = HasLane(desk, one.Pid);
                if (!has)
                    Processes.Signal([one.Pid], Processes.Continue);
                return Task.FromResult(has);
            });
            var before = desk.Count("decisions");
            await servers.First.Until("the other goes on", () => Task.FromResult(desk.Count("decisions") > before + 20));
            Processes.Signal([one.Pid], Processes.Continue);
        }

        other.Kill();
        var killed = desk.Count("decisions");
        await servers.First.Until("the one goes on", () => Task.FromResult(desk.Count("decisions") > killed + 20));
        other.Start();
        var accepted = await load.Stop();
        await servers.Last.Events(accepted.Count);
        AssertWhole(desk.Audit(accepted), copies: 4);
    }

    /// <summary>Row 20: the network between one process and the server holds everything back.</summary>
    [ServerFact]
    public async Task A_network_that_holds_everything_back_holds_up_one_process_and_not_the_lane()
    {
        using var desk = new ServerDesk(Server);
        await using var proxy = new LoopbackProxy(Server.Port);
        using var servers = desk.Start("accept,normalise,deduplicate");
        using var far = Serving.Start(desk.At, ["--roles", "normalise,deduplicate", .. desk.Options(proxy.Port)]);
        using var load = new Stream(servers.First, copies: 4);
        await Task.Delay(1500);
        proxy.ToBroker.Hold();
        proxy.ToClient.Hold();
        var before = desk.Count("decisions");
        await servers.First.Until("the lane goes on", () => Task.FromResult(desk.Count("decisions") > before + 100));
        await far.Until("it says so", async () => (int)(await far.Ask("/health/ready")).Status == 503);
        proxy.Cut();
        proxy.ToBroker.Pass();
        proxy.ToClient.Pass();
        far.WaitForReady();
        var accepted = await load.Stop();
        await servers.First.Events(accepted.Count);
        AssertWhole(desk.Audit(accepted), copies: 4);
    }

    /// <summary>Row 23.</summary>
    [ServerFact]
    public void A_wrong_password_is_said_and_not_shown()
    {
        using var desk = new ServerDesk(Server);
        desk.At.Environment["Ingest__Postgres__Password"] = "a wrong secret";
        foreach (var command in (string[][])[["serve", "--url", "http://127.0.0.1:9"], ["check", "--url", "http://127.0.0.1:9"], ["errors", "list"]])
        {
            var ended = desk.At.Run([.. command, .. desk.Options()]);
            Assert.Equal(1, ended.Exit);
            Assert.Contains("refuses the user", ended.Output + ended.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("a wrong secret", ended.Output + ended.Errors, StringComparison.Ordinal);
        }

        var told = desk.At.Run("serve", "--postgres", "Host=127.0.0.1;Password=a wrong secret");
        Assert.Equal(2, told.Exit);
        Assert.Contains("Ingest:Postgres:PasswordFile", told.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("a wrong secret", told.Output + told.Errors, StringComparison.Ordinal);
    }

    [ServerFact]
    public async Task A_stage_that_no_process_has_is_named_by_check_and_by_ready()
    {
        using var desk = new ServerDesk(Server);
        using var servers = desk.Start("accept|normalise");
        await servers.First.Article("1", Workplace.Text(Workplace.Paragraphs(1)));
        await servers.First.Until("it is named", async () =>
            (await servers.First.Ask("/health/ready")).Body.Contains("no process with the stage deduplicate uses the ledger", StringComparison.Ordinal));
        var check = desk.At.Run(["check", "--url", "http://127.0.0.1:9", .. desk.Options()]);
        Assert.Contains("none with the stage deduplicate", check.Output, StringComparison.Ordinal);
        using var lane = Serving.Start(desk.At, ["--roles", "deduplicate", .. desk.Options()]);
        await servers.First.Until("nothing is missing", async () => !(await servers.First.Ask("/health/ready")).Body.Contains("no process", StringComparison.Ordinal));
        await lane.Events(1);
    }

    static bool HasLane(ServerDesk desk, int pid)
    {
        // Its sessions are told by the ports that the process has.
        var ports = Sockets.Of(pid).Select(s => s.Port).ToHashSet();
        return desk.Query("SELECT a.client_port FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted AND a.state = 'idle in transaction'",
            r => r.GetInt32(0)).Exists(ports.Contains);
    }

    internal static void AssertWhole(IEnumerable<(string Id, long? Story, bool IsFirst)> log, int copies)
    {
        foreach (var family in log.GroupBy(d => d.Id.Split('c')[0], StringComparer.Ordinal))
        {
            Assert.InRange(family.Count(), 1, copies);
            Assert.Single(family.Select(d => d.Story).Distinct());
            Assert.Single(family, d => d.IsFirst);
        }
    }

    /// <summary>Many clients send 200 copies at once, again and again.</summary>
    static async Task<List<string>> Copies(IReadOnlyList<Serving> servers, int rounds)
    {
        const int Each = 200, Clients = 20;
        var accepted = new List<string>();
        for (var round = 0; round < rounds; round++)
        {
            var number = round;
            var clients = Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
            {
                for (var copy = client; copy < Each; copy += Clients)
                    _ = (await servers[client % servers.Count].Article($"r{number}c{copy}", Stream.Text(number, copy))).ArticleId;
            })).ToArray();
            await Task.WhenAll(clients);
            accepted.AddRange(Enumerable.Range(0, Each).Select(copy => $"r{number}c{copy}"));
        }

        return accepted;
    }

    /// <summary>Sends families of copies until it is stopped; what is not accepted for sure is sent again.</summary>
    internal sealed class Stream : IDisposable
    {
        readonly ConcurrentBag<string> accepted = [];
        readonly CancellationTokenSource stopping = new();
        readonly Task[] clients;

        public Stream(Serving server, int copies) => clients = [.. Enumerable.Range(0, copies).Select(copy => Task.Run(async () =>
        {
            for (var family = 0; !stopping.IsCancellationRequested; family++)
            {
                await Send(server, $"r{family}c{copy}", Text(family, copy));
                await Task.Delay(5);
            }
        }))];

        /// <returns>The ids of what was accepted.</returns>
        public async Task<IReadOnlyCollection<string>> Stop()
        {
            await stopping.CancelAsync();
            await Task.WhenAll(clients);
            return accepted;
        }

        public void Dispose()
        {
            stopping.Cancel();
            stopping.Dispose();
        }

        /// <summary>Each paper cuts or adds something.</summary>
        public static string Text(int family, int copy)
        {
            var paragraphs = Workplace.Paragraphs(100_000 + family, 6);
            return Workplace.Text((copy % 3) switch { 0 => paragraphs, 1 => paragraphs[..5], _ => [.. paragraphs, $"This report was printed in edition {copy} of the paper."] });
        }

        async Task Send(Serving server, string id, string text)
        {
            for (var tries = 0; ; tries++)
            {
                try
                {
                    var answer = await server.Record(new JsonObject { ["id"] = id, ["text"] = text });
                    if (answer.Status == 202)
                    {
                        accepted.Add(id);
                        return;
                    }

                    Assert.Equal(503, answer.Status);
                }
                catch (HttpRequestException) when (tries < 1000)
                {
                }

                await Task.Delay(50);
            }
        }
    }
}
