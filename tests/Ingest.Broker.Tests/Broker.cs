using System.Diagnostics;
using System.Net.Sockets;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ingest.Broker.Tests;

/// <summary>
/// Debian's RabbitMQ as a process of the test's own: a folder, ports, a node name and a cookie that no other broker has, and nothing that listens beyond loopback.
/// Its user is <c>guest</c> with the password <c>guest</c>.
/// </summary>
sealed partial class Broker : IAsyncDisposable
{
    const string Programs = "/usr/lib/rabbitmq/bin";
    static readonly TimeSpan patience = TimeSpan.FromSeconds(90);

    readonly BrokerPorts ports = new();
    readonly Dictionary<string, string> environment;
    readonly string node = $"ingest-{Guid.NewGuid():N}@localhost";
    Leash? names;
    Leash? server;

    /// <summary>Why no broker can run here; null where one can. On CI it is never a reason to skip.</summary>
    public static string? Missing { get; } = OnCi || File.Exists(Path.Combine(Programs, "rabbitmq-server")) ? null : "needs Debian's rabbitmq-server; ./test installs it where it may";

    static bool OnCi => Environment.GetEnvironmentVariable("CI") == "true";

    public Broker(BrokerSettings? settings = null)
    {
        settings ??= new BrokerSettings();
        Folder = Directory.CreateTempSubdirectory("ingest-broker-").FullName;
        Certificates = settings.Tls ? new ThrowAwayCertificates(Folder) : null;
        environment = BrokerFiles.Environment(Folder, node, ports);
        BrokerFiles.Write(Folder, settings, ports, Certificates);
    }

    /// <summary>Holds the data, the logs and the settings; deleted at the end.</summary>
    public string Folder { get; }

    public int Port => ports.Amqp;

    public Uri Address => new($"amqp://guest:guest@127.0.0.1:{Port}/");

    /// <summary>Where <see cref="BrokerSettings.Tls"/> is set.</summary>
    public Uri TlsAddress => new($"amqps://guest:guest@localhost:{ports.Tls}/");

    /// <summary>Where <see cref="BrokerSettings.Management"/> is set.</summary>
    public Uri ManagementAddress => new($"http://127.0.0.1:{ports.Management}/");

    public ThrowAwayCertificates? Certificates { get; }

    public bool Runs => server is { Runs: true };

    /// <summary>All processes of this broker.</summary>
    public IReadOnlyList<int> Pids => Processes.Carrying(Folder);

    // What carries these can be killed apart.
    string NamesMark => $"{Folder}/names";

    string ServerMark => $"{Folder}/server";

    string Output => Path.Combine(Folder, "output");

    public static async Task<Broker> StartNewAsync(BrokerSettings? settings = null)
    {
        var broker = new Broker(settings);
        try
        {
            await broker.StartAsync();
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the broker on what is in its folder, and returns when it accepts AMQP.</summary>
    public async Task StartAsync()
    {
        if (server is not null)
            throw new InvalidOperationException("The broker was started already.");
        var clock = Stopwatch.StartNew();
        if (names is null)
        {
            // A node that finds no directory of names would start one that nobody owns.
            names = new Leash(NamesMark, Output, environment, "/usr/bin/epmd", "-port", $"{ports.Names}", "-address", "127.0.0.1");
            await UntilAsync(() => AcceptsAsync(ports.Names), names, clock);
        }

        server = new Leash(ServerMark, Output, environment, Path.Combine(Programs, "rabbitmq-server"));
        await UntilAsync(AcceptsAmqpAsync, server, clock);
    }

    /// <summary>
    /// SIGKILL. RabbitMQ 3.10 writes the list of its quorum queues half a second late (rabbitmq/ra#443): a queue that is younger comes back empty and without a leader, with
    /// the messages that it had confirmed. That is the broker's fault and not what we test, so call <see cref="SettleAsync"/> after declaring.
    /// </summary>
    public void Kill()
    {
        Processes.KillCarrying(ServerMark);
        server?.Dispose();
        server = null;
    }

    /// <summary>An orderly end; the data stays.</summary>
    public async Task StopAsync()
    {
        var clock = Stopwatch.StartNew();
        if (server is null)
            return;
        Processes.Signal([server.Held], Processes.Terminate);
        while (server.Runs && clock.Elapsed < patience)
            await Task.Delay(50);
        if (server.Runs)
            throw new InvalidOperationException($"The broker does not stop. {LogTail()}");
        Kill();
    }

    /// <summary>Starts it again on the same data and ports, after a <see cref="StopAsync"/> where it still runs.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>SIGSTOP: connections stay open and nobody answers.</summary>
    public void Pause() => Processes.Signal(Processes.Carrying(ServerMark), Processes.Stop);

    public void Continue() => Processes.Signal(Processes.Carrying(ServerMark), Processes.Continue);

    public Task<IConnection> ConnectAsync(Uri? address = null) => FactoryFor(address).CreateConnectionAsync();

    /// <summary>The first errors that the broker wrote, and the end of what it wrote.</summary>
    public string LogTail(int lines = 20)
    {
        var log = Path.Combine(Folder, "log", $"{node}.log");
        // Until it has read its settings it logs to its output. An error is followed by pages about the processes that it took along.
        var written = new[] { Output, log }.Where(File.Exists).Select(ReadLines).ToList();
        var errors = written.SelectMany(l => l.Where(l => l.Contains("[error]", StringComparison.Ordinal)).Take(lines));
        return $"The broker's first errors:\n{string.Join('\n', errors)}\nIts log ends with:\n{string.Join('\n', written.SelectMany(l => l.TakeLast(lines)))}";
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        Processes.KillCarrying(Folder);
        names?.Dispose();
        names = null;
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    // A test wants to see a connection break, not a client that mends it.
    ConnectionFactory FactoryFor(Uri? address)
    {
        var factory = new ConnectionFactory { Uri = address ?? Address, AutomaticRecoveryEnabled = false, RequestedConnectionTimeout = TimeSpan.FromSeconds(5) };
        if (factory.Ssl.Enabled && Certificates is not null)
            factory.Ssl.CertificateValidationCallback = Certificates.Accepts;
        return factory;
    }

    async Task UntilAsync(Func<Task<bool>> ready, Leash process, Stopwatch clock)
    {
        while (!await ready())
        {
            if (!process.Runs)
                throw new InvalidOperationException($"The broker ended before it was ready. {LogTail()}");
            if (clock.Elapsed > patience)
                throw new InvalidOperationException($"The broker is not ready after {patience.TotalSeconds} s. {LogTail()}");
            await Task.Delay(50);
        }
    }

    async Task<bool> AcceptsAmqpAsync()
    {
        // The client waits for seconds where a plain connection is refused at once.
        if (!await AcceptsAsync(Port))
            return false;
        try
        {
            await using var connection = await ConnectAsync();
            return true;
        }
        catch (BrokerUnreachableException)
        {
            return false;
        }
    }

    static async Task<bool> AcceptsAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    static List<string> ReadLines(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return [.. reader.ReadToEnd().Split('\n')];
    }
}
