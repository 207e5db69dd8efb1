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
    BrokerSettings settings, Topology topology, Connections connections, Health health, ILogger<BrokerProbe> logger) : BackgroundService
{
    static readonly Version Oldest = new(3, 10);
    static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

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
                await BrokerTopology.Declare(connection, settings, topology.Roles, stoppingToken);
                logger.Connected(settings.ToString(), Version(connection));
                health.Ready(HealthReasons.Broker);
                var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                connection.ConnectionShutdownAsync += (_, _) =>
                {
                    closed.TrySetResult();
                    return Task.CompletedTask;
                };
                if (connection.IsOpen)
                    await closed.Task.WaitAsync(stoppingToken);
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

    [LoggerMessage(502, LogLevel.Warning, "The connection to {Broker} was lost.")]
    public static partial void Lost(this ILogger logger, string broker);
}
