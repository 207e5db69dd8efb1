using System.Diagnostics;
using System.Text;
using Ingest.EndToEnd.Tests;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Ingest.Broker.Tests.Faults;

/// <summary>
/// One test's place at a broker: a virtual host of its own, a folder with a ledger in which <c>ingest serve</c> runs, a queue that all events are copied to, and the
/// <see cref="Account"/> of it all.
/// </summary>
sealed class Desk : IAsyncDisposable
{
    public const string Accept = "ingest.accept", AcceptErrors = "ingest.accept_error", Dead = "ingest.dead", Watch = "watch";
    public const string Published = "CanonicalArticlePublished", Revised = "CanonicalArticleRevised", Duplicate = "DuplicateDetected", Rejected = "ArticleRejected";

    public static readonly string[] Types = [Published, Revised, Duplicate, Rejected];

    static int desks;

    readonly List<Serving> servers = [];
    IConnection? connection;
    IChannel? channel;
    int articles;

    Desk(Broker broker, string virtualHost)
    {
        (Broker, VirtualHost) = (broker, virtualHost);
        // So that many messages are in progress when something goes wrong; they are small.
        At.Environment["Ingest__RabbitMq__Prefetch"] = "1000";
        Account = new Account(At.PathTo("ingest.db"));
    }

    public Broker Broker { get; }

    public string VirtualHost { get; }

    public Uri Address => Broker.AddressOf(VirtualHost);

    public Workplace At { get; } = new();

    public Account Account { get; }

    /// <summary>What all servers of this desk wrote.</summary>
    public string Logs => string.Join('\n', servers.Select(s => s.Log));

    /// <summary>The end of it, without the pages that follow an exception.</summary>
    public string LogTail => string.Join('\n', Logs.Split('\n').TakeLast(40).Select(l => l.Length > 300 ? l[..300] + "…" : l));

    /// <param name="watched">Whether there is a queue for events from the start.</param>
    /// <param name="consumer">What takes the messages from the queues; as the program has it where it is null.</param>
    public static async Task<Desk> OpenAsync(Broker broker, bool watched = true, string? consumer = null)
    {
        var desk = new Desk(broker, $"desk-{Interlocked.Increment(ref desks)}");
        if (consumer is not null)
            desk.At.Environment["Ingest__RabbitMq__Consumer"] = consumer;
        await broker.AddVirtualHostAsync(desk.VirtualHost);
        if (watched)
            await desk.WatchAsync(Types);
        return desk;
    }

    /// <summary>A server of this desk that is ready. It ends with the desk.</summary>
    public Serving Serve(params string[] options) => Serve(Address, options);

    public Serving Serve(Uri address, params string[] options)
    {
        var serving = Serving.Start(At, ["--rabbitmq", address.ToString(), .. options]);
        servers.Add(serving);
        return serving;
    }

    public Serving ServeUnready(Uri address, params string[] options)
    {
        var serving = Serving.StartUnready(At, ["--rabbitmq", address.ToString(), .. options]);
        servers.Add(serving);
        return serving;
    }

    /// <summary>A record whose text has nothing in common with any other of this desk.</summary>
    public string Record(string id, int paragraphs = 4) => Workplace.RecordOf(id, Workplace.Text(Workplace.Paragraphs(Interlocked.Increment(ref articles), paragraphs)));

    /// <summary>So many records with texts of their own, which are in the account.</summary>
    public List<string> Records(string word, int count, int paragraphs = 4) => [.. Enumerable.Range(1, count).Select(n =>
    {
        Account.Submit($"{word}-{n}");
        return Record($"{word}-{n}", paragraphs);
    })];

    /// <summary>Sends to the queue, and returns when the broker has all of it.</summary>
    public Task PublishAsync(IEnumerable<string> bodies) => PublishAsync(bodies.Select(b => (Encoding.UTF8.GetBytes(b), new BasicProperties { ContentType = "application/json", MessageId = Guid.NewGuid().ToString() })));

