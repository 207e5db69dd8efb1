using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
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
        var json = await ControlAsync("list_queues", "--vhost", virtualHost, "name", "messages_ready", "messages_unacknowledged", "--formatter", "json", "--silent");
        // A queue that is just starting or has lost its leader has no numbers.
        static long Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<long>(out var number) ? number : 0;
        return JsonNode.Parse(json)!.AsArray().ToDictionary(q => (string)q!["name"]!, q => new QueueCounts(Number(q!["messages_ready"]), Number(q["messages_unacknowledged"])));
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
    public Task SettleAsync() => ControlAsync("eval", "[dets:sync(T) || T <- dets:all()].");

    /// <summary>A user with every right in one virtual host.</summary>
    public async Task AddUserAsync(string name, string password, string virtualHost = "/")
    {
        await ControlAsync("add_user", name, password);
        await ControlAsync("set_permissions", "--vhost", virtualHost, name, ".*", ".*", ".*");
    }

    /// <summary>A virtual host in which guest has every right.</summary>
    public async Task AddVirtualHostAsync(string name)
    {
        // In one call: each costs half a second and more.
        await ControlAsync("eval", $"rabbit_vhost:add(<<\"{name}\">>, <<\"tests\">>), rabbit_auth_backend_internal:set_permissions(<<\"guest\">>, <<\"{name}\">>, <<\".*\">>, <<\".*\">>, <<\".*\">>, <<\"tests\">>).");
    }

    public Uri AddressOf(string virtualHost) => new(Address, Uri.EscapeDataString(virtualHost));

    /// <summary>Runs rabbitmqctl against this broker and returns what it says; about half a second.</summary>
    public async Task<string> ControlAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Programs, "rabbitmqctl"), arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        start.Environment[Processes.Mark] = $"{Folder}/control";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"rabbitmqctl {arguments[0]} ended with {process.ExitCode}: {output}{await errors}");
    }
}
