using System.Text;
using Ingest.Service.Operations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Ingest.Service.Broker;

/// <summary>
/// Looks after the broker from a connection of its own: whether it can be used, whether it is one that keeps messages, and why not.
/// Declares where dead letters go before any message can die (measured: what died before was not among them 40 s after they were
/// declared), and the queues of this process's stages: where one exists otherwise, the bus tries again for ever and says so in its
/// log only (measured), not to who asks for its health.
/// </summary>
sealed class BrokerProbe(
    BrokerSettings settings, CollectionRoster collections, Topology topology, Connections connections, Health health, ILogger<BrokerProbe> logger) : BackgroundService
{
    static readonly Version Oldest = new(3, 10);
    static readonly TimeSpan Retry = TimeSpan.FromSeconds(2), LookEvery = TimeSpan.FromSeconds(2);

    /// <summary>Looks that found messages and no consumer, before it is said: eight seconds.</summary>
    const int LooksUntilIdle = 4;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        health.NotReady(HealthReasons.Broker, $"not connected to the broker {settings} yet.");
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await connections.Open("ingest probe", stoppingToken);
                if (Unsuitable(connection, settings) is { } fault)
                    throw new NotSupportedException(fault);
                await BrokerTopology.Declare(connection, settings, topology.Roles, collections.Declared, stoppingToken);
                logger.Connected(settings.ToString(), Version(connection));
                health.Ready(HealthReasons.Broker);
                var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                connection.ConnectionShutdownAsync += (_, _) =>
                {
                    closed.TrySetResult();
                    return Task.CompletedTask;
                };
                await Watch(connection, closed.Task, stoppingToken);
                health.NotReady(HealthReasons.Broker, $"the connection to the broker {settings} was lost.");
                logger.Lost(settings.ToString());
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                var reason = e is NotSupportedException ? e.Message : BrokerFaults.Describe(e, settings);
                if (health.NotReady(HealthReasons.Broker, reason))
                    logger.Unusable(reason);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(Retry, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Looks now and then, until the connection ends, whether the queues of this process's stages are consumed: the bus may have lost its
    /// consumer, as to the broker's consumer timeout, and try in vain to have it back.
    /// </summary>
    async Task Watch(IConnection connection, Task closed, CancellationToken stopping)
    {
        var idle = new Dictionary<string, int>(StringComparer.Ordinal);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stopping);
        while (connection.IsOpen)
        {
            foreach (var queue in collections.Served.SelectMany(BrokerTopology.Stages).Where(s => topology.Roles.Has(s.Stage)).Select(s => s.Queue))
            {
                var found = await channel.QueueDeclarePassiveAsync(queue, stopping);
                idle[queue] = found is { MessageCount: > 0, ConsumerCount: 0 } ? idle.GetValueOrDefault(queue) + 1 : 0;
                if (idle[queue] == 0)
                    health.Ready(queue);
                else if (idle[queue] >= LooksUntilIdle)
                    health.NotReady(queue, $"{found.MessageCount} messages wait in the queue {queue}, and nobody consumes it. If that lasts, restart the service.");
            }

            await Task.WhenAny(closed, Task.Delay(LookEvery, stopping));
            stopping.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Why this broker would lose messages; null where it would not.</summary>
    public static string? Unsuitable(IConnection connection, BrokerSettings settings) =>
        settings.QuorumQueues && System.Version.TryParse(Version(connection).Split('-', '+')[0], out var version) && version < Oldest
        ? $"the broker {settings} is RabbitMQ {version}: quorum queues with safe dead letters need {Oldest.ToString(2)} or later. Upgrade it, or set Ingest:RabbitMq:QuorumQueues to false."
        : null;

    public static string Version(IConnection connection) =>
        connection.ServerProperties?.TryGetValue("version", out var version) == true && version is byte[] text
        ? Encoding.UTF8.GetString(text)
        : "unknown";
}

static partial class BrokerLog
{
    [LoggerMessage(500, LogLevel.Information, "Connected to {Broker}, RabbitMQ {Version}.")]
    public static partial void Connected(this ILogger logger, string broker, string version);

    [LoggerMessage(501, LogLevel.Error, "Not ready: {Reason} Retrying every two seconds.")]
    public static partial void Unusable(this ILogger logger, string reason);

    [LoggerMessage(503, LogLevel.Warning, "Queue {Queue} does not exist: its articles wait until a process with that stage starts.")]
    public static partial void NobodyReads(this ILogger logger, string queue);

    [LoggerMessage(504, LogLevel.Error, "The result of article {Article} makes a message of {Bytes} bytes; the broker takes {Most}. The article goes to the errors.")]
    public static partial void TooLarge(this ILogger logger, long article, long bytes, long most);

    [LoggerMessage(505, LogLevel.Warning, "Nothing is taken from {Queue} at present; trying again in two seconds: {Reason}")]
    public static partial void Interrupted(this ILogger logger, string queue, string reason);

    [LoggerMessage(506, LogLevel.Error, "A message of {Queue} failed and goes to {Errors}: {Fault}: {Reason}")]
    public static partial void HandlerFailed(this ILogger logger, string queue, string errors, string fault, string reason);

    [LoggerMessage(502, LogLevel.Warning, "The connection to {Broker} was lost.")]
    public static partial void Lost(this ILogger logger, string broker);
}
