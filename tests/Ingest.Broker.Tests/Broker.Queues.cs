using System.Diagnostics;
using System.Globalization;
using System.Text;
using RabbitMQ.Client;

namespace Ingest.Broker.Tests;

/// <param name="Ready">Messages that wait for a consumer.</param>
/// <param name="Unacknowledged">Messages that a consumer has and did not acknowledge yet.</param>
sealed record QueueCounts(long Ready, long Unacknowledged);

/// <param name="Redelivered">Whether it was delivered before, by <see cref="Broker.PeekAsync"/> too.</param>
sealed record PeekedMessage(IReadOnlyBasicProperties Properties, byte[] Body, bool Redelivered)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>What is in the queues, and who may enter.</summary>
sealed partial class Broker
{
    /// <summary>The counts of a queue as the broker keeps them for its statistics: those of a quorum queue may be a fifth of a second old. Zero where there is no such queue.</summary>
    public async Task<QueueCounts> CountAsync(string queue, string virtualHost = "/") =>
        (await CountAllAsync(virtualHost)).GetValueOrDefault(queue, new QueueCounts(0, 0));

    /// <summary>The counts of all queues by their names.</summary>
    public async Task<IReadOnlyDictionary<string, QueueCounts>> CountAllAsync(string virtualHost = "/")
    {
        // A queue that is just starting or has lost its leader has no numbers.
        var lines = await EvaluateAsync($$"""
            Number = fun(N) when is_integer(N) -> N; (_) -> 0 end,
            [io:format("~s\t~b\t~b\n", [element(4, Name), Number(Ready), Number(Unacknowledged)])
                || [{name, Name}, {messages_ready, Ready}, {messages_unacknowledged, Unacknowledged}]
                <- rabbit_amqqueue:info_all({{Binary(virtualHost)}}, [name, messages_ready, messages_unacknowledged])]
            """);
        return lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t')).ToDictionary(
            f => f[0], f => new QueueCounts(long.Parse(f[1], CultureInfo.InvariantCulture), long.Parse(f[2], CultureInfo.InvariantCulture)), StringComparer.Ordinal);
    }

    /// <summary>Waits until the counts of a queue are as wanted, and returns them; fails after 30 s unless told otherwise.</summary>
    public async Task<QueueCounts> WaitForAsync(string queue, Func<QueueCounts, bool> wanted, TimeSpan? limit = null, string virtualHost = "/")
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var counts = await CountAsync(queue, virtualHost);
            if (wanted(counts))
                return counts;
            if (clock.Elapsed > (limit ?? TimeSpan.FromSeconds(30)))
                throw new TimeoutException($"Queue {queue} still has {counts}.");
            await Task.Delay(100);
        }
    }

    /// <summary>The exact number of messages that wait for a consumer, asked over AMQP: quicker than <see cref="CountAsync"/>. The queue must exist; one that has no leader yet after a restart says 0.</summary>
    public async Task<long> ReadyAsync(string queue, string virtualHost = "/")
    {
        await using var connection = await ConnectAsync(AddressOf(virtualHost));
        await using var channel = await connection.CreateChannelAsync();
        return (await channel.QueueDeclarePassiveAsync(queue)).MessageCount;
    }

    /// <summary>The waiting messages in their order, which stay where they are. RabbitMQ calls them redelivered from then on, and a quorum queue counts it as a delivery.</summary>
    public async Task<IReadOnlyList<PeekedMessage>> PeekAsync(string queue, string virtualHost = "/")
    {
        await using var connection = await ConnectAsync(AddressOf(virtualHost));
        await using var channel = await connection.CreateChannelAsync();
        var messages = new List<PeekedMessage>();
        while (await channel.BasicGetAsync(queue, autoAck: false) is { } got)
            messages.Add(new PeekedMessage(got.BasicProperties, got.Body.ToArray(), got.Redelivered));
        return messages;
    }

    /// <summary>Writes to disk which quorum queues there are, so that a <see cref="Kill"/> right after loses none.</summary>
    public Task SettleAsync() => EvaluateAsync("[dets:sync(T) || T <- dets:all()]");

    /// <summary>A user with every right in one virtual host.</summary>
    public Task AddUserAsync(string name, string password, string virtualHost = "/") => EvaluateAsync(
        $"rabbit_auth_backend_internal:add_user({Binary(name)}, {Binary(password)}, <<\"tests\">>), {Permit(name, virtualHost)}");

    /// <summary>A virtual host in which guest has every right.</summary>
    public Task AddVirtualHostAsync(string name) => EvaluateAsync($"rabbit_vhost:add({Binary(name)}, <<\"tests\">>), {Permit("guest", name)}");

    public Task DeleteVirtualHostAsync(string name) => EvaluateAsync($"rabbit_vhost:delete({Binary(name)}, <<\"tests\">>)");

    /// <summary>The part of the memory that the broker may use before it takes nothing more.</summary>
    public Task LimitMemoryAsync(double part) => EvaluateAsync(string.Create(CultureInfo.InvariantCulture, $"vm_memory_monitor:set_vm_memory_high_watermark({part:F6})"));

    public Uri AddressOf(string virtualHost) => new(Address, Uri.EscapeDataString(virtualHost));

    /// <summary>
    /// Has the broker evaluate expressions of Erlang, and returns what they wrote. This takes 5 ms of the processor; rabbitmqctl, which starts an Erlang of its own each time,
    /// takes 1.5 s, and the suite asks hundreds of times.
    /// </summary>
    /// <exception cref="InvalidOperationException">The broker is not there, or they failed.</exception>
    async Task<string> EvaluateAsync(string expressions)
    {
        // It says nothing of what failed but the result.
        const string Done = "{ok, done}";
        var start = new ProcessStartInfo("/usr/bin/erl_call", ["-address", $"127.0.0.1:{ports.Distribution}", "-fetch_stdout", "-e"])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        start.Environment[Processes.Mark] = $"{Folder}/control";
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.StandardInput.WriteAsync($"{expressions}, done.\n");
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already, and says why.
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        // A broker that hangs does not answer.
        await using var late = limit.Token.Register(process.Kill);
        await process.WaitForExitAsync(CancellationToken.None);
        var written = await output;
        return written.EndsWith(Done, StringComparison.Ordinal) ? written[..^Done.Length]
            : throw new InvalidOperationException($"The broker could not evaluate {expressions}: {written}{await errors}");
    }

    static string Permit(string name, string virtualHost) =>
        $"rabbit_auth_backend_internal:set_permissions({Binary(name)}, {Binary(virtualHost)}, <<\".*\">>, <<\".*\">>, <<\".*\">>, <<\"tests\">>)";

    static string Binary(string text) => $"<<\"{text}\">>";
}
