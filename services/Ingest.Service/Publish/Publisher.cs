using Ingest.Ledger;
using Ingest.Service.Broker;
using Ingest.Service.Operations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ingest.Service.Publish;

/// <summary>
/// The stage that tells: sends the log of a collection to the broker, to each destination from its own position. One process sends at a time. While nothing
/// can be sent the program is not ready, until something is sent again or nothing is left to send.
/// </summary>
sealed class Publisher(
    LedgerStore ledger, BrokerSettings settings, Connections connections, Arrivals arrivals, Health health, TimeProvider time,
    ILogger<Publisher> logger) : BackgroundService
{
    static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Work(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == 405)
            {
                // Another process has the turn, and says itself what keeps it from sending.
                health.Ready(HealthReasons.Publish);
            }
            catch (Exception e)
            {
                var reason = e is LedgerException ? e.Message : BrokerFaults.Describe(e, settings);
                if (health.NotReady(HealthReasons.Publish, reason))
                    logger.NothingPublished(reason);
            }

            await Task.Delay(Retry, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task Work(CancellationToken stopping)
    {
        await using var connection = await connections.Open("ingest publish", stopping);
        await using (var channel = await connection.CreateChannelAsync(cancellationToken: stopping))
        {
            await BrokerTopology.DeclareEvents(channel, ledger.Collection, stopping);
            await BrokerTopology.TakeTurn(channel, ledger.Collection, stopping);
        }

        // Where one cannot go on for a reason that is not its own, the connection has ended, and all begin anew.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var working = settings.Destinations().Select(destination => Send(destination, connection, ending.Token)).ToList();
        var ended = await Task.WhenAny(working);
        await ending.CancelAsync();
        await Task.WhenAll(working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ended;
    }

    async Task Send(Destination destination, IConnection connection, CancellationToken stopping)
    {
        await using var outbox = new Outbox(destination, ledger, settings, connections, arrivals, health, time, logger);
        await outbox.Work(connection, stopping);
    }
}