    public Task PublishAsync(string body, string? messageId) => PublishAsync([(Encoding.UTF8.GetBytes(body), new BasicProperties { ContentType = "application/json", MessageId = messageId })]);

    public async Task PublishAsync(IEnumerable<(byte[] Body, BasicProperties Properties)> messages)
    {
        var open = await ChannelAsync();
        var sending = new List<Task>();
        foreach (var (body, properties) in messages)
        {
            properties.Persistent = true;
            sending.Add(open.BasicPublishAsync("", Accept, mandatory: true, properties, body).AsTask());
        }

        await Task.WhenAll(sending);
    }

    /// <summary>Lets the watching queue have events of these types too.</summary>
    public async Task WatchAsync(params string[] types)
    {
        var open = await ChannelAsync();
        await open.QueueDeclareAsync(Watch, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-queue-type"] = "quorum" });
        foreach (var type in types)
        {
            await open.ExchangeDeclareAsync(Exchange(type), ExchangeType.Fanout, durable: true);
            await open.QueueBindAsync(Watch, Exchange(type), "");
        }
    }

    /// <summary>Takes what has come to the watching queue into the account.</summary>
    public async Task CollectAsync()
    {
        var open = await ChannelAsync();
        while (await open.BasicGetAsync(Watch, autoAck: true) is { } got)
            Account.Receive(got.BasicProperties.MessageId, got.Body.Span, got.Exchange.Split(':')[^1]);
    }

    /// <summary>Waits until all that was submitted is decided and told, and nothing waits in the queue; then fails if the balance is not clean.</summary>
    public async Task<Balance> SettleAsync(TimeSpan? limit = null)
    {
        var clock = Stopwatch.StartNew();
        Balance balance;
        while (true)
        {
            // Counting is cheap, the balance is not.
            if (Account.CountDecided() + Account.Failed().Count >= Account.Submitted)
            {
                await CollectAsync();
                if (Account.Balance().IsComplete)
                    break;
            }

            if (clock.Elapsed > (limit ?? TimeSpan.FromSeconds(60)))
            {
                await CollectAsync();
                Assert.Fail($"{Account.Balance()}\nqueues: {string.Join("; ", await Broker.CountAllAsync(VirtualHost))}\n{LogTail}");
            }

            await Task.Delay(100);
        }

        await Broker.WaitForAsync(Accept, c => c is { Ready: 0, Unacknowledged: 0 }, virtualHost: VirtualHost);
        await CollectAsync();
        balance = Account.Balance();
        balance.AssertClean();
        return balance;
    }

    public Task<QueueCounts> WaitForAsync(string queue, Func<QueueCounts, bool> wanted, TimeSpan? limit = null) => Broker.WaitForAsync(queue, wanted, limit, VirtualHost);

    /// <summary>Waits until something holds; fails after a minute unless told otherwise.</summary>
    public async Task UntilAsync(Func<bool> wanted, string what, TimeSpan? limit = null)
    {
        var clock = Stopwatch.StartNew();
        while (!wanted())
        {
            Assert.True(clock.Elapsed < (limit ?? TimeSpan.FromMinutes(1)), $"Not within {limit ?? TimeSpan.FromMinutes(1)}: {what}.\n{LogTail}");
            await Task.Delay(20);
        }
    }

    public static string Exchange(string type) => $"Ingest.Contracts.V1:{type}";

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers)
            server.Dispose();
        if (connection is not null)
            await connection.DisposeAsync();
        if (Broker.Runs)
            await Broker.DeleteVirtualHostAsync(VirtualHost);
        At.Dispose();
    }

    /// <summary>A channel; another one after the broker was away.</summary>
    public async Task<IChannel> ChannelAsync()
    {
        if (channel is { IsOpen: true })
            return channel;
        if (connection is not null)
            await connection.DisposeAsync();
        connection = await Broker.ConnectAsync(Address);
        return channel = await Publishing.OpenAsync(connection);
    }
}
