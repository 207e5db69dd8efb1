using System.Diagnostics;
using System.Globalization;
using Ingest.Broker.Tests;
using Npgsql;

namespace Ingest.Benchmarks.Load;

/// <summary>The ledger on a private PostgreSQL server, whose commits are on the disk: what the lane, the whole way and a failover take.</summary>
static class ServerRun
{
    const string Database = "ingest";

    public static async Task Print(int articles)
    {
        using var server = new PostgresServer("fsync=on", "shared_buffers=512MB", "max_wal_size=4GB");
        Console.WriteLine($"{Environment.ProcessorCount} cores, {articles} articles a path; rates are articles a second, µs are of processor an article.");
        foreach (var processes in (int[])[1, 2, 4])
            await Lane(server, articles, processes);
        await using var broker = await Ingest.Broker.Tests.Broker.StartNewAsync();
        await Way(server, broker, articles);
        await Failover(server, broker);
    }

    /// <summary>The same articles in one collection and in four, whose lanes are in one process or divided among two.</summary>
    public static async Task PrintCollections(int articles)
    {
        using var server = new PostgresServer("fsync=on", "shared_buffers=512MB", "max_wal_size=4GB");
        Console.WriteLine($"{Environment.ProcessorCount} cores, {articles} articles; rates are articles a second, µs are of processor an article.");
        string[] four = ["default", "a", "b", "c"];
        for (var round = 1; round <= 2; round++)
        {
            await Lane(server, articles, [["default"]], $"one{round}");
            await Lane(server, articles, [four], $"four{round}");
            await Lane(server, articles, [four[..2], four[2..]], $"two{round}");
        }
    }

    static Task Lane(PostgresServer server, int articles, int processes) =>
        Lane(server, articles, [.. Enumerable.Repeat((string[])["default"], processes)], $"lane{processes}");

    /// <summary>Articles that are cleaned already are decided, by processes that have nothing else to do.</summary>
    /// <param name="served">The collections of each process.</param>
    static async Task Lane(PostgresServer server, int articles, string[][] served, string schema)
    {
        var collections = served.SelectMany(s => s).Distinct().ToList();
        var schemas = collections.ConvertAll(c => c == "default" ? schema : $"{schema}_{c}");
        using (var before = Service(server, schema, collections))
        {
            await before.Serve("--roles", "accept,normalise", "--postgres", server.AddressWithoutPassword);
            foreach (var (some, i) in LoadRun.Records("lane", articles).Chunk(1000).Select((some, i) => (some, i)))
                await LoadRun.Post(before.Http, some, collections[i % collections.Count]);
            while (Sum("count(*)", "cleaned") < articles)
                await Task.Delay(200);
        }

        var lanes = new List<Service>();
        try
        {
            lanes.AddRange(served.Select(_ => Service(server, schema, collections)));
            await Task.WhenAll(lanes.Zip(served).Select(
                l => l.First.Serve("--roles", "deduplicate", "--collections", string.Join(',', l.Second), "--postgres", server.AddressWithoutPassword)));
            // Until all of them are compiled and at work.
            var (first, clock) = (Decided(), Stopwatch.StartNew());
            while (first < articles / 4)
            {
                await Task.Delay(10);
                (first, clock) = (Decided(), Stopwatch.StartNew());
            }

            var used = lanes.Select(l => Used(l.Pid)).ToList();
            var ofServer = server.Pids.Sum(Used);
            while (Decided() < articles)
                await Task.Delay(20);
            var (count, seconds) = (articles - first, clock.Elapsed.TotalSeconds);
            var each = lanes.Select((l, i) => string.Create(CultureInfo.InvariantCulture, $"{(Used(l.Pid) - used[i]) / count:0}"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"lane, {Told(served.Length, "process", "processes")}, {Told(collections.Count, "collection", "collections")}{count / seconds,12:0}   µs: {string.Join(" + ", each)}, server {(server.Pids.Sum(Used) - ofServer) / count:0}"));
        }
        finally
        {
            lanes.ForEach(l => l.Dispose());
        }

        long Decided() => Sum("coalesce(max(position), 0)", "decisions");

        long Sum(string what, string table) => schemas.Sum(s => Ask(server, $"SELECT {what} FROM {s}.{table}"));

        static string Told(int count, string noun, string nouns) => $"{count} {(count == 1 ? noun : nouns)}";
    }

