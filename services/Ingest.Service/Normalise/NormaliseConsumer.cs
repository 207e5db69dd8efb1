using Ingest.Contracts.V1;
using Ingest.Ledger;
using Ingest.Service.Operations;
using Microsoft.Extensions.Logging;

namespace Ingest.Service.Normalise;

/// <summary>
/// Cleans articles that another process accepted. Acknowledged when they have their outcome, or are with the lane's process.
/// </summary>
sealed class NormaliseConsumer(Cleaning cleaning, ILogger<NormaliseConsumer> logger)
{
    /// <summary>While the broker or the ledger is away, the message waits: nothing is wrong with it.</summary>
    /// <exception cref="OperationCanceledException">The program stops: the message must stay in the queue.</exception>
    public Task Consume(NormaliseArticles message, CancellationToken stopping) => Perseverance.Until(
        () => cleaning.Run(message.Articles.Select(n => new ArticleNumber(n)), CancellationToken.None),
        e => e is not OperationCanceledException, e => logger.NotHandedOn(message.Articles.Count, e.Message), stopping);
}

static partial class NormaliseLog
{
    [LoggerMessage(200, LogLevel.Warning, "{Articles} articles could not be passed on; retrying: {Reason}")]
    public static partial void NotHandedOn(this ILogger logger, int articles, string reason);
}
