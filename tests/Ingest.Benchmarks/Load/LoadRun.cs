using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Ingest.Broker.Tests;
using RabbitMQ.Client.Events;

namespace Ingest.Benchmarks.Load;

/// <summary>
/// The whole program under load, beside what a broker and its clients reach alone, in one run on one machine: 3 KB articles,
/// a durable ledger, a private broker.
/// </summary>
static class LoadRun
{
    internal static readonly string[] EventExchanges =
    [
        "Ingest.Contracts.V1:CanonicalArticlePublished", "Ingest.Contracts.V1:CanonicalArticleRevised",
        "Ingest.Contracts.V1:DuplicateDetected", "Ingest.Contracts.V1:ArticleRejected",
    ];

    const int InMessage = 64;

    public static async Task Print(int articles)
    {
        Console.WriteLine($"{Environment.ProcessorCount} cores, {articles} articles a path; rates are articles a second.");
        var run = IntoLedger(articles);
        Say("ingest run into a kept ledger", run, "goal 12,000");
        Say("HTTP batch to event, embedded", await OverHttp(articles), "goal 6,000");

        // Against each other in turns, so that a busy machine is busy for both.
        await using var broker = await Ingest.Broker.Tests.Broker.StartNewAsync();
        var messages = articles / 2;
        double relay = 0, single = 0, bare = 0, batches = 0;
        for (var round = 1; round <= 2; round++)
        {
            relay = Math.Max(relay, (await Relayed(broker, messages / 2, round)).Rate);
            single = Math.Max(single, (await OverQueue(broker, messages / 2, 1, round)).Rate);
            bare = Math.Max(bare, await Bare(broker, messages, round));
            batches = Math.Max(batches, (await OverQueue(broker, messages, InMessage, round)).Rate);
        }

        Say("bare MassTransit relay", relay, "");
        Say("RabbitMQ, one article a message", single,
            string.Create(CultureInfo.InvariantCulture, $"{single / relay:0.00} of the relay, goal 0.7"));
        Say("bare RabbitMQ.Client, single events", bare, "");
        Say("RabbitMQ, 64 articles a message", batches,
            string.Create(CultureInfo.InvariantCulture, $"{batches / bare:0.00} of the bare client, goal 0.7"));
        var (p50, p99) = await Latency(broker, single / 10);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"latency at {single / 10:0} a second, accept to published event: p50 {p50:0.0} ms (goal 30), p99 {p99:0.0} ms (goal 150)"));
    }

    /// <summary>
    /// The broker's paths beside the bare relay, in turns, with each of the ways to take messages from the queue; and what each process used
    /// of the processors, in microseconds an article.
    /// </summary>
    public static async Task OverBroker(int messages, int rounds)
    {
        await using var broker = await Ingest.Broker.Tests.Broker.StartNewAsync();
        for (var round = 1; round <= rounds; round++)
        {
            var relay = await Relayed(broker, messages, round);
            Say("bare MassTransit relay", relay.Rate, $"{relay}");
            foreach (var inMessage in (int[])[1, InMessage])
                foreach (var consumer in (string[])["MassTransit", "Native"])
                {
                    var load = await OverQueue(broker, messages, inMessage, round, consumer);
                    Say($"RabbitMQ, {inMessage} a message, {consumer}", load.Rate, string.Create(CultureInfo.InvariantCulture, $"{load}; {load.Rate / relay.Rate:0.00} of the relay"));
                }
        }
    }

    static void Say(string path, double rate, string beside) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path,-40} {rate,9:0}   {beside}"));

    public static double IntoLedger(int articles)
    {
        using var service = new Service();
        WireFeed.Write(service.PathTo("feed.jsonl"), "run", articles);
        var clock = Stopwatch.StartNew();
        service.Run("run", "feed.jsonl", "--ledger", "kept.db");
        return articles / clock.Elapsed.TotalSeconds;
    }

    public static async Task<double> OverHttp(int articles)
    {
        using var service = new Service();
        await service.Serve();
        var records = Records("http", articles);
        await Follow(service.Http, 0, await Post(service.Http, Records("warm", 2000)));
        var clock = Stopwatch.StartNew();
        var following = Follow(service.Http, 2000, articles);
        // Several clients, each with requests of a thousand lines.
        await Parallel.ForEachAsync(records.Chunk(1000), new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (some, _) => await Post(service.Http, some));
        await following;
        return articles / clock.Elapsed.TotalSeconds;
    }

    internal static byte[][] Records(string run, int articles) =>
        [.. Enumerable.Range(0, articles).AsParallel().AsOrdered().Select(i => WireFeed.Record(run, i))];

    internal static async Task<int> Post(HttpClient http, byte[][] records, string collection = "default")
    {
        using var body = new ByteArrayContent([.. records.SelectMany(r => r.Append((byte)'\n'))]);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var answer = await http.PostAsync($"/v1/collections/{collection}/articles:batch", body);
        var lines = await answer.Content.ReadAsStringAsync();
        var accepted = lines.Split("\"status\":202").Length - 1;
        return accepted == records.Length
            ? accepted
            : throw new InvalidOperationException(
                $"Of {records.Length} lines {accepted} were accepted: {lines[..Math.Min(500, lines.Length)]}");
    }

    /// <summary>Reads the feed until so many events came after a position.</summary>
    static async Task Follow(HttpClient http, long after, int events)
    {
        for (var end = after + events; after < end;)
        {
            var page = await http.GetByteArrayAsync($"/v1/events?after={after}&wait=30&limit=1000");
            // Its last number is the position of its last event; that it is read whole is the client's work as well.
            using var json = JsonDocument.Parse(page);
            after = json.RootElement.GetProperty("next").GetInt64();
        }
    }

    static async Task<Measured> Relayed(Ingest.Broker.Tests.Broker broker, int messages, int round)
    {
        await using var wires = await Wires.Open(broker.Address);
        var relayed = await wires.Declare(Relay.Exchange);
        using var relay = Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!, ["relay", broker.Address.ToString()])
            {
                RedirectStandardOutput = true, UseShellExecute = false
            })!;
        try
        {
            await wires.Consume(relayed);
            await WaitForConsumer(broker, Relay.Queue);
            await wires.Publish(Relay.Queue, Records("warm", 500));
            await wires.WaitFor(500);
            var bodies = Records($"relay{round}", messages);
            var measure = Measure.Begin(relay.Id, broker);
            await wires.Publish(Relay.Queue, bodies);
            await wires.WaitFor(500 + messages);
            return measure.End(messages);
        }
        finally
        {
            relay.Kill();
            relay.WaitForExit();
        }
    }

    /// <param name="prepare">Changes the service before it starts.</param>
    /// <param name="more">Options of the service.</param>
    internal static async Task<Measured> OverQueue(
        Ingest.Broker.Tests.Broker broker, int articles, int inMessage, int round, string consumer = "MassTransit", Action<Service>? prepare = null, params string[] more)
    {
        await using var wires = await Wires.Open(broker.Address);
        var events = await wires.Declare(EventExchanges);
        using var service = new Service();
        service.Environment["Ingest__RabbitMq__Consumer"] = consumer;
        prepare?.Invoke(service);
        await service.Serve(["--rabbitmq", broker.Address.ToString(), .. more]);
        await wires.Consume(events);
        await WaitForConsumer(broker, "ingest.accept");
        await wires.Publish("ingest.accept", Messages(Records("warm", 512), inMessage));
        await wires.WaitFor(512);
        var bodies = Messages(Records($"q{inMessage}-{round}-{consumer}", articles), inMessage);
        var measure = Measure.Begin(service.Pid, broker);
        await wires.Publish("ingest.accept", bodies, outstanding: inMessage == 1 ? 512 : 32);
        await wires.WaitFor(512 + articles);
        return measure.End(articles);
    }

    static byte[][] Messages(byte[][] records, int inMessage) => inMessage == 1
        ? records
        : [.. records.Chunk(inMessage)
            .Select(some => Encoding.UTF8.GetBytes("[" + string.Join(',', some.Select(Encoding.UTF8.GetString)) + "]"))];

    /// <summary>A publisher with confirms and a consumer in one process, with messages of an event's size.</summary>
    static async Task<double> Bare(Ingest.Broker.Tests.Broker broker, int messages, int round)
    {
        await using var wires = await Wires.Open(broker.Address);
        var queue = await wires.Declare();
        await wires.Consume(queue);
        await wires.Publish(queue, Records("warm", 500));
        await wires.WaitFor(500);
        var bodies = Records($"bare{round}", messages);
        var clock = Stopwatch.StartNew();
        await wires.Publish(queue, bodies);
        await wires.WaitFor(500 + messages);
        return messages / clock.Elapsed.TotalSeconds;
    }

    /// <summary>From the moment before an article is published to the queue until its event is here, in milliseconds.</summary>
    internal static async Task<(double P50, double P99)> Latency(
        Ingest.Broker.Tests.Broker broker, double rate, Action<Service>? prepare = null, params string[] more)
    {
        const int Warm = 500, Measured = 3000;
        await using var wires = await Wires.Open(broker.Address);
        var events = await wires.Declare(EventExchanges);
        using var service = new Service();
        prepare?.Invoke(service);
        await service.Serve(["--rabbitmq", broker.Address.ToString(), .. more]);
        await wires.Consume(events, SubmittersId);
        await WaitForConsumer(broker, "ingest.accept");
        var bodies = Records("latency", Warm + Measured);
        var sent = new long[bodies.Length];
        var start = Stopwatch.GetTimestamp();
        await wires.Publish("ingest.accept", Paced());
        await wires.WaitFor(bodies.Length);
        var times = Enumerable.Range(Warm, Measured)
            .Select(i => Stopwatch.GetElapsedTime(sent[i], wires.Seen[$"latency/{i}"]).TotalMilliseconds).Order().ToList();
        return (times[times.Count / 2], times[times.Count * 99 / 100]);

        IEnumerable<byte[]> Paced()
        {
            for (var i = 0; i < bodies.Length; i++)
            {
                while (Stopwatch.GetElapsedTime(start).TotalSeconds < i / rate)
                    Thread.Sleep(1);
                sent[i] = Stopwatch.GetTimestamp();
                yield return bodies[i];
            }
        }
    }

    internal static string? SubmittersId(BasicDeliverEventArgs delivery)
    {
        const string Field = "\"id\":\"";
        var text = Encoding.UTF8.GetString(delivery.Body.Span[..Math.Min(1000, delivery.Body.Length)]);
        var at = text.IndexOf(Field, StringComparison.Ordinal) + Field.Length;
        return text[at..text.IndexOf('"', at)];
    }

    static async Task WaitForConsumer(Ingest.Broker.Tests.Broker broker, string queue)
    {
        var factory = new RabbitMQ.Client.ConnectionFactory { Uri = broker.Address };
        await using var connection = await factory.CreateConnectionAsync();
        for (var tries = 0; tries < 300; tries++)
        {
            try
            {
                await using var channel = await connection.CreateChannelAsync();
                if ((await channel.QueueDeclarePassiveAsync(queue)).ConsumerCount > 0)
                    return;
            }
            catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
            {
                // Not declared yet.
            }

            await Task.Delay(100);
        }

        throw new TimeoutException($"Nobody consumes {queue}.");
    }
}