    /// <summary>From the queue to the published event, all stages in one process.</summary>
    static async Task Way(PostgresServer server, Ingest.Broker.Tests.Broker broker, int articles)
    {
        string[] options = ["--postgres", server.AddressWithoutPassword];
        var rate = 0.0;
        for (var round = 1; round <= 2; round++)
        {
            var load = await LoadRun.OverQueue(broker, articles, 64, round, prepare: s => Prepare(s, $"way{round}"), more: options);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"queue to event, 64 a message {load.Rate:0}   {load}"));
            rate = Math.Max(rate, load.Rate);
        }

        var (p50, p99) = await LoadRun.Latency(broker, rate / 10, s => Prepare(s, "latency"), options);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"latency at {rate / 10:0} a second: p50 {p50:0} ms, p99 {p99:0} ms (goal 250)"));
    }

    /// <summary>Of two processes with the lane and the publisher one is killed, again and again: the longest time without a decision, and without an event.</summary>
    static async Task Failover(PostgresServer server, Ingest.Broker.Tests.Broker broker)
    {
        const int Kills = 6;
        string[] options = ["--postgres", server.AddressWithoutPassword, "--rabbitmq", broker.Address.ToString()];
        await using var wires = await Wires.Open(broker.Address);
        var events = await wires.Declare(LoadRun.EventExchanges);
        using var accept = Service(server, "failover");
        await accept.Serve(["--roles", "accept,normalise", .. options]);
        Service[] lanes = [Service(server, "failover"), Service(server, "failover")];
        try
        {
            foreach (var lane in lanes)
                await lane.Serve(["--roles", "deduplicate,publish", .. options]);
            await wires.Consume(events, LoadRun.SubmittersId);
            using var stop = new CancellationTokenSource();
            var sending = Send(accept.Http, stop.Token);
            await Task.Delay(10_000);
            var kills = new List<long>();
            for (var kill = 0; kill < Kills; kill++)
            {
                kills.Add(Stopwatch.GetTimestamp());
                var at = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
                lanes[kill % 2].Kill();
                await Task.Delay(8_000);
                var decided = Ask(server, $"SELECT coalesce(max(gap), 0) FROM (SELECT decided - lag(decided) OVER (ORDER BY position) AS gap FROM failover.decisions WHERE decided > {at - 1000}) g");
                var seen = wires.Seen.Values.Where(s => s > kills[^1] - Stopwatch.Frequency).Order().ToList();
                var published = seen.Zip(seen.Skip(1), (a, b) => Stopwatch.GetElapsedTime(a, b).TotalMilliseconds).DefaultIfEmpty(double.PositiveInfinity).Max();
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"killed: {decided} ms without a decision (goal 2,000), {published:0} ms without an event (goal 5,000)"));
                await lanes[kill % 2].Serve(["--roles", "deduplicate,publish", .. options]);
                await Task.Delay(2_000);
            }

            await stop.CancelAsync();
            await sending;
        }
        finally
        {
            foreach (var lane in lanes)
                lane.Dispose();
        }
    }

    /// <summary>Forty articles a second.</summary>
    static async Task Send(HttpClient http, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            await LoadRun.Post(http, [WireFeed.Record("failover", i)]);
            await Task.Delay(25, CancellationToken.None);
        }
    }

    /// <param name="collections">That are declared.</param>
    static Service Service(PostgresServer server, string schema, IEnumerable<string>? collections = null)
    {
        _ = server;
        var service = new Service();
        Prepare(service, schema);
        foreach (var collection in (collections ?? []).Where(c => c != "default"))
            service.Environment[$"Ingest__Collections__{collection}__Security__ProtectReading"] = "false";
        return service;
    }

    static void Prepare(Service service, string schema)
    {
        service.Environment["Ingest__Postgres__Password"] = PostgresServer.Password;
        service.Environment["Ingest__Postgres__Schema"] = schema;
    }

    static long Ask(PostgresServer server, string sql)
    {
        using var connection = new NpgsqlConnection(server.Address(Database));
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    static double Used(int process)
    {
        try
        {
            using var one = Process.GetProcessById(process);
            return one.TotalProcessorTime.TotalMicroseconds;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // A session of the server that has ended.
            return 0;
        }
    }
}
