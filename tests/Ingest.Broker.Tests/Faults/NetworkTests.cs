using System.Collections;
using System.Diagnostics;
using Ingest.EndToEnd.Tests;
using Ingest.EndToEnd.Tests.Serve;
using Npgsql;
using RabbitMQ.Client;

namespace Ingest.Broker.Tests.Faults;

/// <summary>
/// Row 20 of faults.md with a network that is really cut: a process in a namespace of its own has the lane, and its cable is taken away. Nothing is refused or closed on
/// the way, as by a switch that lost its power: each side has to notice for itself. (That a proxy holds everything back is in <see cref="PostgresTests"/>.)
/// </summary>
[Collection(nameof(Alone))]
public sealed class NetworkTests
{
    /// <summary>The work is handed over through the ledger.</summary>
    [NetworkFact]
    public async Task A_cable_that_is_taken_away_costs_its_process_the_lane_and_loses_nothing()
    {
        using var network = NetworkNamespace.Make();
        using var server = Server(network);
        using var desk = new ServerDesk(server);
        using var servers = desk.Start("accept|normalise,deduplicate");
        using var far = new FarProcess(network, desk, "--roles", "normalise,deduplicate");
        far.WaitForReady();
        using var load = new PostgresTests.Stream(servers.First, copies: 4);
        await CutWithTheLane(network, desk, far, servers.First);
        far.WaitForReady();

        // And it does its part again: alone it has the lane.
        Assert.Equal(0, servers.Last.Stop());
        var before = desk.Count("decisions");
        await servers.First.Until("the one that came back goes on", () => Task.FromResult(desk.Count("decisions") > before + 20));
        servers.Last.Start();
        var accepted = await load.Stop();
        await servers.First.Until("all are decided", () => Task.FromResult(desk.Count("decisions") >= accepted.Count));
        PostgresTests.AssertWhole(desk.Audit(accepted), copies: 4);
        Assert.Equal(0, far.Stop());
    }

    /// <summary>The work is handed over through RabbitMQ, which is behind the same cable; so is what is published.</summary>
    [NetworkFact]
    public async Task The_same_with_the_broker_behind_the_cable_and_every_event_comes()
    {
        using var network = NetworkNamespace.Make();
        using var server = Server(network);
        var port = LoopbackPorts.Free();
        await using var broker = await Broker.StartNewAsync(new BrokerSettings { Lines = [$"listeners.tcp.2 = {network.Here}:{port}", "loopback_users = none"] });
        await Bind(broker);
        using var desk = new ServerDesk(server);
        // The first has the exclusive queue of who publishes.
        using var far = new FarProcess(network, desk, "--roles", "normalise,deduplicate,publish", "--rabbitmq", $"amqp://guest:guest@{network.Here}:{port}/");
        far.WaitForReady();
        using var servers = desk.Start("accept|normalise,deduplicate,publish", "--rabbitmq", broker.Address.ToString());
        using var load = new PostgresTests.Stream(servers.First, copies: 4);
        await CutWithTheLane(network, desk, far, servers.First);
        far.WaitForReady();
        var accepted = await load.Stop();
        await servers.First.Until("all are decided", () => Task.FromResult(desk.Count("decisions") >= accepted.Count));
        PostgresTests.AssertWhole(desk.Audit(accepted), copies: 4);
        await broker.WaitForAsync(Watch, c => c.Ready >= accepted.Count, TimeSpan.FromMinutes(1));
        // An event may come again, under the same id.
        Assert.Equal(accepted.Count, (await broker.PeekAsync(Watch)).Select(m => m.Properties.MessageId).Distinct(StringComparer.Ordinal).Count());
        foreach (var (queue, counts) in await broker.CountAllAsync())
            if (queue.EndsWith("_error", StringComparison.Ordinal))
                Assert.Equal(new QueueCounts(0, 0), counts);
        servers.Stop();
        Assert.Equal(0, far.Stop());
    }

    const string Watch = "watch";

