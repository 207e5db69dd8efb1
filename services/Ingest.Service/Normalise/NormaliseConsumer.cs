using Ingest.Contracts.V1;
using Ingest.Ledger;
using Ingest.Service.Broker;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace Ingest.Service.Normalise;

/// <summary>Cleans articles that another process accepted. Acknowledged when they have their outcome, or are with the lane's process.</summary>
sealed class NormaliseConsumer(LedgerFile ledger, Cleaning cleaning, ILogger<NormaliseConsumer> logger) : IConsumer<NormaliseArticles>
{
    static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);

    readonly AcceptedArticles articles = new(ledger);

    public Task Consume(ConsumeContext<NormaliseArticles> context) => Unacknowledged.IfCutOff(Run(context.Message.Articles, context.CancellationToken));

    /// <summary>While the broker or the ledger is away, the message waits: nothing is wrong with it.</summary>
    async Task Run(IReadOnlyList<long> numbers, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await cleaning.Run(articles.StillUnfinished([.. numbers]), CancellationToken.None);
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.NotHandedOn(numbers.Count, e.Message);
                await Task.Delay(TryAgainAfter, cancellation);
            }
        }
    }
}

static partial class NormaliseLog
{
    [LoggerMessage(200, LogLevel.Warning, "{Articles} articles could not be handed on, which is tried again: {Reason}")]
    public static partial void NotHandedOn(this ILogger logger, int articles, string reason);
}