    /// <summary>Takes the cable away while the far process has the lane, and gives it back when the others have gone on and the far one has said that it cannot work.</summary>
    static async Task CutWithTheLane(NetworkNamespace network, ServerDesk desk, FarProcess far, Serving near)
    {
        await near.Until("it decides", () => Task.FromResult(desk.Count("decisions") > 20));
        // It stands still with the lane, so that it is in the middle of a group when the cable goes.
        await near.Until("it has the lane", () =>
        {
            Processes.Signal([far.Pid], Processes.Stop);
            var has = HasLane(desk, network);
            if (!has)
                Processes.Signal([far.Pid], Processes.Continue);
            return Task.FromResult(has);
        });
        network.Unplug();
        Processes.Signal([far.Pid], Processes.Continue);
        var before = desk.Count("decisions");
        await near.Until("another has the lane", () => Task.FromResult(desk.Count("decisions") > before + 20));
        Assert.False(HasLane(desk, network));
        await near.Until("the one without a network says so", () => Task.FromResult(far.Ready() is { Status: 503 } said && said.Body.Contains("cannot be reached", StringComparison.Ordinal)));
        network.Plug();
    }

    static bool HasLane(ServerDesk desk, NetworkNamespace network) => desk.Query(
        $"SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted AND a.state = 'idle in transaction' AND a.client_addr = '{network.There}'",
        r => r.GetInt64(0))[0] > 0;

    /// <summary>A server that listens at our end of the cable, too.</summary>
    static PostgresServer Server(NetworkNamespace network)
    {
        var server = new PostgresServer($"listen_addresses=127.0.0.1,{network.Here}");
        File.AppendAllText(Path.Combine(server.Folder, "data", "pg_hba.conf"), $"host all ingest {network.There}/32 scram-sha-256\n");
        using var connection = new NpgsqlConnection(server.Address() + ";Pooling=false");
        connection.Open();
        using var reload = new NpgsqlCommand("SELECT pg_reload_conf()", connection);
        reload.ExecuteNonQuery();
        return server;
    }

    /// <summary>A queue for all events.</summary>
    static async Task Bind(Broker broker)
    {
        await using var connection = await broker.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(Watch, durable: true, exclusive: false, autoDelete: false);
        foreach (var type in Desk.Types)
        {
            await channel.ExchangeDeclareAsync(Desk.Exchange(type), ExchangeType.Fanout, durable: true);
            await channel.QueueBindAsync(Watch, Desk.Exchange(type), "");
        }
    }

    /// <summary><c>ingest serve</c> in a network namespace. Its address is on the namespace's own loopback, where it answers whatever becomes of the cable.</summary>
    sealed class FarProcess : IDisposable
    {
        const string Url = "http://127.0.0.1:8080";

        static readonly TimeSpan patience = TimeSpan.FromSeconds(60);

        readonly NetworkNamespace network;
        readonly string log;
        readonly Leash process;

        public FarProcess(NetworkNamespace network, ServerDesk desk, params string[] options)
        {
            this.network = network;
            log = desk.At.PathTo("far.log");
            var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(v => (string)v.Key, v => (string)v.Value!, StringComparer.Ordinal);
            foreach (var (name, value) in desk.At.Environment)
                environment[name] = value;
            var place = desk.Options()[1].Replace("127.0.0.1", network.Here.ToString(), StringComparison.Ordinal);
            process = new Leash(desk.At.Folder, log, environment,
                network.Inside(["/usr/bin/env", $"--chdir={desk.At.Folder}", Workplace.Executable, "serve", "--url", Url, "--postgres", place, .. options]));
        }

        public int Pid => process.Held;

        /// <summary>What the process says of itself; status 0 where it does not answer yet.</summary>
        public (int Status, string Body) Ready()
        {
            try
            {
                var told = network.RunInside("/usr/bin/curl", "--silent", "--max-time", "10", "--write-out", "\n%{http_code}", $"{Url}/health/ready");
                var end = told.LastIndexOf('\n');
                return (int.Parse(told[(end + 1)..], System.Globalization.CultureInfo.InvariantCulture), told[..end]);
            }
            catch (InvalidOperationException)
            {
                return (0, "");
            }
        }

        public void WaitForReady()
        {
            var clock = Stopwatch.StartNew();
            while (Ready() is var said && said.Status != 200)
            {
                Assert.True(process.Runs && clock.Elapsed < patience, $"The far process is not ready: {said}. It wrote:\n{File.ReadAllText(log)}");
                Thread.Sleep(50);
            }
        }

        /// <summary>SIGTERM. Returns 0 when it has ended within its time.</summary>
        public int Stop()
        {
            Processes.Signal([Pid], Processes.Terminate);
            var clock = Stopwatch.StartNew();
            while (process.Runs && clock.Elapsed < patience)
                Thread.Sleep(20);
            return process.Runs ? 1 : 0;
        }

        public void Dispose()
        {
            // It may stand still.
            Processes.Signal([Pid], Processes.Continue);
            process.Dispose();
        }
    }
}
